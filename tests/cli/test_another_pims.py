"""A practice goes on with another PIMS, which has other keys and writes things another way."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, make_pims
from tests.scriptright.builders import rows

BY = ("--by", "Dana Field")
_OF_NO_UNIT = REX | {"weight": "60", "weight_unit": "", "weight_date": "2026-01-10"}
_WEIGHTS = "SELECT weight_value::text, weight_unit, weighed_on::text FROM scriptright.pet"
_ASKED = "SELECT field, reason FROM scriptright.suggestion WHERE state = 'open'"


def _copied_in_pounds(command: CommandLine) -> None:
    command.add_practice()
    make_pims(command.pims, [BELL], [_OF_NO_UNIT])
    said = command("practice", "set", "elm", "weight_unit_when_missing=lb", *BY)
    assert said.exit_code == 0, said.stderr
    copy(command)


def test_the_first_weights_of_a_pims_that_has_kilograms_are_no_pounds(
    command: CommandLine, engine: Engine
) -> None:
    """It was moved on a day of November, which it gives as that of each weighing."""
    _copied_in_pounds(command)
    client = BELL | {"client_key": "K501"}
    pet = {"patient_key": "K9001", "client_key": "K501", "weight": "27.2"}
    make_pims(command.pims, [client], [_OF_NO_UNIT | pet | {"weight_date": "2026-01-28"}])
    copy(command)
    assert rows(engine, _WEIGHTS) == [("60.0000", "lb", "2026-01-10")]
    assert rows(engine, _ASKED) == [("weight", "differs_at_merge")]


def test_who_names_another_database_is_told_what_was_set_for_the_one_before(
    command: CommandLine,
) -> None:
    _copied_in_pounds(command)
    other = make_pims(command.home / "other.sqlite", [BELL], [REX])
    said = command("practice", "change", "elm", "--odbc", other, *BY).stdout
    assert 'may write otherwise: weight_unit_when_missing="lb"' in said
    said = command("practice", "change", "elm", "--email", "front@elm.example.com", *BY).stdout
    assert "mind" not in said
    assert command("practice", "set", "elm", "weight_unit_when_missing=", *BY).exit_code == 0
    assert "mind" not in command("practice", "change", "elm", "--odbc", other, *BY).stdout
