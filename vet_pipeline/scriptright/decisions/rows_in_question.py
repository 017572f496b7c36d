"""PIMS rows that may be another's by now, for staff: who waits with them, for what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.errors import DecisionRefused
from vet_pipeline.policy import RECORDS, Record, fields_of
from vet_pipeline.scriptright.load.taken_back import SHORTLY
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.in_question import MAY_STAND, in_question
from vet_pipeline.scriptright.records.pims_values import (
    baseline_row,
    pims_values,
    unlinked_pets_by_owner,
)
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import is_blank, same
from vet_pipeline.scriptright.records.writes import read_records


@dataclass(frozen=True, slots=True)
class RowInQuestion:
    """A PIMS row that may be another's by now, and the client or pet that it feeds all the same."""

    pims_id: str
    record_id: int
    is_asked: bool  # False: it is the practice's turn, a person has said no or the row is empty
    waiting: tuple[str, ...]  # PIMS ids of a client's new pets, which are nobody's here so far
    record: Record = "client"
    # PIMS ids of pets that came to a client in the two weeks before its row said another: here they
    # are the client's, and may be the newcomer's.
    came_before: tuple[str, ...] = ()
    read_as: str | None = None  # from the next run on, where it has been parted (`link part`)


def list_rows_in_question(
    connection: Connection, practice_id: str, *, limit: int = 100
) -> list[RowInQuestion]:
    """Rows that still say another: a person is asked, or has said no, or their new pets wait."""
    about: dict[str, Any] = {"practice_id": practice_id, "reason": ANOTHER_RECORD}
    found: list[RowInQuestion] = []
    for record in RECORDS:
        rows = {row.pims_id: row for row in connection.execute(_ASKED[record], about)}
        for pims_id in sorted(in_question(connection, practice_id, record, rows)):
            row = rows[pims_id]
            found.append(RowInQuestion(pims_id, row.record_id, row.is_asked, (), record))
    found = found[:limit]
    clients = [row.pims_id for row in found if row.record == "client"]
    waiting = unlinked_pets_by_owner(connection, practice_id, clients, to_place=True)
    before: dict[str, list[str]] = defaultdict(list)
    about |= {"clients": clients, "days": SHORTLY.days}
    for pet in connection.execute(_CAME_BEFORE, about) if clients else ():
        before[pet.owner].append(pet.pims_id)
    return [
        replace(
            row,
            waiting=tuple(waiting.get(row.pims_id, ())),
            came_before=tuple(before.get(row.pims_id, ())),
        )
        if row.record == "client"
        else row
        for row in found
    ]


def require_anothers(connection: Connection, practice_id: str, record: Record, pims_id: str) -> int:
    """The number of the record that the PIMS row feeds, though it may be another's by now.

    Raises DecisionRefused of one that feeds none, is missing or isn't in question, UnknownItem of
    none.
    """
    row = baseline_row(connection, practice_id, record, pims_id)
    listed = f"vet-pipeline link list {practice_id}"
    if row["record_id"] is None:
        why, then = "feeds no record", f"where it waits, `{listed}` says for what"
    elif row["missing_since"] is not None:
        why, then = "is missing in the PIMS", "nothing is to be done: whoever comes is a newcomer"
    elif pims_id not in in_question(connection, practice_id, record, [pims_id]):
        why = "isn't in question"
        then = (
            f"`{listed}` shows those that are, as of the last run; a yes to its name that was a slip"
            " is taken back by saving the old name in ScriptRight, a kept link by `link undo`"
        )
    else:
        return int(row["record_id"])
    raise DecisionRefused(
        f"not parted: the PIMS {record} {why}", next_step=then, practice_id=practice_id
    )


def still_said(
    connection: Connection, practice_id: str, record: Record, pims_id: str, record_id: int
) -> list[str]:
    """What the row says as the record has it, by label: the next one isn't typed whole so far.

    Of what would be the newcomer's by itself: the name, a login, a weight, a death.
    """
    said = pims_values(connection, practice_id, record, [pims_id]).get(pims_id, {})
    here = read_records(connection, practice_id, record, [record_id])[record_id]
    return [
        field.label
        for field in fields_of(record)
        if (field.is_automatic or field.name == "name")
        and (field.name != "deceased" or here["deceased"])
        and not is_blank(field, said)
        and same(field, said, here)
    ]


# Not those that came with the client's own row.
_CAME_BEFORE = text("""
    WITH another AS MATERIALIZED (
        SELECT s.pims_id, min(load.read_at) AS since FROM scriptright.suggestion s
        JOIN scriptright.load USING (practice_id, load_id)
        WHERE s.practice_id = :practice_id AND s.record = 'client' AND s.reason = :reason
          AND s.state IN ('open', 'rejected') AND s.pims_id = ANY(:clients)
        GROUP BY s.pims_id),
    pet AS MATERIALIZED (
        SELECT pims_id, btrim(client_key) AS owner, first_load_id FROM scriptright.pims_pet
        WHERE practice_id = :practice_id AND btrim(client_key) = ANY(:clients) AND record_id IS NOT NULL
          AND missing_since IS NULL)
    SELECT pet.pims_id, pet.owner FROM pet
    JOIN another ON another.pims_id = pet.owner
    JOIN scriptright.pims_client c ON c.practice_id = :practice_id AND c.pims_id = pet.owner
    JOIN scriptright.load came ON came.practice_id = :practice_id AND came.load_id = pet.first_load_id
    WHERE pet.first_load_id <> c.first_load_id AND came.read_at < another.since
      AND came.read_at >= another.since - make_interval(days => :days)
    ORDER BY pet.pims_id
""")
# Rows of which something is asked or was refused, and those whose new pets are no pets here yet. What
# the PIMS has no more can't be given a number of its own.
_WITH_PETS = {
    "client": """
        UNION ALL
        SELECT DISTINCT btrim(client_key), false FROM scriptright.pims_pet
        WHERE practice_id = :practice_id AND record_id IS NULL""",
    "pet": "",
}
_ASKED = of_each(
    """
    WITH said AS MATERIALIZED (
        SELECT pims_id, state = 'open' AS is_open FROM scriptright.suggestion
        WHERE practice_id = :practice_id AND record = '{record}' AND reason = :reason
          AND {may_stand} {with_pets})
    SELECT l.pims_id, l.record_id, bool_or(said.is_open) OR EXISTS (
        SELECT FROM scriptright.suggestion s
        WHERE s.practice_id = :practice_id AND s.record = '{record}' AND s.record_id = l.record_id
          AND s.field = 'name' AND s.pims_id = l.pims_id AND s.state = 'open') AS is_asked
    FROM said JOIN scriptright.pims_{record} l ON l.practice_id = :practice_id AND l.pims_id = said.pims_id
      AND l.record_id IS NOT NULL
    WHERE l.missing_since IS NULL GROUP BY l.pims_id, l.record_id
    """,
    may_stand=MAY_STAND,
    with_pets=_WITH_PETS,
)
