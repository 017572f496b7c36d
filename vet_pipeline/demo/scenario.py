"""The four practices of the demo, and what happens to each between the two rounds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vet_pipeline.demo.dirt import lose_half, spoil
from vet_pipeline.demo.home_delivery import HomeDelivery, home_delivery_clients
from vet_pipeline.demo.pims_file import odbc_string
from vet_pipeline.demo.practice import make_practice
from vet_pipeline.demo.week import live_a_week

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection, Engine

_STAFF: Final = "Demo"  # who registers the practices


@dataclass(frozen=True, slots=True)
class DemoPractice:
    """One practice of the demo; `what` says what it is there to show."""

    practice_id: str
    name: str
    clients: int
    timezone: str
    what: str
    home_clients: int = 0
    dirty: bool = False
    breaks: bool = False  # its second snapshot is half empty

    def path(self, folder: Path) -> Path:
        """Its PIMS file."""
        return folder / f"{self.practice_id}.sqlite"


DEMO_PRACTICES: Final[tuple[DemoPractice, ...]] = (
    DemoPractice(
        "oak-creek",
        "Oak Creek Animal Clinic",
        300,
        "America/Los_Angeles",
        "small, with Home Delivery clients to merge",
        home_clients=120,
    ),
    DemoPractice(
        "lakeside", "Lakeside Veterinary Hospital", 12_000, "America/New_York", "12,000 clients"
    ),
    DemoPractice(
        "half-moon",
        "Half Moon Pet Hospital",
        800,
        "America/Denver",
        "its second snapshot is half empty",
        breaks=True,
    ),
    DemoPractice("pine-ridge", "Pine Ridge Vets", 600, "America/Chicago", "dirty data", dirty=True),
)


def first_round(practice: DemoPractice, folder: Path, engine: Engine) -> None:
    """Make the practice's PIMS, register it, and give ScriptRight its Home Delivery clients."""
    from vet_pipeline.registry import practices
    from vet_pipeline.scriptright.postgres.roles import enter, transaction

    path = practice.path(folder)
    make_practice(path, clients=practice.clients, seed=practice.practice_id)
    if practice.dirty:
        spoil(path, seed=practice.practice_id)
    with transaction(engine, "ops", practice.practice_id) as connection:
        practices.add(
            connection,
            practice.practice_id,
            name=practice.name,
            pims="generic",
            contact_email=f"desk@{practice.practice_id}.example.com",
            timezone=practice.timezone,
            by=_STAFF,
            odbc=odbc_string(path),
        )
        if practice.home_clients:
            enter(connection, "shop", practice.practice_id)
            add_home_delivery(connection, practice.practice_id, _home_delivery(practice, path))


def second_round(practice: DemoPractice, folder: Path) -> None:
    """A week of practice life, or the accident that a guard has to catch."""
    path = practice.path(folder)
    if practice.breaks:
        lose_half(path)
        return
    home = _home_delivery(practice, path) if practice.home_clients else None
    favour = home.owner_numbers("same", "other_email") if home else frozenset()
    live_a_week(path, seed=practice.practice_id, favour=favour)


def add_home_delivery(connection: Connection, practice_id: str, home: HomeDelivery) -> None:
    """Put Home Delivery clients, pets and prescriptions into ScriptRight, as the web shop does.

    Runs in the caller's transaction.
    """
    from vet_pipeline.demo.practice import FIRST_DAY
    from vet_pipeline.normalize.clients import normalize_clients
    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.normalize.pets import normalize_pets
    from vet_pipeline.scriptright import web_shop

    clients = normalize_clients(home.clients, Conventions(), read_on=FIRST_DAY).rows
    pets = normalize_pets(home.patients, Conventions(), read_on=FIRST_DAY).rows
    client_ids = {
        key: web_shop.add_client(connection, practice_id, values)
        for key, values in _values(clients, "pims_client_id")
    }
    owner_of = dict(zip(pets["pims_pet_id"], pets["pims_client_id"], strict=True))
    pet_ids, labels = {}, {}
    for key, values in _values(pets.drop(columns="pims_client_id"), "pims_pet_id"):
        owner = client_ids[owner_of[key]]
        values["deceased"] = bool(values["deceased"])
        pet_ids[key] = web_shop.add_pet(connection, practice_id, owner, values)
        labels[key] = str(values["name"])
    for key, drug in home.prescriptions:
        web_shop.add_prescription(
            connection, practice_id, pet_ids[key], label_name=labels[key], drug=drug
        )


def _home_delivery(practice: DemoPractice, path: Path) -> HomeDelivery:
    return home_delivery_clients(path, clients=practice.home_clients, seed=practice.practice_id)


def _values(rows: pd.DataFrame, key: str) -> list[tuple[str, dict[str, Any]]]:
    """Each row's key and its other columns, with None for what is missing."""
    plain = rows.astype(object).where(rows.notna(), None)
    records = [
        {str(name): value for name, value in row.items()} for row in plain.to_dict("records")
    ]
    return [(str(row.pop(key)), row) for row in records]
