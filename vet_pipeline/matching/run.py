"""`match`: owners first, then pets inside linked owners, by the engine the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vet_pipeline.matching import engine, rule
from vet_pipeline.matching.contract import (
    Decision,
    MatchResult,
    MatchSettings,
    Side,
    check_side,
    decided_pairs,
)
from vet_pipeline.matching.keys import texts
from vet_pipeline.matching.verdicts import settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vet_pipeline.matching.engine import Practice
    from vet_pipeline.matching.keys import Texts
    from vet_pipeline.matching.verdicts import Verdicts

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
    client are in `pims`; *not the same* drops the pair before rivals are counted. Raises
    UsageError on blank or repeated ids.
    """
    check_side(home, "home")
    check_side(pims, "pims")
    practice = engine.Practice.of(home, pims) if settings.engine == "model" else None
    clients, notes = _match_clients(home, pims, practice, decisions, settings)
    pets, pet_notes = _match_pets(home, pims, practice, clients, decisions, settings)
    version = rule.RULE_VERSION if practice is None else engine.model_version()
    return MatchResult(clients, pets, version, notes | pet_notes)


def _match_clients(
    home: Side,
    pims: Side,
    practice: Practice | None,
    decisions: Sequence[Decision],
    settings: MatchSettings,
) -> tuple[pd.DataFrame, dict[str, int]]:
    home_ids, pims_ids = texts(home.clients, "client_id"), texts(pims.clients, "client_id")
    not_same = decided_pairs(decisions, "client", same=False)
    if practice is None:
        verdicts, notes = rule.client_verdicts(
            home.clients, pims.clients, max_block=settings.max_block
        )
    else:
        excluded = _rows_of(not_same, home_ids, pims_ids)
        verdicts, notes = engine.client_verdicts(practice, excluded, settings)
    rows = settle(
        verdicts,
        home_ids,
        pims_ids,
        same=decided_pairs(decisions, "client", same=True),
        not_same=not_same,
        max_candidates=settings.max_candidates,
    )
    return rows, notes


def _match_pets(
    home: Side,
    pims: Side,
    practice: Practice | None,
    clients: pd.DataFrame,
    decisions: Sequence[Decision],
    settings: MatchSettings,
) -> tuple[pd.DataFrame, dict[str, int]]:
    linked = clients[clients["decision"] == "linked"]
    owner = dict(zip(linked["pims_id"], linked["home_id"], strict=True))
    owner |= {p: h for h, p in decided_pairs(decisions, "client", same=True)}
    new = set(clients.loc[clients["decision"] == "new", "pims_id"])
    same = decided_pairs(decisions, "pet", same=True)
    not_same = decided_pairs(decisions, "pet", same=False)
    home_ids, pims_ids = texts(home.pets, "pet_id"), texts(pims.pets, "pet_id")
    pims_owner = texts(pims.pets, "client_id")
    owner_home = np.array([owner.get(p, "") for p in pims_owner], dtype=object)
    verdicts, notes = _pet_verdicts(
        home, pims, practice, pims_owner, owner_home, not_same, settings
    )
    told = {pims_id for _, pims_id in same}
    answered = np.array(
        [o in owner or o in new or p in told for o, p in zip(pims_owner, pims_ids, strict=True)],
        dtype=bool,
    )
    otherwise = np.full(len(pims_ids), "nothing_alike", dtype=object)
    otherwise[owner_home == ""] = "owner_new"
    rows = settle(
        verdicts,
        home_ids,
        pims_ids,
        same=same,
        not_same=not_same,
        max_candidates=settings.max_candidates,
        once_within=pims_owner,
        otherwise=otherwise,
    )
    waiting = pims_ids[~answered]
    return rows[~rows["pims_id"].isin(waiting)].reset_index(drop=True), notes


def _pet_verdicts(
    home: Side,
    pims: Side,
    practice: Practice | None,
    pims_owner: Texts,
    owner_home: Texts,
    not_same: set[tuple[str, str]],
    settings: MatchSettings,
) -> tuple[Verdicts, dict[str, int]]:
    if practice is None:
        return rule.pet_verdicts(
            home.pets, pims.pets, texts(home.pets, "client_id"), owner_home, pims_owner
        ), {}
    excluded = _rows_of(not_same, texts(home.pets, "pet_id"), texts(pims.pets, "pet_id"))
    return engine.pet_verdicts(
        practice, texts(home.pets, "client_id"), pims_owner, owner_home, excluded, settings
    )


def _rows_of(pairs: set[tuple[str, str]], home_ids: Texts, pims_ids: Texts) -> set[tuple[int, int]]:
    """Row numbers, PIMS rows counted on from the home ones, of pairs that are both there."""
    if not pairs:
        return set()
    home_at = {h: i for i, h in enumerate(home_ids)}
    pims_at = {p: i + len(home_ids) for i, p in enumerate(pims_ids)}
    return {(home_at[h], pims_at[p]) for h, p in pairs if h in home_at and p in pims_at}
