"""Deciding between two loads: values are made as the snapshot applied last writes things."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, make_pims
from tests.scriptright.builders import rows
from vet_pipeline.errors import SnapshotHeld
from vet_pipeline.pims.scaffold import scaffold_connector
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


def test_a_snapshot_read_before_the_unit_was_set_is_not_applied_with_the_old_one(
    command: CommandLine, engine: Engine
) -> None:
    """A PIMS that was switched from pounds to kilograms: held, the unit set, and then released."""

    def write(weight: str) -> None:
        keys = [f"P{n}" for n in range(25)]
        make_pims(command.pims, [BELL], [{**REX, "patient_key": k} | of(weight) for k in keys])

    def of(weight: str) -> dict[str, str]:
        return {"weight": weight, "weight_unit": ""}

    def release(snapshot: int) -> None:
        told = command("release", "elm", "--snapshot", str(snapshot), "--no-apply", *SET[3:])
        assert told.exit_code == 0, told.stderr

    command.add_practice()
    command(*SET, "weight_unit_when_missing=lb")
    write("22")
    copy(command)
    write("10")
    with pytest.raises(SnapshotHeld, match="weights doubtful: 25 of 25"):
        copy(command)
    command(*SET, "weight_unit_when_missing=kg")
    why = "snapshot 2 was read by other settings than the practice has now"
    [status] = command("status", "elm", "--json").data["practices"]
    assert status["what_to_do"] == f"{why}, so it is read anew: vet-pipeline run elm"
    assert f"next: {why}" in command("show", "elm").stdout
    refused = command("release", "elm", "--snapshot", "2", *SET[3:])
    assert (refused.exit_code, why in refused.stderr) == (1, True)
    assert "vet-pipeline run elm" in refused.stderr
    applied = command("run", "elm", "--stored")
    assert (applied.exit_code, why in applied.stdout) == (1, True)
    with pytest.raises(SnapshotHeld, match="snapshot 3 is held"):
        copy(command)
    assert set(rows(engine, WEIGHT)) == {(22, "lb", Decimal("9.9790"))}
    release(3)
    assert copy(command).state == "applied"
    assert set(rows(engine, WEIGHT)) == {(10, "kg", 10)}


def test_nor_is_one_that_was_read_with_a_word_for_dead_which_has_been_taken_back(
    command: CommandLine, engine: Engine
) -> None:
    """The word meant something else there: held for its deaths, released, and corrected before it was applied."""

    def write(status: str) -> None:
        keys = [f"P{n}" for n in range(25)]
        pets = [{**REX, "patient_key": key, "status": status} for key in keys]
        make_pims(command.pims, [BELL], pets)

    command.add_practice()
    write("active")
    copy(command)
    command(*SET, "deceased_words=DC")
    write("DC")
    with pytest.raises(SnapshotHeld, match="newly deceased"):
        copy(command)
    command("release", "elm", "--snapshot", "2", "--no-apply", *SET[3:])
    command(*SET, "deceased_words=")
    assert copy(command).state == "applied"  # of what is read anew
    assert rows(engine, "SELECT count(*) FROM scriptright.pet WHERE deceased") == [(0,)]


def test_a_held_snapshot_that_is_not_kept_any_more_is_not_released_in_vain(
    command: CommandLine, engine: Engine
) -> None:
    """What is read anew is held again, whoever had released the old one."""
    command.add_practice()
    copy(command)
    make_pims(command.pims, [BELL], [])
    with pytest.raises(SnapshotHeld):
        copy(command)
    SnapshotStore(command.home / "snapshots").remove("elm", 2)
    [status] = command("status", "elm", "--json").data["practices"]
    assert status["what_to_do"] == (
        "snapshot 2 is not kept any more, so it is read anew: vet-pipeline run elm"
    )
    refused = command("release", "elm", "--no-apply", *SET[3:])
    assert (refused.exit_code, "vet-pipeline run elm" in refused.stderr) == (1, True)
    assert rows(engine, "SELECT count(released_at) FROM scriptright.hold") == [(0,)]


def test_nor_is_one_that_was_read_before_its_own_connector_was_corrected(
    command: CommandLine, engine: Engine, tmp_path: Path
) -> None:
    """The SQL took pounds for kilograms; whoever corrected it left the version as it was."""
    scaffold_connector("mypims", tmp_path)
    sql = tmp_path / "mypims" / "patients.sql"
    right = sql.read_text()
    keys = [f"P{n}" for n in range(25)]

    def write(weight: str) -> str:
        undated = {**REX, "weight": weight, "weight_unit": "lb", "weight_date": ""}
        pets = [undated | {"patient_key": key} for key in keys]
        return make_pims(command.pims, [BELL], pets)

    said = command(
        *("practice", "add", "elm", "--name", "Elm Vets", "--pims", str(sql.parent)),
        *("--odbc", write("22"), "--email", "desk@elm.example.com"),
        *("--timezone", "America/Chicago", "--by", "Dana Field"),
    )
    assert said.exit_code == 0, said.stderr
    copy(command)
    sql.write_text(right.replace("{text: weight_unit}", "'kg'"))
    write("22.5")
    with pytest.raises(SnapshotHeld, match="weights doubtful: 25 of 25"):
        copy(command)
    sql.write_text(right)
    refused = command("release", "elm", "--snapshot", "2", "--no-apply", "--by", "Dana Field")
    assert refused.exit_code == 1
    assert "snapshot 2 was read by another version of its connector" in refused.stderr
    assert copy(command).state == "applied"
    assert set(rows(engine, WEIGHT)) == {(Decimal("22.5"), "lb", Decimal("10.2058"))}
