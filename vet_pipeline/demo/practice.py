"""A demo practice: an invented PIMS file of any size, the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from vet_pipeline.demo import names, pims_file
from vet_pipeline.demo.people import Animal, Draw, Owner, seeded
from vet_pipeline.demo.places import REGIONS, Region

# A fixed day, so that the same seed gives the same file whenever it is made.
FIRST_DAY: Final = date(2026, 10, 5)
_FIRST_OWNER, _FIRST_ANIMAL = 10_000, 500_000


def make_practice(path: Path, *, clients: int, seed: int | str) -> dict[str, int]:
    """Writes a PIMS file with exactly `clients` owners and about 1.75 animals each.

    Of 100 owners about 1 is a second entry of another, 3 are the partner of another owner at the
    same address and 1 carries the name of a parent there. Returns the rows written.
    """
    rng = seeded("practice", seed)
    draw = Draw(rng, region_of(seed), FIRST_DAY, _FIRST_OWNER, _FIRST_ANIMAL)
    owners: list[Owner] = []
    while len(owners) < clients:
        owner = draw.owner()
        owners.append(owner)
        kind = rng.random()
        if len(owners) < clients and kind < 0.05 and not owner.company:
            owners.append(_another(draw, owner, kind))
    pims_file.create(path)
    with pims_file.opened(path) as connection:
        pims_file.insert(connection, owners)
    return {"clients": len(owners), "patients": sum(len(owner.animals) for owner in owners)}


def region_of(seed: int | str) -> Region:
    """The region a practice of this seed lives in."""
    return REGIONS[seeded("region", seed).randrange(len(REGIONS))]


def _another(draw: Draw, owner: Owner, kind: float) -> Owner:
    """A second owner at the same door: the same person again, the partner, or the child."""
    first = (owner.first_name or "").split(" & ")[0].title()
    if kind < 0.01:
        return _entered_twice(draw, owner, first)
    if kind < 0.04:
        woman = not owner.is_woman
        partner = replace(owner, owner_no=draw.owner_no(), title=None, is_woman=woman)
        partner.first_name = draw.first_name(woman)
        partner.email = draw.email(partner.first_name, owner.last_name or "")
        partner.phones = [(draw.phone(), "Cell"), *owner.phones[1:2]]
        partner.animals = [draw.animal()]
        return partner
    child = replace(owner, owner_no=draw.owner_no(), title=None)
    child.first_name, child.last_name = first, f"{owner.last_name} Jr"
    child.email = draw.email(first, owner.last_name or "")
    child.phones = [(draw.phone(), "Cell")]
    child.animals = [draw.animal(young=True)]
    return child


def _entered_twice(draw: Draw, owner: Owner, first: str) -> Owner:
    again = replace(owner, owner_no=draw.owner_no(), title=None)
    again.first_name = names.NICKNAMES.get(first, first)
    again.phones = owner.phones[:1] or [(draw.phone(), "Cell")]
    again.email = owner.email if draw.rng.random() < 0.6 else None
    again.animals = [_same_animal(draw, animal) for animal in owner.animals[:1]]
    return again


def _same_animal(draw: Draw, animal: Animal) -> Animal:
    return replace(animal, animal_no=draw.animal_no(), weighings=animal.weighings[:1])
