"""Numbers of lists: whom each is about, and that none is taken for another, or for half a name."""

from __future__ import annotations

import shlex

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import change
from tests.scriptright.builders import add_practice, client, load, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.candidate_list import as_typed, how_to_look
from vet_pipeline.scriptright.records.identity import Pair


@pytest.fixture
def rex_in_question(command: CommandLine, engine: Engine) -> None:
    """Link Q1, of the pet Rex, is in question; possible match 1 is of the client Bo Lee."""
    command.add_practice()
    with engine.begin() as connection:
        ann = {"first_name": "Ann", "last_name": "Bell", "address_line1": "12 Oak St"}
        bell = web_shop.add_client(connection, "elm", {**ann, "city": "Marlow"})
        web_shop.add_pet(connection, "elm", bell, {"name": "Rex", "species": "dog"})
        lee = web_shop.add_client(connection, "elm", {"first_name": "Bo", "last_name": "Lee"})
    copy(command, told=ToldMatcher({"C1": ("linked", [bell])}, {"P1": ("linked", [1])}))
    change(command.pims, "UPDATE vetpipeline_patients SET species = 'Feline', breed = 'Siamese'")
    change(
        command.pims,
        "INSERT INTO vetpipeline_clients (client_key, first_name, last_name) VALUES ('C2', 'B', 'Lee')",
    )
    copy(command, told=ToldMatcher({"C2": ("possible", [lee])}))


@pytest.mark.usefixtures("rex_in_question")
def test_the_list_says_who_both_sides_are(command: CommandLine) -> None:
    listed = command("link", "list", "elm", "--json").data
    told = [*listed["links_in_question"], *listed["possible_matches"]]
    assert [one["who"] for one in told] == [
        {
            "pims_client": {
                "first_name": "Ann", "last_name": "Bell",
                "address_line1": "12 Oak St", "city": "Marlow",
            },
            "pims_pet": "Rex",
            "client": {
                "first_name": "Ann", "last_name": "Bell",
                "address_line1": "12 Oak St", "city": "Marlow",
            },
            "pet": "Rex",
        },
        {
            "pims_client": {"first_name": "B", "last_name": "Lee"},
            "pims_pet": None,
            "client": {"first_name": "Bo", "last_name": "Lee"},
            "pet": None,
        },
    ]  # fmt: skip
    said = command("link", "list", "elm").stdout
    assert "of Ann Bell, 12 Oak St, Marlow" in said
    assert "Bo Lee" in said


@pytest.mark.usefixtures("rex_in_question")
@pytest.mark.parametrize("word", ["confirm", "reject"])
def test_a_link_in_question_is_never_taken_for_the_possible_match_of_its_number(
    command: CommandLine, word: str
) -> None:
    said = command("link", word, "elm", "Q1", "--by", "Dana Field")
    assert said.exit_code == 2
    assert "Q1 is a link in question" in said.stderr
    listed = command("link", "list", "elm", "--json").data
    assert len(listed["possible_matches"]) == len(listed["links_in_question"]) == 1
    assert command("link", "keep", "elm", "Q1", "--by", "Dana Field").exit_code == 0
    listed = command("link", "list", "elm", "--json").data
    assert (len(listed["possible_matches"]), listed["links_in_question"]) == (1, [])


@pytest.mark.usefixtures("rex_in_question")
def test_a_possible_match_is_never_taken_for_the_link_in_question_of_its_number(
    command: CommandLine,
) -> None:
    before = command("link", "list", "elm", "--json").data
    said = command("link", "keep", "elm", "1", "--by", "Dana Field")
    assert said.exit_code == 2
    assert "Q1, if `link list` shows it so" in " ".join(said.stderr.split())
    assert "link confirm" not in said.stderr  # which would make those other two one
    assert command("link", "list", "elm", "--json").data == before


@pytest.mark.usefixtures("rex_in_question")
def test_what_a_number_is_about_is_explained_by_it(command: CommandLine) -> None:
    said = {n: command("link", "explain", "elm", n).stdout for n in ("1", "Q1")}
    assert "client C2 in the PIMS" in said["1"]
    assert "pet P1 in the PIMS" in said["Q1"]
    assert command("link", "explain", "elm", "77").exit_code == 1


