"""Links by the machine that a person is asked about instead, as possible matches.

Whose links those are, the callers say; what a person has decided stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.matching import MatchResult, Side

TOLD_APART = "told_apart"  # the reason where a person's *not the same* is at stake


def by_machine(rows: pd.DataFrame) -> pd.Series:
    """Which rows of a result are links that no person made."""
    return (rows["decision"] == "linked") & (rows["reason"] != "decided_same")


def ask_about_clients(
    result: MatchResult, pims: Side, asked: pd.Series, reason: str | None = None
) -> MatchResult:
    """The result with these rows of clients as possible matches, for this reason or their own.

    A pet whose owner waits by that has no row: it waits too.
    """
    clients = result.clients.copy()
    waiting = set(clients.loc[asked, "pims_id"])
    clients.loc[asked, "decision"] = "possible"
    if reason is not None:
        clients.loc[asked, "reason"] = reason
    return replace(result, clients=clients, pets=pets_without_owners(result, pims, waiting))


def pets_without_owners(result: MatchResult, pims: Side, owners: set[str]) -> pd.DataFrame:
    """The result's pets without those of PIMS clients who wait for a person."""
    theirs = pims.pets.loc[pims.pets["client_id"].isin(owners), "pet_id"]
    return result.pets[~result.pets["pims_id"].isin(theirs)].reset_index(drop=True)


def ask_about_pets(result: MatchResult, reasons: Mapping[int, str]) -> MatchResult:
    """The result with these rows of pets, by their index, as possible matches for these reasons."""
    if not reasons:
        return result
    pets = result.pets.copy()
    for place, reason in reasons.items():
        pets.loc[place, ["decision", "reason"]] = ["possible", reason]
    return replace(result, pets=pets)


def ask_about_all(result: MatchResult, pims: Side) -> tuple[MatchResult, int]:
    """The result without any link by the machine, and how many PIMS records that concerns."""
    clients = by_machine(result.clients)
    result = ask_about_clients(result, pims, clients)
    pets = result.pets.copy()
    held = by_machine(pets)
    pets.loc[held, "decision"] = "possible"
    return replace(result, pets=pets), int(clients.sum()) + int(held.sum())


def holds_links_back(connection: Connection, practice_id: str, *, unlike: bool = False) -> bool:
    """Whether the practice's scores are `unlike`, by then or now, and nobody has accepted that."""
    values = {"practice_id": practice_id, "unlike": unlike}
    return bool(connection.execute(_HELD_BACK, values).scalar())


# Of a practice `p`. In a first load its own numbers aren't in the ledger yet: `unlike` says what it
# has found.
HELD_BACK = """
    NOT coalesce((p.settings->'matching'->>'accept_drift')::boolean, false)
        AND (:unlike OR EXISTS (
            SELECT FROM scriptright.load l
            WHERE l.practice_id = p.practice_id AND l.state = 'applied'
              AND (l.counts->>'scores_unlike')::integer = 1))
"""
_HELD_BACK = text(f"""
    SELECT {HELD_BACK} FROM scriptright.practice p WHERE p.practice_id = :practice_id
""")  # noqa: S608 - constants
