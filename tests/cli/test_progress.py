"""The lines of a run: one a step, named as people say it."""

from __future__ import annotations

import pytest

from vet_pipeline.cli.progress import steps

KEYS = {
    "read_pims": "read pims",
    "raw_clients_raw_clients_keep_the_contract": "raw clients keep the contract",
    "clients": "clients",
    "clients_clients_are_valid": "clients are valid",
    "change_deltas": "change deltas",
    "change_deltas_snapshot_is_plausible": "snapshot is plausible",
    "scriptright_records": "scriptright records",
}


def test_a_check_is_named_without_its_asset(capsys: pytest.CaptureFixture[str]) -> None:
    with steps("oak", quiet=False) as tell:
        for key in KEYS:
            tell(key, "started")
            tell(key, "done")
    lines = [
        line.split("done")[1].split("0.0 s")[0]
        for line in capsys.readouterr().err.split("\n")
        if "done" in line
    ]
    assert [line.strip() for line in lines] == list(KEYS.values())