def test_a_pair_that_isnt_clear_is_wrong_usage(command: CommandLine) -> None:
    for typed in ("client", "cat", "cat C1", "1 C1", "1 --with 2", "Qx", "0"):
        said = command("link", "explain", "elm", *typed.split(), "--json")
        assert (said.exit_code, said.data["error"]["kind"]) == (2, "UsageError"), typed


def test_the_word_that_is_no_number_is_named(command: CommandLine) -> None:
    each, name = "; type each one: 3 4 7", '; two words are one name so: --by "Dana Field"'
    for act in ("confirm", "reject"):
        for typed, hint in (("3-7", each), ("3,4", each), ("0", each), ("Field", name)):
            said = command("review", act, "elm", "--by", "Dana", "3", typed)
            assert said.exit_code == 2
            told = " ".join(said.stderr.replace("│", " ").split())
            assert f"{typed} is no number as a list shows them{hint}" in told


def test_a_number_that_no_database_gives_is_wrong_usage(command: CommandLine) -> None:
    for words in (
        "review list elm --snapshot", "review list elm --record client --id",
        "release elm --by Dana --snapshot",
        "link explain elm client C1 --with", "audit list elm --before",
    ):  # fmt: skip
        for number in ("9" * 30, "0", "-4", "x"):
            assert command(*words.split(), number).exit_code == 2, words


def test_a_script_that_pages_begins_after_0(command: CommandLine) -> None:
    command.add_practice()
    for words in ("review list elm --after", "review labels elm --after"):
        assert command(*words.split(), "0").exit_code == 0
        for number in ("9" * 30, "-4", "x"):
            assert command(*words.split(), number).exit_code == 2, words


def test_a_number_that_is_typed_twice_is_decided_once(command: CommandLine, engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", address_line1="12 Elm St", city="Springfield")])
    load(engine, "oak", 2, [client("1", address_line1="4 Oak Ave", city="Springfield")])
    said = command("review", "confirm", "oak", "1", "1", "--by", "Dana Field", "--json")
    assert said.exit_code == 0
    assert (len(said.data["decided"]), said.data["refused"]) == (1, [])
    assert rows(engine, "SELECT address_line1 FROM scriptright.client") == [("4 Oak Ave",)]


def test_so_is_one_that_is_rejected_and_opened_again(command: CommandLine, engine: Engine) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", address_line1="12 Elm St", city="Springfield")])
    load(engine, "oak", 2, [client("1", address_line1="4 Oak Ave", city="Springfield")])
    for act in ("reject", "reopen"):
        said = command("review", act, "oak", "1", "1", "--by", "Dana Field", "--json")
        assert (len(said.data["decided"]), said.data["refused"]) == (1, []), act


def test_an_id_of_the_pims_that_begins_with_a_dash_is_typed_as_it_is_shown(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("-5", last_name="Lee"), client("6", last_name="Moss")])
    [two] = rows(engine, "SELECT record_id FROM scriptright.client_link WHERE pims_id = '6'")
    said = command(*shlex.split(how_to_look("oak", Pair("client", "-5", two[0])))[1:])
    assert said.exit_code == 0
    shown = said.stdout.partition("if they are one: vet-pipeline ")[2].partition("\n")[0]
    joined = command(*shlex.split(shown.replace("NAME", "Dana")))
    assert joined.exit_code in (0, 1), "a decision, whatever it is, and no option -5"


def test_a_command_is_shown_as_it_is_typed_whatever_an_id_holds() -> None:
    assert as_typed("link explain", ["oak", "client", "C 17"]) == (
        "vet-pipeline link explain oak client 'C 17'"
    )
    assert as_typed("link explain", ["oak", "client", "-5"], "--with 3") == (
        "vet-pipeline link explain --with 3 -- oak client -5"
    )
    assert as_typed("link explain", ["oak", "client", "-5"]) == (
        "vet-pipeline link explain -- oak client -5"
    )
