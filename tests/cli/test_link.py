"""Matches on the command line: possible ones decided, made ones explained and undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import change
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop

SAME = {
    "first_name": "Ann",
    "last_name": "Bell",
    "email": "ann.bell@example.com",
    "address_line1": "12 Oak St",
    "city": "Marlow",
    "state": "GA",
    "postal_code": "30004",
}


@pytest.fixture
def home_client(command: CommandLine, engine: Engine) -> int:
    """A Home Delivery client who is Bell of the PIMS, before the first load."""
    command.add_practice()
    with engine.begin() as connection:
        client = web_shop.add_client(connection, "elm", SAME)
        web_shop.add_pet(connection, "elm", client, {"name": "Rex", "species": "dog"})
    return client


def test_a_link_is_listed_explained_and_undone(command: CommandLine, home_client: int) -> None:
    copy(command)
    links = command("link", "list", "elm", "--made", "--json").data["links"]
    assert [(one["record"], one["pims_id"], one["method"]) for one in links if
            one["record"] == "client"] == [("client", "C1", "machine")]  # fmt: skip
    told = command("link", "explain", "elm", "client", "C1", "--json").data
    assert (told["state"], told["record_id"]) == ("linked", home_client)
    assert {one["field"]: one["verdict"] for one in told["fields"]}["name"] == "same"
    undone = command("link", "undo", "elm", "client", "C1", "--by", "Dana Field", "--json")
    assert undone.exit_code == 0
    assert undone.data["home_id"] == home_client
    assert undone.data["new_id"] != home_client
    assert command("link", "list", "elm", "--made", "--json").data["links"] == []


def test_who_undoes_a_link_is_shown_the_other_possible_match_and_can_take_it(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    with engine.begin() as connection:
        one, other = (
            web_shop.add_client(connection, "elm", {**SAME, "first_name": name})
            for name in ("Robert", "Walter")
        )
    command("practice", "set", "elm", "matching.possible_bits=-20", "--by", "Dana Field")
    copy(command)
    pairs = command("link", "list", "elm", "--json").data["possible_matches"]
    assert [(pair["pims_id"], pair["record_id"]) for pair in pairs] == [("C1", one), ("C1", other)]
    command("link", "confirm", "elm", str(pairs[0]["candidate_id"]), "--by", "Dana Field")
    undone = command("link", "undo", "elm", "client", "C1", "--by", "Dana Field")
    [look] = [line for line in undone.stdout.splitlines() if line.startswith("one client? ")]
    assert look == f"one client? vet-pipeline link explain elm client C1 --with {other}"
    said = command(*look.split()[3:]).stdout
    [then] = [line for line in said.splitlines() if "link join" in line]
    assert f"vet-pipeline link join elm client C1 {other} --shown " in then
    again = command("link", "explain", "elm", "client", "C1", "--with", str(one)).stdout
    assert f"client C1 in the PIMS, {one} in ScriptRight: two records, " in again
    assert again.splitlines()[-1].startswith("Dana Field said not the same on ")


def test_a_made_link_is_explained_in_a_table_with_bits_and_model(
    command: CommandLine, home_client: int
) -> None:
    copy(command)
    told = command("link", "explain", "elm", "client", "C1", "--json").data
    assert told["model_version"]
    assert told["reason"] == "evidence"
    said = command("link", "explain", "elm", "client", "C1").stdout
    assert "\\u000a" not in said, "lines of one cell stand below each other"
    assert f"client C1 in the PIMS, {home_client} in ScriptRight: linked, +" in said
    assert "why: evidence" in said
    assert f"model: {told['model_version']}" in said
    for word in ("first name: same", "email: ", "rivals", "sum"):
        assert word in said
    number = f"{told['evidence']['first_name']['bits']:+.1f}"
    assert number in next(line for line in said.splitlines() if "first name" in line)
    pet = command("link", "explain", "elm", "pet", "P1").stdout
    assert "pet P1 in the PIMS" in pet
    assert "species: same" in pet


def test_a_possible_match_is_explained_with_its_veto(command: CommandLine, engine: Engine) -> None:
    command.add_practice()
    with engine.begin() as connection:  # her husband: same house, same number, another name
        client = web_shop.add_client(
            connection, "elm", {**SAME, "first_name": "Robert", "phones": [
                {"number": "+17705552345", "kind": "unknown"}]},
        )  # fmt: skip
        web_shop.add_pet(connection, "elm", client, {"name": "Rex", "species": "dog"})
    # This practice wants to be asked about anything that is alike at all.
    command("practice", "set", "elm", "matching.possible_bits=-20", "--by", "Dana Field")
    copy(command)
    told = command("link", "explain", "elm", "client", "C1", "--json").data
    assert (told["state"], told["veto"]) == ("open", "first_names_differ")
    said = command("link", "explain", "elm", "client", "C1").stdout
    veto = "the given names, or Mr and Mrs before an initial or none, are two people's"
    assert f"veto: {veto} (first names differ)" in said
    assert f"model: {told['model_version']}" in said


def test_a_possible_match_whose_side_has_changed_is_decided_by_who_has_looked_again(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    with engine.begin() as connection:
        client = web_shop.add_client(connection, "elm", {**SAME, "first_name": "Robert"})
    command("practice", "set", "elm", "matching.possible_bits=-20", "--by", "Dana Field")
    copy(command)
    [pair] = command("link", "list", "elm", "--json").data["possible_matches"]
    number = str(pair["candidate_id"])
    with engine.begin() as connection:
        web_shop.edit_client(connection, "elm", client, {"first_name": "Ann"}, actor="client")
    assert "changed since" in command("link", "list", "elm").stdout
    refused = command("link", "confirm", "elm", number, "--by", "Dana Field")
    assert refused.exit_code == 1
    look = f"vet-pipeline link explain elm client C1 --with {client}"
    assert look in " ".join(refused.stderr.split())
    said = command(*look.split()[1:]).stdout
    assert "merging would" in said
    told = dict(line.split(": vet-pipeline ") for line in said.splitlines() if "--shown" in line)
    mark = told["the same"].split()[-3]
    assert told == {
        "the same": f"link confirm elm {number} --shown {mark} --by NAME",
        "not the same": f"link reject elm {number} --shown {mark} --by NAME",
    }
    confirm = command(*told["the same"].split()[:-1], "Dana Field")
    assert confirm.exit_code == 0


def test_a_sample_shows_both_sides_as_they_were_when_linked(
    command: CommandLine, engine: Engine, home_client: int
) -> None:
    copy(command)
    [line] = command("link", "sample", "elm", "--count", "5", "--json").data["links"]
    assert (line["pims_id"], line["home_id"]) == ("C1", str(home_client))
    assert (line["home_first_name"], line["pims_first_name"]) == ("Ann", "Ann")
    assert (line["home_phones"], line["pims_phones"]) == ("", "+17705552345"), "filled since"
    assert (line["home_pets"], line["pims_pets"]) == ("Rex", "Rex")
    said = command("link", "sample", "elm").stdout
    assert "12 Oak St" in said
    sheet = command.home / "sheet.csv"
    assert command("link", "sample", "elm", "--out", str(sheet)).exit_code == 0
    assert sheet.stat().st_mode & 0o777 == 0o600
    head, first = sheet.read_text().splitlines()
    assert head.startswith("pims_id,home_id,score,reason,drawn,")
    assert head.endswith(",same")
    assert first.startswith(f"C1,{home_client},")
    again = command("link", "sample", "elm", "--out", str(sheet))
    assert again.exit_code == 2
    assert "File exists" in again.stderr
    assert command("link", "sample", "elm", "--possible", "--json").data["links"] == []
    assert "wrong: vet-pipeline link undo elm client PIMS-ID --by NAME" in said


def test_a_link_in_question_is_listed_and_kept_by_a_named_person(
    command: CommandLine, engine: Engine, home_client: int
) -> None:
    copy(command)
    change(command.pims, "UPDATE vetpipeline_patients SET species = 'Feline', breed = 'Siamese'")
    assert copy(command).counts["links_to_review"] == 1
    listed = command("link", "list", "elm")
    assert "species differ" in listed.stdout
    assert "vet-pipeline link keep elm NUMBER --by NAME" in listed.stdout
    status = command("status", "elm", "--json").data["practices"][0]
    assert (status["open_link_reviews"], status["what_to_do"]) == (
        1, "vet-pipeline link list elm",
    )  # fmt: skip
    [question] = command("link", "list", "elm", "--json").data["links_in_question"]
    assert (question["pims_id"], question["reasons"]) == ("P1", ["species_differ"])
    said = command("link", "explain", "elm", "pet", "P1").stdout
    assert "in question: species differ" in said
    keep = f"link keep elm Q{question['review_id']} --shown {question['shown']} --by NAME"
    assert f"still one: vet-pipeline {keep}" in said
    assert command("link", "explain", "elm", f"Q{question['review_id']}").stdout == said
    assert "they are two: vet-pipeline link undo elm pet P1 --with 1 --by NAME" in said
    assert "merging would" not in said, "they are merged"
    number = f"Q{question['review_id']}"
    assert command("link", "keep", "elm", number).exit_code == 2
    kept = command("link", "keep", "elm", number, "--by", "Dana Field", "--json")
    assert (kept.exit_code, kept.data["state"]) == (0, "kept")
    assert command("link", "list", "elm", "--json").data["links_in_question"] == []


def test_history_finds_a_record_by_its_id_in_the_pims(
    command: CommandLine, home_client: int
) -> None:
    copy(command)
    told = command("history", "elm", "--client", "C1", "--pims", "--json").data
    assert told["record_id"] == home_client
    assert [event["kind"] for event in told["events"]][:2] == ["created", "linked"]
    assert told["holds"]["name"]["last_name"] == "Bell"
    assert [(row["pims_id"], row["last_name"]) for row in told["pims"]] == [("C1", "Bell")]
    (pet,) = told["pets"]
    assert "Rex" in command("history", "elm", "--pet", str(pet)).stdout
    missing = command("history", "elm", "--client", "C9", "--pims", "--json")
    assert missing.exit_code == 1
    assert missing.data["error"]["kind"] == "UnknownItem"


def test_nothing_possible_is_said_in_words(command: CommandLine) -> None:
    command.add_practice()
    copy(command)
    assert command("link", "list", "elm").stdout == ("elm: no possible match waits for a person\n")
    made = command("link", "list", "elm", "--made").stdout
    assert made == "elm: no link with a Home Delivery record\n"
    unknown = command("link", "confirm", "elm", "77", "--by", "Dana", "--json")
    assert unknown.exit_code == 1
    assert unknown.data["error"]["kind"] == "UnknownItem"


@pytest.mark.parametrize("word", ["confirm", "reject"])
def test_a_possible_match_is_decided_by_a_named_person(
    command: CommandLine, engine: Engine, word: str
) -> None:
    command.add_practice()
    with engine.begin() as connection:  # two who could both be Bell: a person has to say
        clients = [web_shop.add_client(connection, "elm", SAME) for _ in range(2)]
    copy(command, told=ToldMatcher({"C1": ("possible", clients)}))
    pairs = command("link", "list", "elm", "--json").data["possible_matches"]
    assert {pair["record_id"] for pair in pairs} == set(clients)
    sample = command("link", "sample", "elm", "--possible").stdout
    assert "next: vet-pipeline link confirm elm NUMBER --by NAME" in sample
    assert "link undo" not in sample, "there is no link yet"
    number = str(pairs[0]["candidate_id"])
    first = pairs[0]["record_id"]
    assert "look: vet-pipeline link explain elm NUMBER" in command("link", "list", "elm").stdout
    told = command("link", "explain", "elm", number, "--json").data
    assert told["record_id"] == first, "no other pair"
    assert command("link", word, "elm", number).exit_code == 2
    said = command("link", word, "elm", number, "--by", "Dana Field", "--json")
    assert said.exit_code == 0
    assert said.data["outcome"] == {"confirm": "linked", "reject": "waiting"}[word]


def test_a_row_that_may_be_another_clients_is_listed_with_the_pets_that_wait(
    command: CommandLine,
) -> None:
    command.add_practice()
    copy(command)
    bob = "first_name = 'Bob', last_name = 'Moss', address_line1 = '9 Elm Ave', phone1 = '770-555-0188'"
    change(command.pims, f"UPDATE vetpipeline_clients SET {bob} WHERE client_key = 'C1'")
    for n in range(12):
        change(
            command.pims,
            "INSERT INTO vetpipeline_patients (patient_key, client_key, name) VALUES (?, 'C1', ?)",
            f"N{n:02}", f"Luna {n}",
        )  # fmt: skip
    assert copy(command).counts["pets_waiting"] == 12
    listed = command("link", "list", "elm")
    assert "elm: rows of the PIMS that may be another client's or animal's by now" in listed.stdout
    assert "N09 and 2 more" in " ".join(listed.stdout.split())
    look = "vet-pipeline review list elm --record client --id 1 --state all"
    assert f"look: {look}\n" in listed.stdout
    asked = command(*look.split()[1:], "--json").data["suggestions"]
    assert [(one["field"], one["record_id"]) for one in asked] == [
        ("name", 1), ("address", 1), ("phones", 1),
    ]  # fmt: skip
    command(
        "review", "reject", "elm", *[str(one["suggestion_id"]) for one in asked], "--by", "Dana"
    )
    again = "one that was rejected: vet-pipeline review reopen elm NUMBER --by NAME first"
    assert again in " ".join(listed.stdout.split())
    [stands] = command("status", "elm", "--json").data["practices"]
    assert (stands["open_suggestions"], stands["open_matches"]) == (0, 0)
    assert stands["what_to_do"] == "vet-pipeline link list elm", "twelve pets wait"
    assert command("review", "list", "elm", "--id", "1").exit_code == 2, "of which kind of record?"
    [row] = command("link", "list", "elm", "--json").data["rows_in_question"]
    assert (row["pims_id"], row["is_asked"], len(row["waiting"])) == ("C1", False, 12)
