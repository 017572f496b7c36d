"""What an earlier release has copied and this one reads otherwise is found, and nothing else."""

from __future__ import annotations

from sqlalchemy import Engine, text

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import change


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
