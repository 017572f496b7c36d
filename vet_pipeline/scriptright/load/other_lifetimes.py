"""A pet that was born after, or had died before, ScriptRight had the record it is matched to.

Owners name the next puppy after the last one, often of the same breed. Where the web shop's record
says no birth date, name, species and breed agree and nothing contradicts; but its prescriptions
were written before this animal was born, or it was made for a living one when this one was long
dead.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.matching import MatchResult
from vet_pipeline.scriptright.load.match_watch import by_machine

#: Beside the evidence of such possible matches.
REASONS = ("born_later", "died_earlier")


def ask_about_other_lifetimes(
    conn: Connection, practice_id: str, pets: pd.DataFrame, found: MatchResult
) -> MatchResult:
    """The result; a link is a question where the record is older, or was made after the death.

    `pets`: the PIMS pets that were asked about. A date may be a slip, so a person may say
    that they are one. Where ScriptRight has the pet dead as well nobody is asked about its death.
    """
    links = found.pets[by_machine(found.pets)]
    if links.empty:
        return found
    lives = pets.set_index("pet_id").reindex(links["pims_id"])
    lines = [
        (int(place), int(home_id), *(None if pd.isna(day) else str(day) for day in days))
        for place, home_id, *days in zip(
            links.index, links["home_id"], lives["birth_date"], lives["deceased_on"], strict=True
        )
    ]
    dated = [line for line in lines if any(line[2:])]
    if not dated:
        return found
    columns = zip(("places", "pets", "born", "died"), zip(*dated, strict=True), strict=True)
    values = {"p": practice_id} | {name: list(column) for name, column in columns}
    others = list(conn.execute(_OTHERS, values))
    if not others:
        return found
    changed = found.pets.copy()
    for place, reason in others:
        changed.loc[place, ["decision", "reason"]] = ["possible", reason]
    return replace(found, pets=changed)


# Days of death are often written down by guess: thirty days of grace, as in the matcher. A birth
# date of the web shop's own has agreed with the PIMS's by now: it is that animal.
_OTHERS = text("""
    SELECT w.place, CASE WHEN w.born > made.day THEN 'born_later' ELSE 'died_earlier' END
    FROM unnest(
        CAST(:places AS bigint[]), CAST(:pets AS bigint[]), CAST(:born AS date[]), CAST(:died AS date[])
    ) AS w (place, pet_id, born, died)
    JOIN scriptright.pet p ON p.practice_id = :p AND p.pet_id = w.pet_id
    CROSS JOIN LATERAL (SELECT (p.created_at AT TIME ZONE 'UTC')::date) AS made (day)
    WHERE w.born > made.day OR (w.died + 30 < made.day AND NOT p.deceased AND p.birth_date IS NULL)
    ORDER BY w.place
""")
