"""PIMS rows that may be another's by now: what was asked of them, and whether they are so still."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.policy import FIELD, RECORDS, Record
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.another import Known, Unlike, is_emptied, unlike
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import IDENTIFYING, Value
from vet_pipeline.scriptright.records.writes import read_records

# What a person may have been asked of it that says who it is; whose a pet is says nothing of it.
_COMPARED = {
    record: [
        name
        for name in IDENTIFYING[record]
        if name != "owner" and not FIELD[record, name].is_automatic
    ]
    for record in RECORDS
}
# Who keeps a link that is in question for one of these says who it is.
_DRIFTED: dict[Record, list[str]] = {
    "client": ["first_names_differ", "surname_and_contacts_differ"],
    "pet": ["names_differ", "species_differ", "birth_dates_differ"],
}


@dataclass(slots=True)
class Words:
    """What a person was asked of a PIMS row, and didn't confirm, or took back."""

    record_id: int  # that the row feeds
    asked: bool = False  # whether it is another's
    refused: bool = False  # a name was said no to, or confirmed and put back in the web shop
    named_since: bool = False  # the client has saved a name in the web shop since it was asked
    was: Value = dataclasses.field(default_factory=dict)  # without all that


def words_on(
    connection: Connection, practice_id: str, record: Record, ids: Iterable[str]
) -> dict[str, Words]:
    """By PIMS id; rows of which nothing was asked are left out."""
    words: dict[str, Words] = {}
    values = {"practice_id": practice_id, "ids": list(ids), "reason": ANOTHER_RECORD}
    about = {"compared": _COMPARED[record], "drifted": _DRIFTED[record]}
    for row in connection.execute(_ASKED[record], values | about):
        of = words.setdefault(row.pims_id, Words(row.record_id))
        if row.reason == ANOTHER_RECORD:
            of.asked = True
        elif row.field == "name" and row.state != "open":
            of.refused = True
        elif row.is_here:
            of.was |= row.old_value
    asked = {of.record_id for of in words.values() if of.asked} if record == "client" else set()
    named = set(
        connection.execute(_NAMED_SINCE, values | {"asked": [*asked]}).scalars() if asked else ()
    )
    for of in words.values():
        of.named_since = of.record_id in named
    return words


def in_question(
    connection: Connection,
    practice_id: str,
    record: Record,
    ids: Iterable[str],
    conventions: Conventions | None = None,
) -> set[str]:
    """Those of the PIMS rows of which that is asked, or was said no to, and is so still.

    Unless a person has kept their link since. And those that were emptied: the next one may be
    typed into them. A client's new pets are nobody's as long.
    """
    asked = words_on(connection, practice_id, record, ids := list(ids))
    emptied = connection.execute(_EMPTIED[record], {"practice_id": practice_id, "ids": ids})
    words = {row.pims_id: Words(row.record_id) for row in emptied}
    # Of a street alone nothing follows: after a year of moves thousands of rows would be read.
    words |= {i: of for i, of in asked.items() if of.asked}
    if not words:
        return set()
    said = pims_values(connection, practice_id, record, words, conventions)
    here = read_records(connection, practice_id, record, {of.record_id for of in words.values()})
    found = set()
    for i, now in said.items():
        of, was = words[i], here[words[i].record_id]
        known = Known(of.named_since, had_birth_date=bool(of.was.get("birth_date")))
        still = of.asked and unlike(record, was, now, known) >= Unlike.BY_SURNAME
        if still or is_emptied(record, was, now):
            found.add(i)
    return found


def others_by_now(
    connection: Connection,
    practice_id: str,
    record: Record,
    conventions: Conventions | None = None,
    *,
    record_ids: Iterable[int] | None = None,
) -> list[str]:
    """The PIMS rows in question by what they say; of these records alone, if they are given.

    Such a row is, like a missing one, no word about its record: whoever it had been may come again
    under another number.
    """
    of = None if record_ids is None else list(record_ids)
    about = {"practice_id": practice_id, "record": record, "of": of, "reason": ANOTHER_RECORD}
    ids = list(connection.execute(_ANOTHERS, about).scalars())
    return sorted(in_question(connection, practice_id, record, ids, conventions)) if ids else []


def how_to_settle(practice_id: str, record: Record, record_id: int) -> str:
    """The next step of whoever has to know first whose the row is that feeds the record."""
    look = f"vet-pipeline review list {practice_id} --record {record} --id {record_id} --state all"
    return (
        f"decide first what is asked of {record} {record_id} (`{look}`); if its name was rejected"
        f" though it is the same, `vet-pipeline review reopen {practice_id} NUMBER --by NAME`; if the row is"
        " empty, wait until the PIMS says who it is; if it is another, have the practice give that one a number"
        f" of its own, or else `vet-pipeline link part {practice_id} {record} PIMS-ID --by NAME`"
    )


