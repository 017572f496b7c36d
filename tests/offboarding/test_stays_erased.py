"""What left stays away: late snapshots, repeats, restored backups, kills in the middle."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from automation.audit_trail import verify_audit
from resources.scriptright import ScriptRightResource
from tests.offboarding.conftest import counts
from tests.scriptright.builders import (
    client,
    delta_of,
    one,
    pet,
    read_time,
    whole_database,
)
from tests.scriptright.told_matcher import ToldMatcher
from tests.snapshot_files import write_snapshot
from vet_pipeline import job
from vet_pipeline.errors import DatabaseRefused, PracticeStateRefuses
from vet_pipeline.registry import offboarding, practices
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.records import baseline
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness
from vet_pipeline.snapshots.store import SnapshotStore


def test_a_late_snapshot_recreates_nothing(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    late = delta_of(practice, "oak", 3, [client("1"), client("4")], [pet("7", "1")])
    offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    before = counts(practice, "oak")
    with pytest.raises(PracticeStateRefuses):
        apply_delta(practice, late, run_id=None, match=ToldMatcher({}))
    with practice.connect() as connection:
        known = practices.get(connection, "oak")
    with pytest.raises(PracticeStateRefuses, match="is offboarded: its copied data are erased"):
        job.read_step(practice, store, known)  # and no word of a restore: there was none
    baseline.note_read(practice, known, clients=9, accepted={"clients.email": "text"})
    assert baseline.known_shape(practice, "oak") is None
    with (
        pytest.raises(DatabaseRefused, match="pims_client_of_no_offboarded"),
        transaction(practice, "load", "oak") as connection,
    ):
        connection.execute(
            text(
                "INSERT INTO scriptright.pims_client"
                " (practice_id, pims_id, row_hash, first_load_id, load_id)"
                " SELECT 'oak', '1', '', max(load_id), max(load_id) FROM scriptright.load"
            )
        )
    with (
        pytest.raises(DatabaseRefused, match="practice_offboarded_for_good"),
        transaction(practice, "ops", "oak") as connection,
    ):
        connection.execute(text("UPDATE scriptright.practice SET state = 'active'"))
    assert counts(practice, "oak") == before


def test_repeating_shows_the_first_receipt_and_changes_nothing(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    first = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    before = whole_database(practice)
    again = offboarding.erase(practice, store, "oak", by="Somebody Else", home=home)
    assert again == first
    assert offboarding.preview(practice, "oak", by="Third", home=home) == first
    assert whole_database(practice) == before


@pytest.fixture
def backup(practice: Engine) -> Iterator[str]:
    """Copies the database as it is before the practice leaves, and names the copy."""
    name = str(practice.url.database)
    practice.dispose()
    admin = practice.execution_options(isolation_level="AUTOCOMMIT").url.set(database="postgres")
    from vet_pipeline.scriptright.postgres.database import open_engine

    engine = open_engine(admin.render_as_string(hide_password=False))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}_old TEMPLATE {name}"))
    yield f"{name}_old"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name}_old WITH (FORCE)"))
    engine.dispose()


def test_a_restored_backup_recreates_nothing_until_it_is_erased_again(
    practice: Engine, backup: str, store: SnapshotStore, home: Path
) -> None:
    from vet_pipeline.scriptright.postgres.database import open_engine

    first = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    restored = open_engine(
        make_url(practice.url).set(database=backup).render_as_string(hide_password=False)
    )
    with restored.connect() as connection:
        known = practices.get(connection, "oak")
    assert known.state == "active"
    with pytest.raises(PracticeStateRefuses, match="restored from before"):
        job.read_step(restored, store, known)
    write_snapshot(store, 3, read_time(3))
    with pytest.raises(PracticeStateRefuses, match="practice offboard oak"):
        job.apply_step(restored, store, known, store.read_manifest("oak", 3))
    again = offboarding.erase(restored, store, "oak", by="Dana Field", home=home)
    assert (again.erased, again.tombstones_sha256) == (first.erased, first.tombstones_sha256)
    assert store.snapshots("oak") == []
    assert counts(restored, "oak") == counts(practice, "oak")
    restored.dispose()


def test_a_practice_that_a_restore_has_brought_back_is_told_though_nothing_reads_it(
    practice: Engine, backup: str, program_url: str, store: SnapshotStore, home: Path
) -> None:
    """It was paused before it left, as the runbook says: no run of it is refused and tells."""
    offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    url = make_url(program_url).set(database=backup).render_as_string(hide_password=False)
    with pytest.raises(dg.Failure) as told:
        verify(url)
    assert told.value.description == (
        "practices that have left are back, by a database restored from before that: oak."
        " Next step: vet-pipeline practice offboard oak --by NAME --erase"
    )
    assert told.value.metadata["error"].value == "OffboardedIsBack"
    from vet_pipeline.scriptright.postgres.database import open_engine

    restored = open_engine(url)
    offboarding.erase(restored, store, "oak", by="Dana Field", home=home)
    restored.dispose()
    verify(url)


def test_that_a_practice_has_left_the_witness_hears_of_the_daily_audit_where_it_does_not_know(
    practice: Engine, program_url: str, store: SnapshotStore, home: Path
) -> None:
    """Somebody's terminal closed before the witness was told, and nobody has repeated it."""
    receipt = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    witness = Witness.of_home(home)
    shutil.rmtree(witness.root)
    verify(program_url)
    assert witness.get("oak", OFFBOARDED) == json.loads(json.dumps(receipt.as_dict()))
    assert not witness.has("elm", OFFBOARDED)


