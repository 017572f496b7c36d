"""`plan` says what a run would change, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, change, make_pims
from tests.cli.test_bad_input import nothing_is_applied
from tests.scriptright.builders import whole_database

NOTHING = {
    "new": 0, "changed": 0, "waiting": 0, "unchanged": 0, "quarantined": 0, "missing": 0,
    "returned": 0,
}  # fmt: skip


def kept(engine: Engine) -> dict[str, list[str]]:
    """All but what each read leaves in the registry: its number, and the columns that it found."""
    return {table: told for table, told in whole_database(engine).items() if table != "practice"}


def test_a_first_plan_counts_what_is_new(command: CommandLine, engine: Engine) -> None:
    command.add_practice()
    said = command("plan", "elm", "--json")
    assert said.exit_code == 0
    data = said.data
    driver, *absent = data.pop("notes")
    assert driver.startswith("SQLite ")
    assert absent == [
        "optional table vetpipeline_phones isn't there",
        "optional table vetpipeline_made isn't there",
    ]
    assert data == {
        "practice": "elm",
        "snapshot": 1,
        "first_load": True,
        "clients": {"read": 1, **NOTHING, "new": 1},
        "pets": {"read": 1, **NOTHING, "new": 1},
        "changes_by_field": [],
        "quarantine": [],
        "weights_without_unit": 0,
        "mind": [],
        "would_be_held": [],
    }
    assert nothing_is_applied(engine)


def test_a_plan_says_what_was_found_out_on_the_read(command: CommandLine, tmp_path: Path) -> None:
    """Whoever registers a practice and plans, as the README does, is told which columns aren't read."""
    (tmp_path / "clients.csv").write_text(
        "Client ID,Last Name,Mailing Zip,Deleted\n7,Lee,30301,N\n8,Ray,,Y\n"
    )
    (tmp_path / "patients.csv").write_text("Patient ID,Client ID,Name\n1,7,Rex\n")
    command(
        *("practice", "add", "elm", "--name", "Elm Vets", "--pims", "csv"),
        *("--odbc", f"FOLDER={tmp_path}", "--email", "desk@elm.example.com"),
        *("--timezone", "America/Chicago", "--by", "Dana Field"),
    )
    command("practice", "set", "elm", "reader.limits.settle_seconds=0", "--by", "Dana Field")
    said = command("plan", "elm")
    assert said.exit_code == 0, said.stderr
    for note in (
        "read: clients: utf-8, delimiter comma, 3 columns taken, 1 never read",
        "read: clients: 1 row left out, marked as deleted",
        "read: clients: columns headed with zip are never read. Next step:",
    ):
        assert note in said.stdout.replace("\n", " ")


def test_a_later_plan_counts_changes_by_field_and_action(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET email = 'bell@example.org'")
    change(command.pims, "UPDATE vetpipeline_patients SET name = 'King'")
    before = kept(engine)
    data = command("plan", "elm", "--json").data
    assert kept(engine) == before
    assert data["changes_by_field"] == [
        {"record": "client", "field": "email", "action": "apply", "reason": "changed", "count": 1},
        {"record": "pet", "field": "name", "action": "suggest", "reason": "changed", "count": 1},
    ]


def test_values_are_shown_only_when_asked_for(command: CommandLine) -> None:
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_patients SET name = 'King'")
    for form in ([], ["--json"]):
        assert "King" not in command("plan", "elm", *form).stdout
        shown = command("plan", "elm", "--show", *form).stdout
        assert "Rex" in shown
        assert "King" in shown


def test_a_value_that_became_blank_is_shown_as_blank_and_words_as_in_the_list(
    command: CommandLine,
) -> None:
    """Its line was left out where the terminal is narrow, and the reason was another word."""
    command.add_practice()
    first = command("plan", "elm", "--show")
    assert "no value of a known record changes" in first.stdout
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET email = ''")
    shown = command("plan", "elm", "--show").stdout
    assert "(blank)" in shown
    assert "became blank" in shown
    assert "_" not in shown.partition("Changes to known records")[2]


def test_a_snapshot_that_a_guard_would_hold_has_exit_code_3_and_is_not_held(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    make_pims(command.pims, [BELL], [])
    before = kept(engine)
    said = command("plan", "elm", "--json")
    assert said.exit_code == 3
    assert [breach["rule"] for breach in said.data["would_be_held"]] == ["patient_table_empty"]
    assert command("plan", "elm").stdout.splitlines()[-2:] == [
        "would be held: patient table empty",
        "Nothing was changed. next: look at the PIMS, then vet-pipeline run elm",
    ]
    assert kept(engine) == before
    assert command("status", "elm", "--json").data["practices"][0]["state"] == "new"


@pytest.mark.parametrize(
    ("written", "advice", "setting"),
    [
        ("birth_date = '03/04/2019'", "practice set elm date_order=mdy", "date_order=mdy"),
        (
            "weight = '25', weight_unit = ''",
            "practice set elm weight_unit_when_missing=lb",
            "weight_unit_when_missing=kg",
        ),
        ("status = 'D'", 'practice set elm deceased_words="WORD, WORD"', "deceased_words=D"),
    ],
)
def test_what_only_a_setting_can_tell_is_said_before_the_first_copy(
    command: CommandLine, written: str, advice: str, setting: str
) -> None:
    command.add_practice()
    change(command.pims, f"UPDATE vetpipeline_patients SET {written}")
    assert advice in " ".join(command("plan", "elm").stdout.split())
    command("practice", "set", "elm", setting, "--by", "Dana Field")
    assert advice not in " ".join(command("plan", "elm").stdout.split())


def test_of_a_weight_whose_unit_nobody_knows_no_setting_is_advised(command: CommandLine) -> None:
    """It takes the place of none: "25 stone" stays as it is whatever the practice weighs in."""
    command.add_practice()
    change(command.pims, "UPDATE vetpipeline_patients SET weight_unit = 'stone'")
    data = command("plan", "elm", "--json").data
    assert data["weights_without_unit"] == 0
    [left_out] = data["quarantine"]
    assert (left_out["field"], left_out["reason"]) == ("weight_unit", "unknown_unit")


def test_a_first_plan_says_what_is_the_practices_own_by_all_likelihood(
    command: CommandLine,
) -> None:
    command.add_practice()
    make_pims(command.pims, [BELL | {"client_key": f"C{n}"} for n in range(5)], [REX])
    email, address = command("plan", "elm", "--json").data["mind"]
    said = command("plan", "elm").stdout
    for one, begins in ((email, "5 clients have one and the same email"), (address, "5 clients")):
        assert one.startswith(begins)
        assert f"mind: {one}" in said
    copy(command)
    assert command("plan", "elm", "--json").data["mind"] == []


def test_weights_that_no_animal_of_the_kind_has_are_told_before_the_first_copy(
    command: CommandLine,
) -> None:
    command.add_practice()
    grams = "species = 'Avian', weight = '95', weight_unit = 'lb'"
    change(command.pims, f"UPDATE vetpipeline_patients SET {grams}")
    said = " ".join(command("plan", "elm").stdout.split())
    assert "implausible unit: weights that no animal of the kind has in the unit" in said
