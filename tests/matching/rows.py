"""Short ways to write clients, pets and sides for the tests of the matcher."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from vet_pipeline.matching import MatchResult, Side

CLIENT_COLUMNS = (
    "client_id",
    "title",
    "first_name",
    "last_name",
    "suffix",
    "partner_first_name",
    "partner_last_name",
    "organisation",
    "name_note",
    "address_line1",
    "address_line2",
    "unit",
    "city",
    "state",
    "postal_code",
    "phones",
    "email",
)
PET_COLUMNS = (
    "pet_id", "client_id", "name", "name_note", "species", "breed", "birth_date", "deceased",
)  # fmt: skip


def client(client_id: str, first: str | None, last: str | None, **more: Any) -> dict[str, Any]:
    """A client row; `phones` may be a plain list of numbers, all of the kind `phone_kind`."""
    numbers, kind = more.pop("phones", []), more.pop("phone_kind", "unknown")
    more["phones"] = json.dumps(
        [{"number": n, "extension": None, "kind": kind, "recorded": n} for n in numbers]
    )
    return {"client_id": client_id, "first_name": first, "last_name": last, **more}


def pet(
    pet_id: str, client_id: str, name: str, species: str = "dog", **more: Any
) -> dict[str, Any]:
    """A pet row; `birth_date` is ISO text."""
    return {"pet_id": pet_id, "client_id": client_id, "name": name, "species": species, **more}


def side(clients: list[dict[str, Any]], pets: list[dict[str, Any]] | None = None) -> Side:
    """A side with all columns, absent ones blank."""
    client_frame = pd.DataFrame(clients, columns=list(CLIENT_COLUMNS)).astype(object)
    pet_frame = pd.DataFrame(pets or [], columns=list(PET_COLUMNS)).astype(object)
    return Side(
        client_frame.where(client_frame.notna(), None), pet_frame.where(pet_frame.notna(), None)
    )


def decided(result: MatchResult, record: str = "clients") -> list[tuple[str, str | None, str]]:
    """(pims_id, home_id, decision) of the result's rows."""
    frame = getattr(result, record)
    return [
        (row.pims_id, None if pd.isna(row.home_id) else row.home_id, row.decision)
        for row in frame.itertuples()
    ]


HOME = {"address_line1": "12 Oak St", "city": "Tuskegee", "state": "AL", "postal_code": "36083"}
AWAY = {"address_line1": "9 Lake Rd", "city": "Opelika", "state": "AL", "postal_code": "36801"}


def crowd(count: int = 60) -> list[dict[str, Any]]:
    """Other clients of the practice, unlike one another, so that names have a frequency."""
    firsts = ["Alan", "Bridget", "Carlos", "Deirdre", "Edwin", "Fatima", "Gregor", "Hilda"]
    lasts = ["Abbot", "Bergstrom", "Castellano", "Dvorak", "Eastman", "Fitzgerald", "Grunwald"]
    return [
        client(
            f"x{i}",
            firsts[i % 8],
            lasts[i % 7] + "abcdefgh"[i // 8],
            address_line1=f"{100 + 7 * i} Elm Ave",
            city="Tuskegee",
            state="AL",
            postal_code="36083",
            phones=[f"+1334555{1000 + 13 * i}"],
            email=f"{firsts[i % 8].lower()}{i}@example.com",
        )
        for i in range(count)
    ]


def couples_cats_and_dogs(client_id: str, first: str, last: str, **more: Any) -> Side:
    """A side with one client and two pets, which the other side's client has as well."""
    animals = [
        pet(f"{client_id}1", client_id, "Biscuit", breed="Beagle", birth_date="2019-03-04"),
        pet(f"{client_id}2", client_id, "Moxie", species="cat", birth_date="2020-11-09"),
    ]
    return side([client(client_id, first, last, **{**HOME, **more})], animals)
