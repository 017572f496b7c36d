"""A pet that was born after ScriptRight had the record that the matcher takes it for.

Owners name the next puppy after the last one, often of the same breed. Where the web shop's record
says no birth date, name, species and breed agree and nothing contradicts; but its prescriptions
were written before this animal was born.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.matching import MatchResult
from vet_pipeline.scriptright.load.match_watch import by_machine

REASON = "born_later"  # beside the evidence of such a possible match


def ask_about_born_later(
    conn: Connection, practice_id: str, pets: pd.DataFrame, found: MatchResult
) -> MatchResult:
    """The result, where a machine's link to a record older than the PIMS pet is a question.

    `pets`: the PIMS pets that were asked about. A birth date may be a slip, so a person may say
    that they are one.
    """
    links = found.pets[by_machine(found.pets)]
    if links.empty:
        return found
    born = pets.set_index("pet_id")["birth_date"].reindex(links["pims_id"])
    pairs = list(zip(links.index, links["home_id"], born, strict=True))
    dated = [(place, int(home_id), day) for place, home_id, day in pairs if not pd.isna(day)]
    values = {
        "p": practice_id,
        "places": [int(place) for place, _, _ in dated],
        "pets": [pet_id for _, pet_id, _ in dated],
        "born": [str(day) for _, _, day in dated],
    }
    later = list(conn.execute(_BORN_LATER, values).scalars()) if dated else []
    if not later:
        return found
    changed = found.pets.copy()
    changed.loc[later, ["decision", "reason"]] = ["possible", REASON]
    return replace(found, pets=changed)


_BORN_LATER = text("""
    SELECT w.place
    FROM unnest(CAST(:places AS bigint[]), CAST(:pets AS bigint[]), CAST(:born AS date[]))
        AS w (place, pet_id, born)
    JOIN scriptright.pet p ON p.practice_id = :p AND p.pet_id = w.pet_id
    WHERE w.born > (p.created_at AT TIME ZONE 'UTC')::date
    ORDER BY w.place
""")
