"""A missing pet's record and a newcomer like it: its new number, or the owner's next pet?

Missing is one, too, whose row says another animal by now.

PIMS renumber, and owners name the next puppy after the last one. What the two share (owner, name,
species, often breed) says nothing about that, so the machine's link needs the animal's own data.
Littermates share the birth date too, so it needs the name as well: Bella's is not Stella's record.
Nor does the machine link a newcomer to a pet that a missing one was told apart from: it may be that
one's new number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, text

from vet_pipeline.matching import MatchResult
from vet_pipeline.scriptright.load.match_watch import by_machine
from vet_pipeline.scriptright.records.identity import LAST_WORDS

REASON = "missing_pet"  # beside the evidence of such a possible match
TOLD_APART = "told_apart"  # the same, where a person's *not the same* is at stake


def ask_about_missing_pets(
    conn: Connection,
    practice_id: str,
    pets: pd.DataFrame,
    found: MatchResult,
    others: list[str],
) -> MatchResult:
    """The result, where a link by the machine to a missing PIMS pet's record may be a question.

    `pets`: the PIMS pets that were asked about; `others`: those in the PIMS that say another by now.
    It stays a link where both have one name (or forms of it) and the same birth date, and the
    newcomer doesn't say otherwise about being dead. Nothing is linked to a pet that a missing PIMS
    pet was told apart from.
    """
    links = found.pets[by_machine(found.pets)]
    if links.empty:
        return found
    where = {"p": practice_id, "ids": [int(home_id) for home_id in links["home_id"]]}
    gone = conn.execute(_MISSING, where | {"others": others})
    missing = {str(row.pet_id): row for row in gone}
    apart = {str(pet_id) for pet_id in conn.execute(_TOLD_APART, where).scalars()}
    if not missing and not apart:
        return found
    columns = ["pet_id", "name", "birth_date", "deceased"]
    asked = pets.loc[pets["pet_id"].isin(links["pims_id"]), columns]
    said = {
        row["pet_id"]: row for row in pa.Table.from_pandas(asked, preserve_index=False).to_pylist()
    }
    changed = found.pets.copy()
    for place, pims_id, home_id in zip(
        links.index, links["pims_id"], links["home_id"], strict=True
    ):
        if home_id in apart:
            changed.loc[place, ["decision", "reason"]] = ["possible", TOLD_APART]
        elif home_id in missing and not _is_proven(said[pims_id], missing[home_id]):
            changed.loc[place, ["decision", "reason"]] = ["possible", REASON]
    return replace(found, pets=changed)


def _is_proven(pims: Mapping[str, Any], home: Any) -> bool:
    from vet_pipeline.matching import same_pet_name  # loads the engine, which has run by now

    born = pims["birth_date"]
    same_age = born is not None and born == home.birth_date
    same_animal = same_age and same_pet_name(pims["name"], home.name)
    return same_animal and pims["deceased"] in (None, home.deceased)


_MISSING = text("""
    SELECT p.pet_id, p.name, p.birth_date, p.deceased FROM scriptright.pet p
    WHERE p.practice_id = :p AND p.pet_id IN (
        SELECT b.record_id FROM scriptright.pims_pet b
        WHERE b.practice_id = :p AND b.record_id = ANY(:ids)
          AND (b.missing_since IS NOT NULL OR b.pims_id = ANY(:others)))
""")
_TOLD_APART = text(f"""
    SELECT DISTINCT d.record_id FROM ({LAST_WORDS}) d
    JOIN scriptright.pims_pet b ON b.practice_id = :p AND b.pims_id = d.pims_id
    WHERE d.record = 'pet' AND NOT d.same AND d.record_id = ANY(:ids)
      AND b.missing_since IS NOT NULL
""")  # noqa: S608 - a constant
