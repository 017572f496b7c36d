"""The same practice in another layout at the next refresh: nothing of it is news."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.test_drift import applied_by_itself
from tests.exports.rendering import dated, each, uk, us, written
from tests.exports.test_layouts import RIGHT, TOLD
from tests.exports.truth import CLIENTS, PATIENTS
from tests.exports.verdicts import read

C, P = written(CLIENTS), written(PATIENTS)
# What happens to a list that somebody has opened and saved, or exported by another report.
OTHERS = [
    (CLIENTS, dated(us)),
    (CLIENTS, dated(uk)),
    (each(CLIENTS, "Zip", lambda it: f"{it}-"), PATIENTS),
    (each(CLIENTS, "Email", lambda it: f"{it}; second@x.example"), PATIENTS),
    (each(CLIENTS, "Email", lambda it: f"mailto:{it}"), PATIENTS),
    (each(CLIENTS, "Email", str.upper), PATIENTS),
    (CLIENTS, each(PATIENTS, "Weight", lambda it: f"{float(it):.4f}")),
    (CLIENTS, each(PATIENTS, "Weight", lambda it: f"{float(it) * 1000:,.0f}")),
    (CLIENTS, each(PATIENTS, "Weight Unit", str.upper)),
    (CLIENTS, each(PATIENTS, "Weight Unit", lambda _: "")),
    (CLIENTS, each(PATIENTS, "Weight Date", lambda _: "")),
    (CLIENTS, each(PATIENTS, "Weight", lambda _: "0")),
    (CLIENTS, each(PATIENTS, "Deceased", lambda it: {"Y": "TRUE", "N": "FALSE"}[it])),
    (CLIENTS, each(PATIENTS, "Deceased", lambda it: {"Y": "Yes", "N": ""}[it])),
]


def layouts() -> list[tuple[str, str]]:
    """Those that are right or told of, and others."""
    told = [(written(clients), written(patients)) for clients, patients, _ in TOLD]
    others = [(written(clients), written(patients)) for clients, patients in OTHERS]
    return [*RIGHT, *told, *others]


@pytest.mark.parametrize(("clients", "patients"), layouts())
def test_another_layout_of_the_same_practice_changes_nothing_by_itself(
    tmp_path: Path, clients: str, patients: str
) -> None:
    before = read(tmp_path, C, P)
    assert applied_by_itself(before, read(tmp_path, clients, patients)) == []
