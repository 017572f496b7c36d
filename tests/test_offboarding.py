"""A practice leaves: what was copied goes, what the law keeps stays, and nothing comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from tests.scriptright.builders import (
    add_practice,
    client,
    delta_of,
    load,
    one,
    pet,
    read_time,
    rows,
    whole_database,
)
from tests.scriptright.told_matcher import ToldMatcher
from tests.snapshot_files import write_snapshot
from vet_pipeline import job, offboarding, practices
from vet_pipeline.errors import DatabaseRefused, PracticeStateRefuses
from vet_pipeline.scriptright import records, review
from vet_pipeline.scriptright.apply import apply_delta
from vet_pipeline.scriptright.offboard import tombstone
from vet_pipeline.scriptright.roles import transaction
from vet_pipeline.scriptright.witness import OFFBOARDED, Witness
from vet_pipeline.secret_key import derived_key
from vet_pipeline.snapshots.store import SnapshotStore

KINDS = ("client", "pet", "prescription", "rename_attestation", "pims_client", "record_change")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VET_PIPELINE_HOME", str(tmp_path))
    for name in ("VET_PIPELINE_KEY", "VET_PIPELINE_WITNESS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def store(home: Path) -> SnapshotStore:
    kept = SnapshotStore(home / "snapshots")
    for practice_id in ("oak", "elm"):
        write_snapshot(kept, 1, read_time(1), practice_id=practice_id)
    return kept


@pytest.fixture
def practice(engine: Engine) -> Engine:
    """Two practices, alike; of `oak` a client is linked, a pet renamed, another has a prescription.

    PIMS 1 feeds the Home Delivery client Ann Lee; 2 and 3 are clients of their own. 3's pet 9 has
    a prescription, 2's pet 8 was renamed by a person, and an owner's change waits.
    """
    for practice_id in ("oak", "elm"):
        add_practice(engine, practice_id)
        with engine.begin() as connection:
            ann = records.add_client(connection, practice_id, {"last_name": "Lee"})
            records.add_pet(connection, practice_id, ann, {"name": "Rex"})
        told = ToldMatcher({"1": ("linked", [ann])})
        clients = [client("1"), client("2", last_name="Moss"), client("3", last_name="Roe")]
        pets = [pet("7", "1", name="Tom"), pet("8", "2", name="Bo"), pet("9", "3", name="Kit")]
        load(engine, practice_id, 1, clients, pets, matcher=told)
        with engine.begin() as connection:
            kit = one(
                engine,
                "SELECT pet_id FROM scriptright.pet WHERE name = 'Kit' AND practice_id = :p",
                p=practice_id,
            )
            records.add_prescription(connection, practice_id, kit, label_name="Kit", drug="X")
            records.edit_client(connection, practice_id, ann, {"city": "Ames"}, actor="web shop")
        pets[1] = pet("8", "2", name="Bob")
        clients[2] = client("3", last_name="Row")
        load(engine, practice_id, 2, clients, pets, matcher=told)
        [rename] = rows(
            engine,
            "SELECT suggestion_id FROM scriptright.suggestion"
            " WHERE practice_id = :p AND record = 'pet' AND field = 'name'",
            p=practice_id,
        )
        review.confirm(engine, practice_id, *rename, by="Dana Field", same_animal=True)
    return engine


def counts(engine: Engine, practice_id: str) -> dict[str, int]:
    tables = rows(engine, "SELECT tablename FROM pg_tables WHERE schemaname = 'scriptright'")
    skipped = {"alert", "watch"}
    return {
        name: one(
            engine, f"SELECT count(*) FROM scriptright.{name} WHERE practice_id = :p", p=practice_id
        )
        for (name,) in tables
        if name not in skipped
    }


def test_what_was_copied_goes_and_what_the_law_keeps_stays(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    elm = {k: [r for r in v if "elm" in r] for k, v in whole_database(practice).items()}
    attested = rows(practice, "SELECT * FROM scriptright.rename_attestation ORDER BY 1, 2")
    receipt = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert receipt.erased == {
        "match_candidate": 0, "match_decision": 0, "link_review": 0, "suggestion": 3,
        "shared_change": 0,
        "pims_pet": 3, "pims_client": 3,
        "record_change": receipt.erased["record_change"], "pet": 2, "client": 1,
    }  # fmt: skip
    assert receipt.erased["record_change"] >= 1
    assert receipt.kept == {
        "home_delivery_clients": 1,
        "home_delivery_pets": 1,
        "clients_of_prescriptions": 1,
        "pets_of_prescriptions": 1,
        "prescriptions": 1,
        "rename_attestations": 1,
        "audit_entries": 5,
    }
    assert rows(
        practice,
        "SELECT last_name, city FROM scriptright.client WHERE practice_id = 'oak' ORDER BY client_id",
    ) == [("Lee", "Ames"), ("Roe", "Springfield")]
    assert rows(
        practice, "SELECT name FROM scriptright.pet WHERE practice_id = 'oak' ORDER BY pet_id"
    ) == [("Rex",), ("Kit",)]
    # Ann changed the city of an address that the PIMS had filled in.
    changes = "SELECT count(*) FROM scriptright.record_change WHERE practice_id = 'oak'"
    assert one(practice, changes) == 0
    assert rows(practice, "SELECT * FROM scriptright.rename_attestation ORDER BY 1, 2") == attested
    assert (
        one(
            practice,
            "SELECT state || coalesce(odbc, '') FROM scriptright.practice WHERE practice_id = 'oak'",
        )
        == "offboarded"
    )
    assert (store.snapshots("oak"), store.practices()) == ([], ["elm"])
    now = {k: [r for r in v if "elm" in r] for k, v in whole_database(practice).items()}
    assert now == elm  # the other practice is as it was


def test_no_copied_value_stays_in_the_history_of_what_clients_edited(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    """Ann is of the web shop; Bob (PIMS 8) goes, Kit (PIMS 9) stays for a prescription."""
    [(ann, moss, bob, kit)] = rows(
        practice,
        """SELECT (SELECT client_id FROM scriptright.client WHERE (practice_id, last_name) = ('oak', 'Lee')),
             (SELECT client_id FROM scriptright.client WHERE (practice_id, last_name) = ('oak', 'Moss')),
             (SELECT pet_id FROM scriptright.pet WHERE (practice_id, name) = ('oak', 'Bob')),
             (SELECT pet_id FROM scriptright.pet WHERE (practice_id, name) = ('oak', 'Kit'))""",
    )
    with practice.begin() as connection:
        records.edit_client(connection, "oak", ann, {"last_name": "Lee-Web"}, actor="web shop")
        records.edit_client(connection, "oak", ann, {"city": "Boone"}, actor="web shop")
        records.edit_client(connection, "oak", ann, {"email": "ann@web.example"}, actor="web shop")
        records.edit_client(connection, "oak", moss, {"city": "Ames"}, actor="web shop")
        records.edit_pet(connection, "oak", bob, {"breed": "Poodle"}, actor="web shop")
        records.edit_pet(connection, "oak", kit, {"breed": "Poodle"}, actor="web shop")
        records.edit_pet(connection, "oak", kit, {"breed": "Pug"}, actor="web shop")
    offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert rows(
        practice,
        "SELECT record, record_id, old_value ->> 'last_name', old_value ->> 'city',"
        " old_value ->> 'breed', cause FROM scriptright.record_change"
        " WHERE practice_id = 'oak' ORDER BY change_id",
    ) == [
        ("client", ann, "Lee", None, None, "web_shop"),
        ("client", ann, None, "Ames", None, "web_shop"),
        ("pet", kit, None, None, "Poodle", "web_shop"),
    ]


def test_a_preview_tells_the_same_and_changes_nothing(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    before = whole_database(practice)
    told = offboarding.preview(practice, "oak", by="Dana Field", home=home)
    assert whole_database(practice) == before
    assert store.snapshots("oak") == [1]
    done = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert (told.erased, told.kept) == (done.erased, done.kept)


def test_tombstones_stand_for_the_erased_records_and_say_nothing_without_the_key(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    key = derived_key(home, "tombstone")
    wanted = {("client", tombstone(key, "oak", "client", i)) for i in "123"}
    wanted |= {("pet", tombstone(key, "oak", "pet", i)) for i in "789"}
    found = rows(practice, "SELECT record, digest FROM scriptright.tombstone")
    assert {(record, bytes(digest)) for record, digest in found} == wanted
    assert tombstone(b"another key", "oak", "client", "1") not in {d for _, d in wanted}
    for statement in ("UPDATE {} SET practice_id = 'elm'", "DELETE FROM {}", "TRUNCATE {}"):
        for table in ("tombstone", "offboarding"):
            with pytest.raises(Exception, match="append-only"), practice.begin() as connection:
                connection.execute(text(statement.format(f"scriptright.{table}")))


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
    with pytest.raises(PracticeStateRefuses):
        job.read_step(practice, store, known)
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
    from vet_pipeline.scriptright.database import open_engine

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
    from vet_pipeline.scriptright.database import open_engine

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


@pytest.mark.parametrize("point", ["offboard_committed", "offboard_witnessed"])
def test_killed_in_the_middle_it_is_finished_by_repeating(
    practice: Engine, program_url: str, store: SnapshotStore, home: Path, point: str
) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from vet_pipeline import offboarding\n"
        "from vet_pipeline.scriptright.database import open_engine\n"
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
