"""Suggestions on the command line: shown, confirmed, rejected, refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import change
from tests.scriptright.builders import rows
from vet_pipeline.errors import LoadInProgress
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import review


@pytest.fixture
def waiting(command: CommandLine) -> dict[str, dict[str, Any]]:
    """A practice with a new address, a new phone and a renamed pet; suggestions by field."""
    command.add_practice()
    copy(command)
    change(
        command.pims,
        "UPDATE vetpipeline_clients SET address_line1 = '9 Elm Ave', phone1 = '770-555-9876'",
    )
    change(command.pims, "UPDATE vetpipeline_patients SET name = 'King'")
    copy(command)
    listed = command("review", "list", "elm", "--json").data["suggestions"]
    return {suggestion["field"]: suggestion for suggestion in listed}


def test_the_list_shows_old_and_new_values(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    assert set(waiting) == {"address", "phones", "name"}
    assert waiting["name"]["old"] == {"name": "Rex", "name_note": None}
    assert waiting["name"]["new"] == {"name": "King", "name_note": None}
    table = command("review", "list", "elm").stdout
    assert "12 Oak St" in table
    assert "9 Elm Ave" in table


def test_a_number_is_listed_as_the_commands_take_it(command: CommandLine, engine: Engine) -> None:
    with engine.begin() as connection:
        sequence = "scriptright.suggestion_suggestion_id_seq"
        connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART WITH 12345"))
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET address_line1 = '9 Elm Ave'")
    copy(command)
    assert " 12345 " in command("review", "list", "elm").stdout


def test_the_list_shows_that_confirming_would_leave_nothing(command: CommandLine) -> None:
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET email = ''")
    copy(command)
    assert "(blank)" in command("review", "list", "elm").stdout


def test_a_part_of_the_list_says_nothing_of_the_rest(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    for words in (["--state", "rejected"], ["--field", "weight"], ["--after", "99"]):
        assert command("review", "list", "elm", *words).stdout == "elm: no such suggestion\n"
    cut = command("review", "list", "elm", "--limit", "2", "--json").data
    assert (cut["more"], len(cut["suggestions"])) == (True, 2)
    assert command("review", "list", "elm", "--limit", "3", "--json").data["more"] is False
    number = str(waiting["name"]["suggestion_id"])
    command("review", "confirm", "elm", number, "--by", "Dana Field", "--same-animal")
    closed = command("review", "list", "elm", "--state", "confirmed").stdout
    assert "King" in closed
    assert "--same-animal" not in closed
    assert "next:" not in closed


def test_confirming_writes_the_value_and_history_says_who(
    command: CommandLine, waiting: dict[str, dict[str, Any]], engine: Engine
) -> None:
    number = str(waiting["address"]["suggestion_id"])
    said = command("review", "confirm", "elm", number, "--by", "Dana Field", "--json")
    assert said.exit_code == 0
    assert said.data == {
        "practice": "elm",
        "decided": [
            {
                "suggestion_id": waiting["address"]["suggestion_id"],
                "record": "client",
                "record_id": waiting["address"]["record_id"],
                "field": "address",
                "state": "confirmed",
                "prescriptions": [],
                "alike": [],
            }
        ],
        "refused": [],
    }
    with engine.connect() as connection:
        street = connection.execute(text("SELECT address_line1 FROM scriptright.client")).scalar()
    assert street == "9 Elm Ave"
    record_id = str(waiting["address"]["record_id"])
    events = command("history", "elm", "--client", record_id, "--json").data["events"]
    assert [(e["kind"], e["by"]) for e in events if e["kind"] == "changed"] == [
        ("changed", "Dana Field")
    ]


def test_a_decision_without_a_name_is_refused(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    number = str(waiting["address"]["suggestion_id"])
    assert command("review", "confirm", "elm", number).exit_code == 2
    for nobody in ("", " ", "\u200b", "\u3164", "\U000e0041", "-", "..."):
        assert command("review", "confirm", "elm", number, "--by", nobody).exit_code == 2
    assert command("review", "confirm", "elm", number, "--by", "Łukasz", "--json").exit_code == 0


def test_a_pet_name_needs_the_statement_that_it_is_the_same_animal(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    words = ["review", "confirm", "elm", str(waiting["name"]["suggestion_id"]), "--by", "Dana"]
    refused = command(*words)
    assert refused.exit_code == 1
    assert "--same-animal" in refused.stderr
    assert command(*words, "--same-animal", "--statement", "chip checked").exit_code == 0


def test_a_statement_that_nothing_would_keep_is_refused(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    words = ["review", "confirm", "elm", str(waiting["address"]["suggestion_id"]), "--by", "Dana"]
    refused = command(*words, "--same-animal", "--statement", "chip checked")
    assert refused.exit_code == 1
    assert "is about the client address" in refused.stderr
    assert command(*words, "--same-animal").exit_code == 0


def test_history_tells_which_prescription_needs_a_new_one(
    command: CommandLine, engine: Engine, waiting: dict[str, dict[str, Any]]
) -> None:
    pet = waiting["name"]["record_id"]
    with engine.begin() as connection:
        rx = web_shop.add_prescription(connection, "elm", pet, label_name="Rex", drug="carprofen")
    words = ["review", "confirm", "elm", str(waiting["name"]["suggestion_id"]), "--by", "Dana"]
    assert command(*words, "--same-animal").exit_code == 0
    told = " ".join(command("history", "elm", "--pet", str(pet)).stdout.split())
    assert f"prescription {rx} changed │ state │ active │ King, needs_new_prescription │" in told


def test_pet_names_are_never_confirmed_in_bulk(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    numbers = [str(one["suggestion_id"]) for one in waiting.values()]
    said = command("review", "confirm", "elm", *numbers, "--by", "Dana", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "DecisionRefused"
    assert len(command("review", "list", "elm", "--json").data["suggestions"]) == 3


def test_what_was_decided_already_is_refused_as_stale_and_the_rest_is_done(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    address, phones = (str(waiting[f]["suggestion_id"]) for f in ("address", "phones"))
    assert command("review", "reject", "elm", address, "--by", "Dana").exit_code == 0
    said = command("review", "reject", "elm", address, phones, "--by", "Dana", "--json")
    assert said.exit_code == 1
    [refused] = said.data["refused"]
    assert (refused["suggestion_id"], refused["kind"]) == (int(address), "StaleDecision")
    assert [one["suggestion_id"] for one in said.data["decided"]] == [int(phones)]
    again = command("review", "reject", "elm", address, "--by", "Dana", "--json")
    assert again.exit_code == 1
    assert again.data["error"]["kind"] == "StaleDecision"


@pytest.mark.parametrize("word", ["confirm", "reject"])
def test_each_number_has_its_outcome_whatever_refuses_another(
    command: CommandLine,
    waiting: dict[str, dict[str, Any]],
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    word: str,
) -> None:
    """The practice's lock is taken while the second one is decided; one number means nothing."""
    address, phones = (str(waiting[f]["suggestion_id"]) for f in ("address", "phones"))
    decide, asked = getattr(review, word), []

    def while_a_load_runs(engine: Engine, practice_id: str, number: int, **words: Any) -> Any:
        asked.append(number)
        if len(asked) != 2:
            return decide(engine, practice_id, number, **words)
        raise LoadInProgress("its lock is held", next_step="try again", practice_id=practice_id)

    monkeypatch.setattr(review, word, while_a_load_runs)
    said = command("review", word, "elm", address, phones, "999", "--by", "Dana", "--json")
    assert said.exit_code == 1
    assert [one["suggestion_id"] for one in said.data["decided"]] == [int(address)]
    assert [(one["suggestion_id"], one["what"]) for one in said.data["refused"]] == [
        (int(phones), "its lock is held"),
        (999, "no suggestion 999"),
    ]
    (state,) = rows(
        engine, "SELECT state FROM scriptright.suggestion WHERE suggestion_id = :i", i=address
    )
    assert state == (f"{word}ed",)


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(143)])
def test_who_stops_a_long_list_is_told_what_is_decided_and_what_is_not(
    command: CommandLine,
    waiting: dict[str, dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    stop: BaseException,
) -> None:
    address, phones, name = (
        str(waiting[f]["suggestion_id"]) for f in ("address", "phones", "name")
    )
    decide = review.reject

    def until_the_second(engine: Engine, practice_id: str, number: int, **words: Any) -> Any:
        if number == int(phones):
            raise stop
        return decide(engine, practice_id, number, **words)

    monkeypatch.setattr(review, "reject", until_the_second)
    said = command("review", "reject", "elm", address, phones, name, "--by", "Dana")
    assert said.exit_code == (130 if isinstance(stop, KeyboardInterrupt) else 143)
    assert f"{address}: rejected (client" in said.stdout
    assert f"2 of 3 not reached, from {phones} on" in said.stdout
    assert said.stderr == "\nstopped: nothing is half applied; the same command starts again\n"
    json = command("review", "reject", "elm", name, phones, "--by", "Dana", "--json")
    assert [one["suggestion_id"] for one in json.data["decided"]] == [int(name)]
    assert json.data["not_reached"] == [int(phones)]


def test_the_mark_of_the_list_guards_against_a_change_in_between(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    words = ["review", "confirm", "elm", str(waiting["phones"]["suggestion_id"]), "--by", "Dana"]
    assert command(*words, "--shown", "another mark").exit_code == 1
    assert command(*words, "--shown", waiting["phones"]["shown"]).exit_code == 0


def test_what_a_retyped_pims_brought_is_listed_apart_and_rejected_at_once(
    command: CommandLine,
) -> None:
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET city = 'Reed'")
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET last_name = upper(last_name)")
    change(command.pims, "UPDATE vetpipeline_patients SET name = upper(name)")
    copy(command)
    words = ["review", "list", "elm", "--snapshot", "3", "--same-words", "--json"]
    listed = command(*words).data["suggestions"]
    assert [(one["record"], one["field"]) for one in listed] == [
        ("client", "name"),
        ("pet", "name"),
    ]
    numbers = [str(one["suggestion_id"]) for one in listed]
    assert command("review", "reject", "elm", *numbers, "--by", "Dana").exit_code == 0
    left = command("review", "list", "elm", "--json").data["suggestions"]
    assert [one["field"] for one in left] == ["address"]
    assert command("review", "list", "elm", "--same-words").stdout == "elm: no such suggestion\n"
    of_two = command("review", "list", "elm", "--snapshot", "2", "--json").data["suggestions"]
    assert of_two == left


def test_one_suggestion_of_another_practice_is_unknown(
    command: CommandLine, waiting: dict[str, dict[str, Any]]
) -> None:
    said = command("review", "confirm", "elm", "999999", "--by", "Dana", "--json")
    assert said.exit_code == 1
    assert said.data["error"]["kind"] == "UnknownItem"


@pytest.mark.parametrize(
    "words",
    [
        ["review", "list", "elm", "--state", "done"],
        ["review", "list", "elm", "--record", "vet"],
        ["review", "list", "elm", "--field", "adress"],
        ["review", "list", "elm", "--record", "pet", "--field", "address"],
        ["review", "reject", "elm", "1", "2", "--by", " "],
        ["review", "confirm", "elm", "1", "2", "--by", "Dana", "--same-animal"],
        ["history", "elm"],
        ["history", "elm", "--client", "1", "--pet", "2"],
        ["history", "elm", "--client", "C1"],
        ["link", "explain", "elm", "vet", "C1"],
    ],
)
def test_words_that_mean_nothing_are_wrong_usage(command: CommandLine, words: list[str]) -> None:
    assert command(*words).exit_code == 2
