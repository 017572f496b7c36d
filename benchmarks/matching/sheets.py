"""Two files of a made-up place as they are written row by row, with the truth beside each row.

What a row says is the place's own (`towns`, `communities`); truth as in `benchmarks.matching.draws`,
and of each row also its `kind` of household and what is odd about how it is `written`.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pandas as pd

from benchmarks.matching.draws import CLIENT_COLUMNS, PET_COLUMNS, Draw
from benchmarks.matching.world import Address

SIDES = ("home", "pims")
_TRUTH = ["account", "holder", "household", "kind", "written"]

Person = TypeVar("Person")
Pet = TypeVar("Pet")


@dataclass
class Account(Generic[Person, Pet]):
    """Whom a practice or the pharmacy calls a client, as every place has it."""

    id: int
    household: int
    kind: str
    people: list[Person]
    address: Address
    landline: str
    pets: list[Pet]
    business: str = ""
    only: str = ""  # the one file that has it


A = TypeVar("A", bound=Account[Any, Any])


class Sheets(ABC, Generic[A]):
    """Both files so far."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.rows: dict[str, list[list[str]]] = {"home": [], "pims": []}
        self.pets: dict[str, list[list[str]]] = {"home": [], "pims": []}
        self.truth: dict[str, list[tuple[int, str, int, str, str]]] = {"home": [], "pims": []}
        self.pet_truth: dict[str, list[int]] = {"home": [], "pims": []}
        self.said: set[str] = set()  # what is odd about the row that is being written

    @abstractmethod
    def write(self, account: A, side: str) -> str:
        """One row of a client, and its pets; whom of the account it names: h1, h2 or joint."""

    def chance(self, rate: float, what: str = "") -> bool:
        """Whether it happens; with `what`, something that goes wrong and is noted."""
        found = self.rng.random() < rate
        if found and what:
            self.said.add(what)
        return found

    def write_all(self, accounts: Iterable[A]) -> None:
        """Half of them to both files, the others to one; one in fifty twice."""
        for account in accounts:
            share = self.rng.random()
            sides = SIDES if share < 0.5 else (SIDES[share < 0.75],)
            for side in (account.only,) if account.only else sides:
                for _ in range(2 if self.rng.random() < 0.02 else 1):
                    self.said = set()
                    holder = self.write(account, side)
                    how = "|".join(sorted(self.said))
                    self.truth[side].append(
                        (account.id, holder, account.household, account.kind, how)
                    )

    def draw(self, name: str) -> Draw:
        """Both files and the truth."""
        frames = {}
        for side in SIDES:
            frames[f"{side}_clients"] = pd.DataFrame(self.rows[side], columns=CLIENT_COLUMNS)
            frames[f"{side}_pets"] = pd.DataFrame(self.pets[side], columns=PET_COLUMNS)
            truth = pd.DataFrame(self.truth[side], columns=_TRUTH)
            truth.insert(0, "client_id", frames[f"{side}_clients"]["client_id"])
            pets = frames[f"{side}_pets"][["pet_id"]].assign(pet=self.pet_truth[side])
            frames |= {f"{side}_truth": truth, f"{side}_pet_truth": pets}
        return Draw(name, **frames)
