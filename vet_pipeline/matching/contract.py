"""What goes into the matcher and what comes out: sides, decisions, settings, results.

No comparing and no rules here. Frames are described by their columns; ids are opaque text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from vet_pipeline.errors import UsageError
from vet_pipeline.policy import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

Outcome = Literal["linked", "possible", "new"]

#: Columns of both frames of a `MatchResult`, in order.
RESULT_COLUMNS: tuple[str, ...] = (
    "pims_id",
    "home_id",
    "decision",
    "score",
    "reason",
    "evidence",
)

#: What forbids the machine a link, whatever the bits say, and how a person is told it, who may link.
VETOES: dict[str, str] = {
    "pets_differ": "both have pets, and no two of them are alike",
    "first_names_differ": "the given names, or Mr and Mrs before an initial or none, are two people's",
    "name_alone": "hardly more than the name agrees",
    "names_only_alike": "the names are only alike, and two may be called so",
    "surnames_differ": "the surnames differ, and too little says that one is a married name",
    "generations_differ": "one is Jr and the other Sr, or one alone is and numbers or emails differ",
    "organisations_differ": "two organisations, or one and a person who may only speak for it",
    "couple_apart": "a couple and one of the two, or another couple: they may have parted",
    "species_differ": "two species",
    "names_differ": "the names have nothing in common",
    "numbers_differ": "the numbers behind the names differ",
    "name_common": "others may have this name, too, and nothing says surely which one it is",
    "birth_dates_differ": "both birth dates are known, and more than a year apart",
    "life_dates_contradict": "one had died before the other was born or weighed",
}

#: All that is read of a side's frames beside their ids.
CLIENT_FIELDS: tuple[str, ...] = (
    "title", "first_name", "last_name", "suffix", "partner_first_name", "partner_last_name",
    "organisation", "name_note", "address_line1", "address_line2", "unit", "city", "postal_code",
    "phones", "email",
)  # fmt: skip
PET_FIELDS: tuple[str, ...] = (
    "name", "name_note", "species", "breed", "birth_date", "weighed_on", "deceased",
    "deceased_on",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """The clients and pets of one side, normalized.

    clients: `client_id` and the columns of CLIENT_SCHEMA except `pims_client_id`.
    pets: `pet_id`, `client_id` and the columns of PET_SCHEMA except `pims_pet_id` and
    `pims_client_id`. Missing columns count as blank; ids must be unique and not blank.
    """

    clients: pd.DataFrame
    pets: pd.DataFrame
    # Of the PIMS side: (client_id, home pet_id) where no pet of the client here can be that pet,
    # as other animals have it. Dropped as by *not the same*, without a line for each two pets.
    taken: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Decision:
    """What a person said about a pair: sticky. The caller drops those whose data changed since."""

    record: Record
    pims_id: str
    home_id: str
    same: bool


@dataclass(frozen=True)
class MatchSettings:
    """Thresholds of one practice. Scores are bits: log2 of the odds for *the same*.

    A link needs `*_link_bits`, a possible match `*_possible_bits`.
    """

    client_link_bits: float | None = None  # None: the calibrated threshold of the model file
    client_possible_bits: float | None = None
    pet_link_bits: float | None = None
    pet_possible_bits: float | None = None


@dataclass(frozen=True)
class MatchResult:
    """Exactly one *linked* or *new* row per PIMS record, or one *possible* row per candidate.

    clients and pets: RESULT_COLUMNS. `home_id` is NA for new ones; `score` is bits (NA where
    nothing was compared or a person decided); `reason` is a short machine word; `evidence` is
    JSON text without any value of a record. `pets` has no row for a pet whose owner waits for
    a person or isn't known: such a pet waits with its owner.
    """

    clients: pd.DataFrame
    pets: pd.DataFrame
    model_version: str
    notes: dict[str, int] = field(default_factory=dict)  # counts: what was capped or left out


def check_side(side: Side, name: str) -> None:
    """Raise UsageError when an id column is missing, blank or not unique."""
    for frame, columns in ((side.clients, ["client_id"]), (side.pets, ["pet_id", "client_id"])):
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            raise UsageError(
                f"the {name} side lacks {', '.join(missing)}",
                next_step="give every client a client_id and every pet a pet_id and client_id",
            )
        ids = frame[columns[0]]
        if bool(ids.isna().any()) or not ids.is_unique:
            raise UsageError(
                f"{columns[0]} of the {name} side is blank or repeated",
                next_step="make the ids unique",
            )


def decided_pairs(
    decisions: Sequence[Decision], record: Record, *, same: bool
) -> set[tuple[str, str]]:
    """(home_id, pims_id) of the pairs a person decided so."""
    return {(d.home_id, d.pims_id) for d in decisions if d.record == record and d.same is same}
