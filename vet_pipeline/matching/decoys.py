"""Decoys: made-up home records that cannot be anybody in the PIMS. A link to one is false.

They are matched by themselves, so they change nothing for the real records; without the real
ones beside them they meet fewer rivals, so the rate they show is rather too high than too low.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vet_pipeline.matching.bounds import upper_bound
from vet_pipeline.matching.contract import Side
from vet_pipeline.matching.keys import folded, texts
from vet_pipeline.matching.run import DEFAULT_SETTINGS, match

Bools = np.ndarray[Any, np.dtype[np.bool_]]

if TYPE_CHECKING:
    from vet_pipeline.matching.contract import MatchSettings
    from vet_pipeline.matching.keys import Texts

#: Kinds of decoys, in turn. relative: another given name in the same household. successor:
#: somebody else of another name who has the address and the number now. cousin: another given
#: name under the same surname, with a third person's contacts. Each has a fourth one's pets.
KINDS: tuple[str, ...] = ("relative", "successor", "cousin")


@dataclass(frozen=True)
class DecoyEstimate:
    """How many decoys were linked, per kind, and the upper 95 % bound of the rate."""

    decoys: int
    linked: int
    linked_by_kind: dict[str, int]
    upper_bound: float


def estimate_false_links(
    home: Side, pims: Side, *, count: int = 2000, settings: MatchSettings = DEFAULT_SETTINGS
) -> DecoyEstimate:
    """Make decoys of PIMS clients, match them against the PIMS, count links.

    Decoys are made of the PIMS's own rows (so they resemble them as much as can be) and of
    given names that the home side or the PIMS use, never one borne under the same surname.
    """
    decoys = make_decoys(home, pims, count)
    result = match(decoys, pims, settings=settings).clients
    linked = result.loc[result["decision"] == "linked", "home_id"]
    kinds = linked.str.split("-").str[1]
    by_kind = {kind: int((kinds == kind).sum()) for kind in KINDS}
    total = len(decoys.clients)
    return DecoyEstimate(total, len(linked), by_kind, upper_bound(len(linked), total))


def make_decoys(home: Side, pims: Side, count: int) -> Side:
    """Up to `count` decoys; ids are `decoy-<kind>-<number>`. Same input, same decoys."""
    clients = pims.clients
    usable = (folded(clients, "first_name") != "") & (folded(clients, "last_name") != "")
    rows = np.flatnonzero(usable)
    drawn = np.array([_hash(client_id) for client_id in texts(clients, "client_id")[rows]])
    chosen = rows[np.argsort(drawn, kind="stable")[:count]]
    if len(chosen) < 6:
        return Side(clients.iloc[:0], pims.pets.iloc[:0])
    decoys = clients.iloc[chosen].reset_index(drop=True).astype(object)
    others, keepers = _rolled(decoys, 2), _rolled(decoys, 3)
    kinds = np.array([KINDS[i % len(KINDS)] for i in range(len(decoys))], dtype=object)
    _take(decoys, others, kinds == "successor", ("last_name",))
    _take(decoys, others, kinds == "cousin", _CONTACTS)
    decoys["first_name"] = _strange_names(home, pims, decoys)
    for column in ("email", "partner_first_name", "partner_last_name", "suffix", "organisation"):
        if column in decoys.columns:
            decoys[column] = None
    owner = texts(keepers, "client_id")
    decoys["client_id"] = [f"decoy-{kind}-{i}" for i, kind in enumerate(kinds)]
    pets = pims.pets.merge(
        pd.DataFrame({"client_id": owner, "decoy": decoys["client_id"]}), on="client_id"
    )
    pets["client_id"] = pets.pop("decoy")
    pets["pet_id"] = [f"decoy-{i}" for i in range(len(pets))]
    return Side(decoys, pets)


_CONTACTS = (
    "address_line1",
    "address_line2",
    "unit",
    "city",
    "state",
    "postal_code",
    "phones",
)


def _rolled(decoys: pd.DataFrame, part: int) -> pd.DataFrame:
    """The same rows, each at the place of another."""
    return decoys.iloc[np.roll(np.arange(len(decoys)), len(decoys) // part)].reset_index(drop=True)


def _take(
    decoys: pd.DataFrame, others: pd.DataFrame, which: Bools, columns: tuple[str, ...]
) -> None:
    for column in columns:
        if column in decoys.columns:
            decoys[column] = decoys[column].where(~which, others[column])


def _strange_names(home: Side, pims: Side, decoys: pd.DataFrame) -> Texts:
    """Per decoy a given name that begins like that of nobody of its surname or its place."""
    borne: dict[str, set[str]] = {}
    for frame in (home.clients, pims.clients, decoys):
        names = [folded(frame, given) for given in ("first_name", "partner_first_name")]
        for column in ("last_name", "address_line1"):
            for at, one, two in zip(folded(frame, column), *names, strict=True):
                borne.setdefault(at, set()).update((one[:1], two[:1]))
    pool = sorted({name for name in texts(pims.clients, "first_name") if len(name) > 2})
    made = []
    places = zip(folded(decoys, "last_name"), folded(decoys, "address_line1"), strict=True)
    for row, (surname, line) in enumerate(places):
        letters = borne[surname] | borne[line]
        at = _hash(f"{row}|{surname}") % max(len(pool), 1)
        found = (pool[(at + step) % len(pool)] for step in range(len(pool)))
        made.append(next((n for n in found if n[:1].casefold() not in letters), "Zzyzx"))
    return np.array(made, dtype=object)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
