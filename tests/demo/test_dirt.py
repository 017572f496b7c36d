"""Dirt that normalizing must find: each kind with its reason, the rest taken in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.demo.reading import clients
from vet_pipeline.demo import odbc_string
from vet_pipeline.demo.dirt import lose_half, spoil
from vet_pipeline.demo.practice import make_practice
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import read_snapshot

READ_ON = date(2026, 10, 5)


def test_every_dirty_row_is_quarantined_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=400, seed="elm")
    spoil(path, seed="elm")
    raw = read_snapshot(load_connector("generic"), odbc_string(path))
    owners = normalize_clients(raw.clients, Conventions(), read_on=READ_ON)
    pets = normalize_pets(raw.patients, Conventions(), read_on=READ_ON)
    assert owners.quarantined["reason"].value_counts().to_dict() == {
        "duplicate_key": 8,
        "no_key": 3,
        "undecodable_text": 1,  # a byte that is no character in Windows-1252 either
    }
    assert pets.quarantined["reason"].value_counts().to_dict() == {
        "duplicate_key": 6,
        "impossible_birth_date": 3,
        "no_key": 2,
        "impossible_deceased_date": 1,
        "no_name": 1,
    }
    assert len(raw.clients) == len(owners.rows) + len(owners.quarantined)
    assert len(raw.patients) == len(pets.rows) + len(pets.quarantined)


def test_half_of_the_clients_vanish_with_their_animals(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=100, seed="elm")
    assert lose_half(path) == 50
    assert len(clients(path)) == 50
