"""A missing pet's record and a newcomer like it: its new number, or the owner's next pet?

PIMS renumber, and owners name the next puppy after the last one. What the two share (owner, name,
species, often breed) says nothing about that, so the machine's link needs the animal's own data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, text

from vet_pipeline.matching import MatchResult
from vet_pipeline.scriptright.match_watch import by_machine

REASON = "missing_pet"  # beside the evidence of such a possible match


def ask_about_missing_pets(
    conn: Connection, practice_id: str, pets: pd.DataFrame, found: MatchResult
) -> MatchResult:
    """The result, where a link by the machine to a missing PIMS pet's record may be a question.

    `pets`: the PIMS pets that were asked about. It stays a link where both have a birth date, the
    same one, and the newcomer doesn't say otherwise about being dead.
    """
    links = found.pets[by_machine(found.pets)]
    if links.empty:
        return found
    ids = [int(home_id) for home_id in links["home_id"]]
    missing = {
        str(row.pet_id): row for row in conn.execute(_MISSING, {"p": practice_id, "ids": ids})
    }
    if not missing:
        return found
    columns = ["pet_id", "birth_date", "deceased"]
    asked = pets.loc[pets["pet_id"].isin(links["pims_id"]), columns]
    said = {
        row["pet_id"]: row for row in pa.Table.from_pandas(asked, preserve_index=False).to_pylist()
    }
    doubtful = [
        home_id in missing and not _is_proven(said[pims_id], missing[home_id])
        for pims_id, home_id in zip(links["pims_id"], links["home_id"], strict=True)
    ]
    changed = found.pets.copy()
    changed.loc[links.index[doubtful], ["decision", "reason"]] = ["possible", REASON]
    return replace(found, pets=changed)


def _is_proven(pims: Mapping[str, Any], home: Any) -> bool:
    born = pims["birth_date"]
    same_age = born is not None and born == home.birth_date
    return same_age and pims["deceased"] in (None, home.deceased)


_MISSING = text("""
    SELECT p.pet_id, p.birth_date, p.deceased FROM scriptright.pet p
    WHERE p.practice_id = :p AND p.pet_id IN (
        SELECT b.record_id FROM scriptright.pims_pet b
        WHERE b.practice_id = :p AND b.record_id = ANY(:ids) AND b.missing_since IS NOT NULL)
""")
