"""Who looks a pet up sees beside its values what waits for a person."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import add_practice, client, load, pet


def test_beside_a_weight_stands_what_is_asked_about_it_until_somebody_has_answered(
    command: CommandLine, engine: Engine
) -> None:
    add_practice(engine, "elm")
    known = pet("7", "1", species="cat", weight="4.3", weight_date="2026-01-10")
    load(engine, "elm", 1, [client("1")], [known])

    def told() -> str:
        shown = command("history", "elm", "--pet", "7", "--pims").stdout
        [line] = [line for line in shown.splitlines() if line.startswith("│ weight ")]
        return " ".join(line.split())

    assert told() == "│ weight │ 4.3 kg = 4.3 kg, 2026-01-10 │ │"
    slip = known | {"weight": "43", "weight_date": "2026-02-01"}
    load(engine, "elm", 2, [client("1")], [slip])
    assert told() == "│ weight │ 4.3 kg = 4.3 kg, 2026-01-10 │ no. 1: 43 unknown, 2026-02-01 │"
    assert command("review", "reject", "elm", "1", "--by", "Dana Field").exit_code == 0
    assert told() == "│ weight │ 4.3 kg = 4.3 kg, 2026-01-10 │ │"
