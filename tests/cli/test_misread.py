"""What was copied and is read otherwise by now is found, and nothing else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import change

BY = ("--by", "Dana Field")


def misread_before(engine: Engine) -> None:
    r"""As a release left it that took 1970-01-01 for a day of death, and \N for a name."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (
            "UPDATE scriptright.pims_pet SET deceased_date = '1970-01-01'",
            "UPDATE scriptright.pet SET deceased = true, deceased_on = '1970-01-01'",
            r"UPDATE scriptright.pims_client SET title = '\N'",
            r"UPDATE scriptright.client SET title = '\N'",
        ):
            connection.exec_driver_sql(statement)


def test_a_value_that_an_earlier_release_has_misread_is_told(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    assert "nothing was copied" in command("review", "misread", "elm").stdout
    misread_before(engine)
    told = command("review", "misread", "elm", "--json").data["values"]
    assert [(one["record"], one["pims_id"], one["field"]) for one in told] == [
        ("client", "C1", "name"),
        ("pet", "P1", "deceased"),
    ]
    assert told[1]["held"] == {"deceased": True, "deceased_on": "1970-01-01"}
    assert told[1]["read"] == {"deceased": False, "deceased_on": None}
    assert "1970-01-01" in command("review", "misread", "elm").stdout


def test_what_the_web_shop_has_said_since_a_person_was_asked_or_is_a_slip_is_not(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    change(command.pims, "UPDATE vetpipeline_clients SET address_line1 = '9 Elm Ave'")
    change(command.pims, "UPDATE vetpipeline_clients SET email = 'new@example.org'")
    change(command.pims, "UPDATE vetpipeline_patients SET birth_date = 'soon'")
    copy(command)  # the address waits for a person, the slip is nobody's question
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT set_config('scriptright.practice', 'elm', true), set_config('role', 'scriptright_shop', true)"
            )
        )
        connection.exec_driver_sql("UPDATE scriptright.client SET first_name = 'Annabel'")
    assert command("review", "misread", "elm", "--json").data["values"] == []


def test_what_the_pims_does_not_say_any_more_was_not_misread(command: CommandLine) -> None:
    command.add_practice()
    died = "UPDATE vetpipeline_patients SET deceased_flag = '1', deceased_date = "
    change(command.pims, died + "'2026-02-03'")
    copy(command)
    change(command.pims, died + "NULL")
    nobody = "UPDATE vetpipeline_clients SET title = 'Ms', first_name = NULL, last_name = NULL"
    change(command.pims, nobody)
    copy(command)
    assert command("review", "misread", "elm", "--json").data["values"] == []


def test_what_was_copied_in_a_unit_that_was_set_wrong_is_told_once_it_is_put_right(
    command: CommandLine,
) -> None:
    def misread() -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = command("review", "misread", "elm", "--json").data["values"]
        return [{key: one[key] for key in ("pims_id", "field", "held", "read")} for one in told]

    def say(unit: str) -> str:
        said = command("practice", "set", "elm", f"weight_unit_when_missing={unit}", *BY)
        copy(command)
        return said.stdout

    command.add_practice()
    change(command.pims, "UPDATE vetpipeline_patients SET weight = '30', weight_unit = NULL")
    assert "misread" not in say("lb")
    assert misread() == []
    assert "then vet-pipeline review misread elm" in say("kg")
    day = {"weight_value": "30", "weighed_on": "2026-01-10"}
    assert misread() == [
        {
            "pims_id": "P1",
            "field": "weight",
            "held": day | {"weight_unit": "lb", "weight_kg": "13.6078"},
            "read": day | {"weight_unit": "kg", "weight_kg": "30"},
        }
    ]
    change(command.pims, "UPDATE vetpipeline_patients SET weight_date = '2026-02-10'")
    copy(command)
    assert misread() == []
    change(command.pims, "UPDATE vetpipeline_patients SET weight_date = '2026-01-31'")
    copy(command)  # an older weighing is left out rightly
    assert misread() == []