def test_a_witness_that_has_lost_what_it_held_is_told_until_a_person_has_looked(
    practice: Engine, program_url: str, home: Path
) -> None:
    verify(program_url)
    with practice.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE scriptright.load SET recorded_at = now() - interval '3 d'"))
    verify(program_url)
    shutil.rmtree(Witness.of_home(home).root)
    for _ in range(2):
        with pytest.raises(dg.Failure, match="any more outside the database of: elm, oak") as told:
            verify(program_url)
        assert told.value.metadata["error"].value == "WitnessLost"


def test_a_trail_that_was_changed_is_told_as_that(
    practice: Engine, program_url: str, home: Path
) -> None:
    with practice.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text(
                "UPDATE scriptright.audit SET actor = 'nobody' WHERE practice_id = 'oak' AND n = 1"
            )
        )
    with pytest.raises(dg.Failure, match="the audit trail was tampered with: oak") as told:
        verify(program_url)
    assert told.value.metadata["error"].value == "AuditBroken"


def test_a_full_disk_of_the_witness_is_told_as_that_and_hides_no_broken_trail(
    practice: Engine, program_url: str, home: Path
) -> None:
    verify(program_url)
    with practice.begin() as connection:
        practices.pause(connection, "elm", by="Dana Field", reason="asked")  # a head to be kept
    with (
        full_disk(),
        pytest.raises(dg.Failure, match=r"the witness \(VET_PIPELINE_WITNESS") as told,
    ):
        verify(program_url)
    assert "free space in the witness" in str(told.value.description)
    with practice.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text("UPDATE scriptright.audit SET actor = '' WHERE practice_id = 'oak' AND n = 1")
        )
    with full_disk(), pytest.raises(dg.Failure, match="tampered with: oak"):
        verify(program_url)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow: a write fails where it does on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_nothing_is_to_be_erased_before_a_broken_trail_is_settled(
    practice: Engine, backup: str, program_url: str, store: SnapshotStore, home: Path
) -> None:
    """A restored backup mostly brings both; the runbook has the database copied first."""
    from vet_pipeline.scriptright.postgres.database import open_engine

    offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    owner = make_url(practice.url).set(database=backup).render_as_string(hide_password=False)
    restored = open_engine(owner)
    with restored.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE scriptright.audit SET actor = 'nobody' WHERE n = 1"))
    restored.dispose()
    with pytest.raises(dg.Failure) as told:
        verify(make_url(program_url).set(database=backup).render_as_string(hide_password=False))
    _, _, steps = str(told.value.description).partition("Next step: ")
    assert steps == (
        "vet-pipeline audit verify elm;"
        " once the trail is settled: vet-pipeline practice offboard oak --by NAME --erase"
    )


def verify(url: str) -> None:
    verify_audit.execute_in_process(resources={"scriptright": ScriptRightResource(url=url)})


@pytest.mark.parametrize("point", ["offboard_committed", "offboard_witnessed"])
def test_killed_in_the_middle_it_is_finished_by_repeating(
    practice: Engine, program_url: str, store: SnapshotStore, home: Path, point: str
) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from vet_pipeline.registry import offboarding\n"
        "from vet_pipeline.scriptright.postgres.database import open_engine\n"
        "from vet_pipeline.snapshots.store import SnapshotStore\n"
        "home = Path(sys.argv[2])\n"
        "store = SnapshotStore(home / 'snapshots')\n"
        "offboarding.erase(open_engine(sys.argv[1]), store, 'oak', by='Dana Field', home=home)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, program_url, str(home)],
        env=os.environ | {"VET_PIPELINE_FAILPOINT": point},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    assert store.snapshots("oak") == [1]  # the last step wasn't reached
    assert (
        one(practice, "SELECT count(*) FROM scriptright.pims_client WHERE practice_id = 'oak'") == 0
    )
    receipt = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert store.practices() == ["elm"]
    said = Witness.of_home(home).get("oak", OFFBOARDED)
    assert said == json.loads(json.dumps(receipt.as_dict()))
    acts = "SELECT count(*) FROM scriptright.audit WHERE act = 'practice_offboarded'"
    assert one(practice, acts) == 1


def test_what_fails_after_the_erasing_leaves_nothing_of_the_practice_and_says_so(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    """The planner's statistics come last: some seconds in which a database may go away."""
    may = "EXECUTE ON FUNCTION scriptright.sample_anew"
    with practice.begin() as connection:
        connection.execute(text(f"REVOKE {may} FROM scriptright_erase"))
    with pytest.raises(DatabaseRefused, match="; it is erased, but for the planner") as told:
        offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert told.value.next_step.endswith("vet-pipeline practice offboard oak --by NAME --erase")
    assert store.practices() == ["elm"]
    assert Witness.of_home(home).has("oak", OFFBOARDED)
    with practice.begin() as connection:
        connection.execute(text(f"GRANT {may} TO scriptright_erase"))
    assert offboarding.erase(practice, store, "oak", by="Dana", home=home).by == "Dana Field"
