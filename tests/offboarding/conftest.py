"""Two practices of which one leaves, and where what is kept outside the database lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import (
    add_practice,
    client,
    load,
    one,
    pet,
    read_time,
    rows,
)
from tests.scriptright.told_matcher import ToldMatcher
from tests.snapshot_files import write_snapshot
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import review
from vet_pipeline.snapshots.store import SnapshotStore


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
            ann = web_shop.add_client(connection, practice_id, {"last_name": "Lee"})
            web_shop.add_pet(connection, practice_id, ann, {"name": "Rex"})
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
            web_shop.add_prescription(connection, practice_id, kit, label_name="Kit", drug="X")
            web_shop.edit_client(connection, practice_id, ann, {"city": "Ames"}, actor="web shop")
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
