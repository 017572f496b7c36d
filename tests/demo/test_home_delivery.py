"""Home Delivery clients stand to the PIMS as the demo says, traps included."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.demo.reading import clients
from vet_pipeline.demo.home_delivery import KINDS, home_delivery_clients
from vet_pipeline.demo.practice import make_practice

FIRST, LAST, STREET, EMAIL, PHONE = 1, 2, 5, 11, 12


def test_the_kinds_come_in_their_shares(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=300, seed="elm")
    home = home_delivery_clients(path, clients=120, seed="elm")
    assert Counter(kind for kind, _ in home.truth.values()) == KINDS
    assert len(home.clients) == 120


def test_one_of_the_kind_same_is_the_owner_and_a_partner_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=300, seed="elm")
    home = home_delivery_clients(path, clients=120, seed="elm")
    in_pims = clients(path)
    rows = {row["client_key"]: row for row in home.clients.to_dict("records")}
    for key, (kind, owner_no) in home.truth.items():
        if kind not in ("same", "partner"):
            continue
        row, owner = rows[key], in_pims[str(owner_no)]
        same_email = row["email"] == owner[EMAIL]
        same_phone = json.loads(row["phones"])[0][0] == owner[PHONE]
        same_door = row["address_line1"].casefold() == str(owner[STREET]).casefold()
        expected = (True, True, True) if kind == "same" else (False, False, True)
        assert (same_email, same_phone, same_door) == expected, kind


def test_prescriptions_are_for_pets_of_home_delivery_clients(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=300, seed="elm")
    home = home_delivery_clients(path, clients=120, seed="elm")
    assert home.prescriptions
    assert {pet for pet, _ in home.prescriptions} <= set(home.patients["patient_key"])
    assert set(home.patients["client_key"]) == set(home.clients["client_key"])
