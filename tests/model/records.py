"""What the model is made of: rows of a snapshot, records of ScriptRight, and where a life starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.model.rules import Value

FIELDS = {
    "client": ("name", "address", "phones", "email"),
    "pet": ("name", "breed", "age", "weight", "deceased"),
}


@dataclass
class Row:
    """One row of a snapshot: what the PIMS says, and whether it can be read at all."""

    record: str
    values: dict[str, Value]
    owner: str | None = None
    readable: bool = True
    slips: frozenset[str] = frozenset()  # fields whose text nobody can read; their value is None


@dataclass
class Record:
    """A client or a pet of ScriptRight."""

    record: str
    origin: str
    values: dict[str, Value]
    owner: str | None = None


@dataclass
class Start:
    """Home-delivery records and what the matcher will say of PIMS records."""

    home: dict[str, Record]
    prescriptions: dict[str, tuple[str, str, str]]  # name: pet, client, label
    told: dict[str, tuple[str, tuple[str, ...]]]  # PIMS id: linked | possible, home records

    def add_family(self, n: str, family: dict[str, Any], *, bare: dict[str, Value]) -> None:
        """Its home client H with the pet A, and G, of whom little is known."""
        self.home[n + "H"] = Record("client", "home_delivery", dict(family["home"]))
        self.home[n + "G"] = Record("client", "home_delivery", dict(bare))
        self.home[n + "A"] = Record("pet", "home_delivery", dict(family["pet"]), n + "H")
        self.prescriptions[n] = (n + "A", n + "H", "Rexy")
        for who, (verdict, homes) in family["told"].items():
            self.told[n + who] = (verdict, tuple(n + home for home in homes))


def copied(rows: dict[str, Row]) -> dict[str, Row]:
    """The rows as they are now."""
    return {p: Row(r.record, dict(r.values), r.owner, r.readable, r.slips) for p, r in rows.items()}


# A PIMS numbers clients and pets apart: a client's key is a pet's, too. In the model each is one.
_KEYS, _PIDS = str.maketrans("pqr", "abs"), str.maketrans("abs", "pqr")


def key_of(record: str, pid: str) -> str:
    """What the PIMS calls a record of the model."""
    return pid.translate(_KEYS) if record == "pet" else pid


def pid_of(record: str, key: str) -> str:
    """What the model calls a record of the PIMS."""
    return key.translate(_PIDS) if record == "pet" else key
