"""Decoys: made-up home records that cannot be anybody in the PIMS. A link to one is false.

They are matched by themselves, so they change nothing for the real records; without the real
ones beside them they meet fewer rivals, so the rate they show is rather too high than too low.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.bounds import upper_bound
from vet_pipeline.matching.cells import arrow, text
from vet_pipeline.matching.contract import CLIENT_FIELDS, PET_FIELDS, Side
from vet_pipeline.matching.keys import Column, distinct
from vet_pipeline.matching.run import DEFAULT_SETTINGS, linked_home_clients

if TYPE_CHECKING:
    from vet_pipeline.matching.contract import MatchSettings

#: Kinds of decoys, in turn. relative: another given name in the same household. successor:
#: somebody else of another name who has the address and the number now. cousin: another given
#: name under the same surname, with a third person's contacts. Each has a fourth one's pets.
KINDS: tuple[str, ...] = ("relative", "successor", "cousin")


@dataclass(frozen=True)
class DecoyEstimate:
    """How many decoys were linked, and the upper 95 % bound of the rate."""

    decoys: int
    linked: int
    upper_bound: float


def estimate_false_links(
    home: Side, pims: Side, *, count: int = 2000, settings: MatchSettings = DEFAULT_SETTINGS
) -> DecoyEstimate:
    """Make decoys of PIMS clients, match them against the PIMS, count links.

    Decoys are made of the PIMS's own rows (so they resemble them as much as can be) and of
    given names that the home side or the PIMS use, never one borne under the same surname.
    """
    decoys = make_decoys(home, pims, count)
    linked = linked_home_clients(decoys, pims, settings)
    total = len(decoys.clients)
    return DecoyEstimate(total, len(linked), upper_bound(len(linked), total))


def make_decoys(home: Side, pims: Side, count: int) -> Side:
    """Up to `count` decoys; ids are `decoy-<kind>-<number>`. Same input, same decoys."""
    clients = pims.clients
    first, last = (Column.of([clients], name).folded() for name in ("first_name", "last_name"))
    rows = np.flatnonzero((first.distinct_codes() > 0) & (last.distinct_codes() > 0))
    ids = text(clients, "client_id")
    drawn = np.array([_hash(client_id) for client_id in ids.take(pa.array(rows)).to_pylist()])
    own = rows[np.argsort(drawn, kind="stable")[:count]]
    if len(own) < 6:
        return Side(clients.iloc[:0], pims.pets.iloc[:0])
    others, keepers = np.roll(own, len(own) // 2), np.roll(own, len(own) // 3)
    kind = np.arange(len(own)) % len(KINDS)
    ids_of_decoys = pa.array([f"decoy-{KINDS[k]}-{i}" for i, k in enumerate(kind.tolist())])
    columns = {"client_id": ids_of_decoys}
    for name in CLIENT_FIELDS:
        if name in clients.columns:
            moved = np.array([name in _OF_ANOTHER.get(k, ()) for k in KINDS], dtype=bool)[kind]
            columns[name] = text(clients, name).take(pa.array(np.where(moved, others, own)))
    decoys = _frame(columns)
    decoys["first_name"] = _strange_names(home, pims, decoys)
    for name in _LEFT_OUT:
        if name in decoys.columns:
            decoys[name] = None
    return Side(decoys, _pets_of(pims, ids.take(pa.array(keepers)), ids_of_decoys))


#: What a decoy has of another one's client than the rest.
_OF_ANOTHER = {
    "successor": ("last_name",),
    "cousin": ("address_line1", "address_line2", "unit", "city", "postal_code", "phones"),
}
_NOBODYS = "Zzyzx"
_LEFT_OUT = (
    "title", "email", "partner_first_name", "partner_last_name", "suffix", "organisation",
    "name_note",
)  # fmt: skip


def _pets_of(pims: Side, keepers: pa.StringArray, decoys: pa.StringArray) -> pd.DataFrame:
    """The pets of each keeper as its decoy's."""
    decoy = pc.index_in(arrow(pims.pets, "client_id").cast(pa.string()), value_set=keepers)
    rows = np.flatnonzero(decoy.is_valid().to_numpy(zero_copy_only=False))
    columns = {
        "pet_id": pa.array([f"decoy-{i}" for i in range(len(rows))], pa.string()),
        "client_id": decoys.take(decoy.drop_null()),
    }
    for name in PET_FIELDS:
        if name in pims.pets.columns:
            columns[name] = arrow(pims.pets, name).take(pa.array(rows))
    return _frame(columns)


def _frame(columns: dict[str, pa.Array]) -> pd.DataFrame:
    frame: pd.DataFrame = pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


@dataclass
class Names:
    """Given names of more than two letters in order, and where each initial begins."""

    names: list[str]
    initials: list[str]
    starts: list[int]

    @classmethod
    def of(cls, names: pa.StringArray) -> Names:
        """The distinct ones of these."""
        long = sorted(name for name in names.unique().to_pylist() if len(name) > 2)
        initials = [name[:1].casefold() for name in long]
        starts = [i for i, one in enumerate(initials) if not i or one != initials[i - 1]]
        return cls(long, initials, starts)

    def other(self, draw: int, letters: set[str]) -> str:
        """The first name from a drawn one on that begins with none of the letters."""
        if not self.names:
            return _NOBODYS
        at = draw % len(self.names)
        following = bisect_right(self.starts, at)
        # Names of one initial stand together, so only the first of each is looked at.
        for place in (at, *self.starts[following:], *self.starts[:following]):
            if self.initials[place] not in letters:
                return self.names[place]
        return _NOBODYS


def _strange_names(home: Side, pims: Side, decoys: pd.DataFrame) -> list[str]:
    """Per decoy a given name that begins like that of nobody of its surname or its place."""
    surnames, lines = (_folded_texts(decoys, name) for name in ("last_name", "address_line1"))
    borne: dict[str, set[str]] = {at: set() for at in (*surnames, *lines)}
    for frame in (home.clients, pims.clients, decoys):
        _add_initials(frame, borne)
    pool = Names.of(text(pims.clients, "first_name"))
    made = []
    for row, (surname, line) in enumerate(zip(surnames, lines, strict=True)):
        made.append(pool.other(_hash(f"{row}|{surname}"), borne[surname] | borne[line]))
    return made


def _folded_texts(frame: pd.DataFrame, name: str) -> list[str]:
    column = Column.of([frame], name).folded()
    return [column.words[code] for code in column.codes.tolist()]


def _add_initials(frame: pd.DataFrame, borne: dict[str, set[str]]) -> None:
    """Under each surname and line of `borne` the first letters of all given names with it."""
    given = [Column.of([frame], n).folded() for n in ("first_name", "partner_first_name")]
    initials = [np.array([ord(w[0]) if w else 0 for w in c.words])[c.codes] for c in given]
    for name in ("last_name", "address_line1"):
        column = Column.of([frame], name).folded()
        wanted = np.array([word in borne for word in column.words], dtype=bool)
        rows = np.flatnonzero(wanted[column.codes])
        for letters in initials:
            pairs = distinct(column.codes[rows].astype(np.int64) << 8 | letters[rows])
            for pair in pairs[pairs & 255 > 0].tolist():
                borne[column.words[pair >> 8]].add(chr(pair & 255))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
