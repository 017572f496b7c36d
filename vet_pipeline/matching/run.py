"""`match`: owners first, then pets inside linked owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.matching import engine
from vet_pipeline.matching.cells import text
from vet_pipeline.matching.contract import (
    Decision,
    MatchResult,
    MatchSettings,
    Side,
    check_side,
    decided_pairs,
)
from vet_pipeline.matching.owners import owners_of_pets
from vet_pipeline.matching.taken_pets import TakenPets
from vet_pipeline.matching.verdicts import result_frame, rows_of, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from vet_pipeline.matching.engine import Practice
    from vet_pipeline.matching.verdicts import Settled

DEFAULT_SETTINGS = MatchSettings()


def match(
    home: Side,
    pims: Side,
    *,
    decisions: Sequence[Decision] = (),
    settings: MatchSettings = DEFAULT_SETTINGS,
) -> MatchResult:
    """Which PIMS clients and pets are which of the home ones.

    The result depends neither on the order of rows nor on the run. One PIMS record never links
    to two; several PIMS clients may link to one home client; pets link one to one inside a
    linked owner. A person's *same* links without looking, also when only the pets of that PIMS
    client are in `pims`; *not the same* drops the pair before rivals are counted, and so does
    `pims.taken` unless a person said *same*. Raises UsageError on blank or repeated ids.
    """
    practice = _coded(home, pims)
    clients, notes = _settle_clients(practice, decisions, settings)
    home_ids, pims_ids = text(home.clients, "client_id"), text(pims.clients, "client_id")
    nothing = pa.repeat("nothing_alike", len(pims_ids))
    rows = result_frame(clients, home_ids, pims_ids, nothing)
    pets, pet_notes = _match_pets(practice, clients, decisions, settings)
    return MatchResult(rows, pets, engine.model_version(), notes | pet_notes)


def linked_home_clients(home: Side, pims: Side, settings: MatchSettings) -> list[str]:
    """The home id of each client link of `match`, without its pets and reasons."""
    settled, _ = _settle_clients(_coded(home, pims), (), settings)
    ids = text(home.clients, "client_id").take(pa.array(settled.links()[1]))
    return list(ids.to_pylist())


def _coded(home: Side, pims: Side) -> Practice:
    check_side(home, "home")
    check_side(pims, "pims")
    return engine.Practice.of(home, pims)


def _settle_clients(
    practice: Practice, decisions: Sequence[Decision], settings: MatchSettings
) -> tuple[Settled, dict[str, int]]:
    home_ids, pims_ids = (text(side.clients, "client_id") for side in practice.sides)
    same = decided_pairs(decisions, "client", same=True)
    not_same = decided_pairs(decisions, "client", same=False)
    linked = _rows_of(same, home_ids, pims_ids)
    excluded = _rows_of(not_same, home_ids, pims_ids)
    verdicts, notes = engine.client_verdicts(practice, excluded, linked, settings)
    return settle(verdicts, home_ids, pims_ids, same), notes


def _match_pets(
    practice: Practice,
    clients: Settled,
    decisions: Sequence[Decision],
    settings: MatchSettings,
) -> tuple[pd.DataFrame, dict[str, int]]:
    home, pims = practice.sides
    linked = {p: h for h, p in sorted(decided_pairs(decisions, "client", same=True))}
    owners = owners_of_pets(home, pims, practice.pims_owners, clients, linked)
    home_ids, pims_ids = text(home.pets, "pet_id"), text(pims.pets, "pet_id")
    same = decided_pairs(decisions, "pet", same=True)
    not_same = decided_pairs(decisions, "pet", same=False)
    taken = TakenPets.of(home, pims, _rows_of(same, home_ids, pims_ids))
    excluded = _rows_of(not_same, home_ids, pims_ids)
    verdicts, notes = engine.pet_verdicts(practice, owners, excluded, taken, settings)
    settled = settle(verdicts, home_ids, pims_ids, same, text(pims.pets, "client_id"))
    otherwise = pc.if_else(pa.array(owners.pims > 0), "nothing_alike", "owner_new")
    answered = owners.answered.copy()
    answered[list(settled.decided)] = True
    return result_frame(settled, home_ids, pims_ids, otherwise, answered), notes


def _rows_of(
    pairs: set[tuple[str, str]], home_ids: pa.StringArray, pims_ids: pa.StringArray
) -> set[tuple[int, int]]:
    """Row numbers, PIMS rows counted on from the home ones, of pairs that are both there."""
    home_at = rows_of(home_ids, {h for h, _ in pairs})
    pims_at = rows_of(pims_ids, {p for _, p in pairs})
    split = len(home_ids)
    return {(home_at[h], pims_at[p] + split) for h, p in pairs if h in home_at and p in pims_at}
