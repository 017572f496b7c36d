"""What becomes of prescriptions in the model: their labels never change, their states may."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


def rename(at: Pharmacy, pet: str, new: str) -> None:
    """A person has stated that the pet of another name is the same animal."""
    at.attested.append((pet, at.records[pet].values["name"], new))
    for p in at.prescriptions.values():
        if p[0] == pet and p[3] != "ended":
            p[3:] = ["needs_new_prescription", new]


def new_owner(at: Pharmacy, pet: str) -> None:
    """The pet is another client's, whom no active prescription of it names."""
    for p in at.prescriptions.values():
        if p[0] == pet and p[3] == "active":
            p[3] = "owner_changed"
