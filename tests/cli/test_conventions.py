"""Deciding between two loads: values are made as the snapshot applied last writes things."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, make_pims
from tests.scriptright.builders import rows
from vet_pipeline.errors import SnapshotHeld
from vet_pipeline.scriptright import web_shop
from vet_pipeline.snapshots.store import SnapshotStore

SET = ("practice", "set", "elm", "--by", "Dana Field")
WEIGHT = "SELECT weight_value, weight_unit, weight_kg FROM scriptright.pet"


@pytest.fixture
def undecided(command: CommandLine, engine: Engine) -> str:
    """A practice on kilograms; Bell, with Rex, may be a client of the web shop: the match's number."""
    command.add_practice()
    make_pims(command.pims, [BELL], [{**REX, "weight": "21", "weight_unit": ""}])
    with engine.begin() as connection:
        known = {"first_name": "Robert", "last_name": "Bell", "email": "ann.bell@example.com"}
        web_shop.add_client(connection, "elm", known)
    command(*SET, "weight_unit_when_missing=kg", "matching.possible_bits=-20")
    copy(command)
    [pair] = command("link", "list", "elm", "--json").data["possible_matches"]
    return str(pair["candidate_id"])


def test_a_held_snapshot_of_another_unit_is_no_word_about_the_weights_applied(
    command: CommandLine, engine: Engine, undecided: str
) -> None:
    make_pims(command.pims, [BELL], [])  # another database for a night, which says pounds
    command(*SET, "weight_unit_when_missing=lb")
    with pytest.raises(SnapshotHeld):
        copy(command)
    decided = command("link", "reject", "elm", undecided, "--by", "Dana Field")
    assert decided.exit_code == 0, decided.stderr
    assert rows(engine, WEIGHT) == [(21, "kg", 21)]


def test_the_unit_of_weights_outlives_the_snapshots(
    command: CommandLine, engine: Engine, undecided: str
) -> None:
    SnapshotStore(command.home / "snapshots").remove("elm", 1)  # after 30 days without a load
    command(*SET, "weight_unit_when_missing=")
    decided = command("link", "reject", "elm", undecided, "--by", "Dana Field")
    assert decided.exit_code == 0, decided.stderr
    assert rows(engine, WEIGHT) == [(21, "kg", 21)]
