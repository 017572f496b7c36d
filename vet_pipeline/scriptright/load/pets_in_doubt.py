"""Links to a pet that may be another animal of the owner's: a person is asked first.

Owners name the next puppy after the last one, often of the same breed, so owner, name, species and
breed don't tell the two apart. Three rules ask, each by what else is known:

- The pet's PIMS record is missing, or says another animal by now. The newcomer may be its new
  number or the owner's next pet: a link needs the same birth date, and the name as well, since
  littermates share the date (Bella's is not Stella's record).
- A missing PIMS pet was told apart from the pet: the newcomer may be that one's new number.
- The newcomer was born after ScriptRight had the record, whose prescriptions are older than it; or
  it was long dead when the record was made for a living one. A date may be a slip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, text

from vet_pipeline.matching import MatchResult
from vet_pipeline.scriptright.load.asked_instead import TOLD_APART, ask_about_pets, by_machine
from vet_pipeline.scriptright.records.identity import LAST_WORDS

# The reasons beside the evidence of such possible matches, and TOLD_APART.
MISSING = "missing_pet"
LIFETIMES = ("born_later", "died_earlier")


@dataclass(frozen=True, slots=True)
class _Link:
    """A link that the machine would make."""

    place: int  # in the result's pets
    said: Mapping[str, Any]  # what the PIMS says of the newcomer
    pet_id: int


def ask_about_pets_in_doubt(
    connection: Connection,
    practice_id: str,
    pets: pd.DataFrame,
    found: MatchResult,
    others: list[str],
) -> MatchResult:
    """The result, where such links are possible matches.

    `pets`: the PIMS pets that were asked about; `others`: those in the PIMS that say another by
    now.
    """
    rows = found.pets[by_machine(found.pets)]
    if rows.empty:
        return found
    columns = ["pet_id", "name", "birth_date", "deceased", "deceased_on"]
    asked = pets.loc[pets["pet_id"].isin(rows["pims_id"]), columns]
    cells = pa.Table.from_pandas(asked, preserve_index=False).to_pylist()
    said = {row["pet_id"]: row for row in cells}
    links = [
        _Link(int(place), said[pims_id], int(home_id))
        for place, pims_id, home_id in zip(
            rows.index, rows["pims_id"], rows["home_id"], strict=True
        )
    ]
    lifetimes = _of_another_lifetime(connection, practice_id, links)
    return ask_about_pets(
        found, lifetimes | _of_missing_pets(connection, practice_id, links, others)
    )


def _of_missing_pets(
    connection: Connection, practice_id: str, links: Sequence[_Link], others: list[str]
) -> dict[int, str]:
    where = {"practice_id": practice_id, "ids": [link.pet_id for link in links]}
    missing = {row.pet_id: row for row in connection.execute(_MISSING, where | {"others": others})}
    apart = set(connection.execute(_TOLD_APART, where).scalars())
    return {
        link.place: TOLD_APART if link.pet_id in apart else MISSING
        for link in links
        if link.pet_id in apart
        or (link.pet_id in missing and not _is_proven(link.said, missing[link.pet_id]))
    }


def _is_proven(said: Mapping[str, Any], home: Any) -> bool:
    """One name (or forms of it) and one birth date, and not another word about being dead."""
    from vet_pipeline.matching import same_pet_name  # loads the engine, which has run by now

    born = said["birth_date"]
    same_age = born is not None and born == home.birth_date
    same_animal = same_age and same_pet_name(said["name"], home.name)
    return same_animal and said["deceased"] in (None, home.deceased)


def _of_another_lifetime(
    connection: Connection, practice_id: str, links: Sequence[_Link]
) -> dict[int, str]:
    """Where ScriptRight has the pet dead as well nobody is asked about its death."""
    dated = [
        (link.place, link.pet_id, *days)
        for link in links
        if any(days := (link.said["birth_date"], link.said["deceased_on"]))
    ]
    if not dated:
        return {}
    columns = zip(("places", "pets", "born", "died"), zip(*dated, strict=True), strict=True)
    values = {"practice_id": practice_id} | {name: list(column) for name, column in columns}
    return {row.place: row.reason for row in connection.execute(_LIFETIMES, values)}


_MISSING = text("""
    SELECT p.pet_id, p.name, p.birth_date, p.deceased FROM scriptright.pet p
    WHERE p.practice_id = :practice_id AND p.pet_id IN (
        SELECT b.record_id FROM scriptright.pims_pet b
        WHERE b.practice_id = :practice_id AND b.record_id = ANY(:ids)
          AND (b.missing_since IS NOT NULL OR b.pims_id = ANY(:others)))
""")
_TOLD_APART = text(f"""
    SELECT DISTINCT d.record_id FROM ({LAST_WORDS}) d
    JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.pims_id = d.pims_id
    WHERE d.record = 'pet' AND NOT d.same AND d.record_id = ANY(:ids)
      AND b.missing_since IS NOT NULL
""")  # noqa: S608 - a constant
# Days of death are often written down by guess: thirty days of grace, as in the matcher. A birth
# date of the web shop's own has agreed with the PIMS's by now: it is that animal.
_LIFETIMES = text("""
    SELECT w.place, CASE WHEN w.born > made.day THEN 'born_later' ELSE 'died_earlier' END AS reason
    FROM unnest(
        CAST(:places AS bigint[]), CAST(:pets AS bigint[]), CAST(:born AS date[]), CAST(:died AS date[])
    ) AS w (place, pet_id, born, died)
    JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = w.pet_id
    CROSS JOIN LATERAL (SELECT (p.created_at AT TIME ZONE 'UTC')::date) AS made (day)
    WHERE w.born > made.day OR (w.died + 30 < made.day AND NOT p.deceased AND p.birth_date IS NULL)
""")
