"""The pets of both sides as coded columns, like the clients in `profiles.py`."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching.arrays import Bools, Codes, Days, Places
from vet_pipeline.matching.cells import arrow
from vet_pipeline.matching.keys import Column, Vocabulary
from vet_pipeline.matching.wording import MIXED, breed_words, number_of

if TYPE_CHECKING:
    from vet_pipeline.matching.contract import Side

UNKNOWN_DAY = -(2**30)

#: So many pets of an owner tell who it is: a shelter or a breeder with more is known by them, too.
SHOWN = 40


@dataclass
class Animals:
    """Coded pets of both sides; `owner` is a row of People, -1 where unknown."""

    home_rows: int
    names: Vocabulary
    all_rows: int  # of the practice, also where this is a part of its pets
    common: Places  # how many of all have each first word of a name
    breeds: Vocabulary
    owner: Codes
    name: Codes
    head: Codes  # first word of the name
    called: Codes  # what is noted beside the name: the barn name of a horse, "(Sunny)"
    numbered: Codes  # "Rex II", "Rex (2)": 2, else 0
    species: Codes
    breed: Codes
    born: Days
    died: Days
    weighed: Days
    deceased: np.ndarray[Any, np.dtype[np.int8]]  # 1, 0, -1 unknown

    def __len__(self) -> int:
        return len(self.name)

    @cached_property
    def by_owner(self) -> tuple[Codes, Codes]:
        """Rows of pets in the order of their owners, and how many each owner up to the last has.

        Of more than SHOWN only the youngest are looked at, in whatever order the rows came.
        """
        order = np.argsort(self.owner, kind="stable")
        order = order[self.owner[order] >= 0]
        held = np.bincount(self.owner[order])
        at = np.flatnonzero(held[self.owner[order]] > SHOWN)
        rows = order[at]
        words = (
            np.array([texts[code] for code in codes[rows].tolist()], dtype=str)
            for texts, codes in ((self.breeds.texts, self.breed), (self.names.texts, self.name))
        )
        breed, name = (np.unique(part, return_inverse=True)[1] for part in words)
        keys = (self.species[rows], breed, name, -self.born[rows], self.owner[rows])
        order[at] = rows[np.lexsort(keys)]
        return order.astype(np.int32), held.astype(np.int32)

    @cached_property
    def mixed(self) -> Bools:
        """Of each breed, whether it is just *mixed*."""
        return np.array([text == MIXED for text in self.breeds.texts], dtype=bool)

    def part(self, rows: Places, owner: Codes) -> Animals:
        """These rows, in order, under other owners. How common a name is stays as in all."""
        split = int(np.searchsorted(rows, self.home_rows))
        columns = {name: getattr(self, name)[rows] for name in _COLUMNS}
        return replace(self, home_rows=split, **columns | {"owner": owner})


_COLUMNS = [field.name for field in fields(Animals)][5:]


def animals(home: Side, pims: Side, owners: tuple[Codes, Codes]) -> Animals:
    """Code the pets of both sides; owners: `owner_rows` of each."""

    def column(name: str) -> Column:
        return Column.of((home.pets, pims.pets), name)

    name, note = column("name").folded(), column("name_note").folded()
    first_words = name.map(lambda text: text.split(" ")[0])
    names, (name_code, head, called) = Vocabulary.of(name, first_words, note)
    breeds, (breed,) = Vocabulary.of(column("breed").map(breed_words))
    deceased = pa.concat_arrays(
        [arrow(side.pets, "deceased").cast(pa.bool_()).cast(pa.int8()) for side in (home, pims)]
    )
    return Animals(
        home_rows=len(home.pets),
        names=names,
        all_rows=len(head),
        common=np.bincount(head, minlength=len(names.texts)),
        breeds=breeds,
        owner=_owners(home, pims, owners),
        name=name_code,
        head=head,
        called=called,
        numbered=_numbered(name, note),
        species=column("species").folded().distinct_codes(),
        breed=breed,
        born=_days(home, pims, "birth_date"),
        died=_days(home, pims, "deceased_on"),
        weighed=_days(home, pims, "weighed_on"),
        deceased=pc.fill_null(deceased, -1).to_numpy(),
    )


def _numbered(name: Column, note: Column) -> Codes:
    behind_name, in_note = (
        np.array([number_of(f"{before}{word}") for word in column.words], dtype=np.int32)
        for column, before in ((name, ""), (note, "name "))
    )
    said = behind_name[name.codes]
    return np.where(said > 0, said, in_note[note.codes]).astype(np.int32)


def _owners(home: Side, pims: Side, owners: tuple[Codes, Codes]) -> Codes:
    """Row of each pet's owner, PIMS rows counted on from the home ones."""
    owner = np.concatenate(owners)
    later = owner[len(home.pets) :]
    later[later >= 0] += len(home.clients)
    for start, side in ((0, home), (len(home.pets), pims)):
        ids = arrow(side.pets, "client_id")
        if ids.null_count:  # nobody's, even where a client's id is ''
            owner[start + np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))] = -1
    return owner


def _days(home: Side, pims: Side, field: str) -> Codes:
    """Days since 1970; UNKNOWN_DAY where missing."""
    parts = [arrow(side.pets, field).cast(pa.date32()) for side in (home, pims)]
    days = pc.fill_null(pa.concat_arrays(parts).cast(pa.int32()), UNKNOWN_DAY)
    return np.asarray(days.to_numpy(), dtype=np.int32)
