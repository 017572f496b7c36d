"""Newcomers among the pets whose owner's row may be another client's by now (handed_on.py).

They would be pets of the client that the row feeds, and what is sent for them would go to that
one's house. They wait until a person has said who the owner is, or the PIMS gives them another one;
and nothing is linked to that one's own pets by the machine.
"""

from __future__ import annotations

from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.records.in_question import clients_in_question


def set_pets_aside(load: LoadInHand) -> list[str]:
    """PIMS ids of the new and waiting pets that wait for that; their links aren't made.

    Not of those of which a person is asked whether they are one of that one's pets.
    """
    if load.delta.is_first_load:
        return []
    pets, possible = load.newcomers("pet"), {m.pims_id for m in load.matched("pet", "possible")}
    pets = pets[~pets["pims_pet_id"].isin(possible)]
    keys = set(pets["pims_client_id"].dropna())
    if not keys:
        return []
    conventions = load.delta.conventions
    asked = clients_in_question(load.connection, load.practice_id, keys, conventions)
    aside = set(pets.loc[pets["pims_client_id"].isin(asked), "pims_pet_id"])
    load.matches = [m for m in load.matches if m.record == "client" or m.pims_id not in aside]
    return sorted(aside)
