"""Newcomers among the pets whose owner's row may be another client's by now (handed_on.py).

They would be pets of the client that the row feeds, and what is sent for them would go to that one's
house. They wait until a person has said who the owner is, or the PIMS gives them another one.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from vet_pipeline.scriptright.load.apply_changes import changes_of
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.load.came_back import mark_what_came_back
from vet_pipeline.scriptright.load.handed_on import ask_about_another
from vet_pipeline.scriptright.records.in_question import clients_in_question
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD


def pets_set_aside(load: LoadInHand, writes: PendingWrites) -> list[str]:
    """PIMS ids of the new and waiting pets that wait for that; not those that the matcher knows."""
    if load.delta.is_first_load:
        return []
    pets, matched = load.newcomers("pet"), {m.pims_id for m in load.matched("pet")}
    pets = pets[~pets["pims_pet_id"].isin(matched)]
    keys = set(pets["pims_client_id"].dropna())
    if not keys:
        return []
    conventions = load.delta.conventions
    asked = clients_in_question(load.connection, load.practice_id, keys, conventions)
    asked |= _asked_now(load, writes, keys)
    return list(pets.loc[pets["pims_client_id"].isin(asked), "pims_pet_id"])


def _asked_now(load: LoadInHand, writes: PendingWrites, keys: AbstractSet[str]) -> set[str]:
    """Of which of these clients this load is going to ask it."""
    table = load.delta.changes
    lines = table[(table["record"] == "client") & table["pims_id"].isin(keys)]
    changes = mark_what_came_back(load, "client", changes_of(load, "client", lines)[0])
    writes.read("client", {change.record_id for change in changes})
    asked = ask_about_another(load, writes, "client", changes)
    return {change.pims_id for change in asked if change.reason == ANOTHER_RECORD}