_NAMED_SINCE = text("""
    SELECT DISTINCT c.record_id FROM scriptright.record_change c
    JOIN scriptright.suggestion s USING (practice_id, record, record_id)
    WHERE c.practice_id = :practice_id AND c.record = 'client' AND c.record_id = ANY(:asked)
      AND c.field = 'name' AND c.cause = 'web_shop'
      AND s.reason = :reason AND s.opened_at < c.changed_at
""")
# Of suggestions those that may speak still: a name that was confirmed may have been put back.
MAY_STAND = "(state IN ('open', 'rejected') OR state = 'confirmed' AND field = 'name')"
_ANOTHERS = text(f"""
    SELECT DISTINCT pims_id FROM scriptright.suggestion
    WHERE practice_id = :practice_id AND record = :record AND reason = :reason AND {MAY_STAND}
      AND (CAST(:of AS bigint[]) IS NULL OR record_id = ANY(:of))
""")  # noqa: S608 - a constant
# Rows whose name went blank once: a text, too, may be no name ("unknown", "do not use"). Found
# beforehand: after a load that blanked many the planner went through all of them for each id.
_EMPTIED = of_each("""
    WITH emptied AS MATERIALIZED (
        SELECT DISTINCT pims_id FROM scriptright.shared_change
        WHERE practice_id = :practice_id AND record = '{record}' AND field = 'name'
          AND reason = 'became_blank' AND pims_id = ANY(:ids))
    SELECT l.pims_id, l.record_id FROM emptied JOIN scriptright.pims_{record} l
      ON l.practice_id = :practice_id AND l.pims_id = emptied.pims_id
    WHERE l.record_id IS NOT NULL
""")
_PUT_BACK = {
    record: " AND ".join(
        f"lower(c.new_value ->> '{column}') IS NOT DISTINCT FROM lower(s.old_value ->> '{column}')"
        for column in columns
    )
    for record, columns in {
        "client": ("first_name", "last_name", "organisation"),
        "pet": ("name",),
    }.items()
}
# A yes to a name that was a slip is put right by saving the one of before: it is a no by then.
# A no outlives the links that it was said beside: the records that had it then count, too. A link
# that a person has kept since answers it, unless a side has changed again. OFFSET: each is looked
# up by its record. A load asks it of what it has just written, of which the planner knows nothing
# yet: it went through all of `fed` for each of thousands.
_ASKED = of_each(
    """
    WITH RECURSIVE fed AS (
        SELECT l.pims_id, l.record_id, l.record_id AS asked_of FROM scriptright.pims_{record} l
        WHERE l.practice_id = :practice_id AND l.pims_id = ANY(:ids) AND l.record_id IS NOT NULL
        UNION
        SELECT fed.pims_id, fed.record_id, (c.old_value ->> '{record}_id')::bigint
        FROM fed JOIN scriptright.record_change c
          ON c.practice_id = :practice_id AND c.record = '{record}' AND c.record_id = fed.asked_of
        WHERE c.field = 'link' AND c.via_pims_id = fed.pims_id)
    SELECT fed.pims_id, fed.record_id, fed.asked_of = fed.record_id AS is_here,
        asked.field, asked.state, asked.reason, asked.old_value
    FROM fed CROSS JOIN LATERAL (
        SELECT * FROM scriptright.suggestion s
        WHERE s.practice_id = :practice_id AND s.record = '{record}' AND s.record_id = fed.asked_of
          AND s.pims_id = fed.pims_id
          AND (s.state IN ('open', 'rejected') OR s.state = 'confirmed' AND s.field = 'name' AND (
            SELECT c.cause = 'web_shop' AND {put_back} FROM scriptright.record_change c
            WHERE c.practice_id = :practice_id AND c.record = '{record}' AND c.record_id = s.record_id
              AND c.field = 'name' AND c.changed_at > s.decided_at
            ORDER BY c.change_id DESC LIMIT 1))
          AND (s.reason = :reason OR s.reason = 'changed' AND s.field = ANY(:compared)
            OR s.reason = 'became_blank' AND s.field = 'age')
          AND NOT EXISTS (
            SELECT FROM scriptright.{record}_link l JOIN scriptright.link_review r
              USING (practice_id, pims_id, record_id)
            WHERE l.practice_id = s.practice_id AND l.pims_id = s.pims_id
              AND l.record_id = s.record_id AND r.record = '{record}' AND r.reasons && :drifted
            HAVING max(r.decided_at) FILTER (WHERE r.state = 'kept') > s.opened_at
              AND NOT bool_or(r.state = 'open'))
        OFFSET 0) asked
    ORDER BY asked.suggestion_id
    """,
    put_back=_PUT_BACK,
)
