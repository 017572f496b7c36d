"""Which pets are compared: those of owners who are linked. Nothing is compared here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from vet_pipeline.matching.arrays import Bools, Codes, Wide
from vet_pipeline.matching.cells import numbered, places, text

if TYPE_CHECKING:
    from vet_pipeline.matching.contract import Side
    from vet_pipeline.matching.verdicts import Settled


@dataclass
class Owners:
    """Per pet the home client it belongs to, directly or through its owner's link; 0 is none."""

    home: Wide
    pims: Wide
    pims_owner: Wide  # tells the PIMS owners apart
    answered: Bools  # per PIMS pet: its owner is linked or new, and doesn't wait
    clients: pa.StringArray  # the home clients; `clients[0]` is ''


def owner_rows(side: Side) -> Codes:
    """Row of each pet's owner among the side's clients, -1 where it isn't there."""
    return places(text(side.pets, "client_id"), text(side.clients, "client_id"))


def owners_of_pets(
    home: Side, pims: Side, rows: Codes, clients: Settled, said: dict[str, str]
) -> Owners:
    """The owners once the clients are settled.

    rows: `owner_rows` of the PIMS side. said: the home client of each PIMS client that a person
    linked; that one needn't be among the PIMS side's clients.
    """
    linked_pims, linked_home = clients.links()
    linked_ids = text(home.clients, "client_id").take(pa.array(linked_home))
    code, distinct = numbered(linked_ids, pa.array(list(said.values()), pa.string()))
    link = np.zeros(len(pims.clients) + 1, dtype=np.int64)  # the last one: owner isn't there
    link[linked_pims] = code[: len(linked_pims)]
    settled = np.r_[clients.new, False]
    settled[linked_pims] = True
    group, answered, owner = link[rows], settled[rows], rows.astype(np.int64)
    if said:
        place = places(text(pims.pets, "client_id"), pa.array(list(said), pa.string()))
        told = np.flatnonzero(place >= 0)
        group[told] = code[len(linked_pims) :][place[told]]
        answered[told] = True
        owner[told] = len(pims.clients) + place[told]
    at_home = np.maximum(places(text(home.pets, "client_id"), distinct), 0)
    return Owners(at_home.astype(np.int64), group, owner, answered, distinct)
