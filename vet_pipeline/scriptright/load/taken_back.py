"""What a row had brought by itself shortly before it said another: taken back, and asked about.

Whoever types a newcomer over may save the email first, or the next pet's weight, or that it lives,
with a refresh before the rest: alone nothing tells it from the one's own. Typed at once with the
rest it would have been a question, and the record what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.another import may_be_anothers_alone
from vet_pipeline.scriptright.records.rivals import Change
from vet_pipeline.scriptright.records.suggestions import ANOTHER_RECORD
from vet_pipeline.scriptright.records.values import canonical, same
from vet_pipeline.scriptright.records.writes import held

SHORTLY = timedelta(days=14)  # between two snapshots; what came earlier was the one's own


def take_back(
    load: LoadInHand,
    writes: PendingWrites,
    record: Record,
    surely: Mapping[str, bool],
    changes: Iterable[Change],
) -> list[Change]:
    """The questions about it, beside the load's `changes`.

    `surely`: by PIMS id, of rows that say another by their looks, whether they surely do.

    The record gets the value of before. Not where a person or the client has saved or confirmed one
    since; nor where another PIMS row that feeds the record has told of it, or been linked, since;
    nor that a dead pet lives, where another feeds it: that one says so, too. A death stays: the
    dead one's entry is the one that the next pet gets. That a dead one lives stays unless the row
    is surely another's: a slip had killed it. So does a weight like the one before, and an email
    beside which the row has yet another by now: that one is the newcomer's.
    """
    if not surely:
        return []
    told = {(change.pims_id, change.field.name) for change in changes}
    since = load.delta.snapshot.read_at - SHORTLY
    questions: dict[tuple[str, str], Change] = {}
    for row in load.fetch(_BROUGHT[record], ids=sorted(surely), since=since):
        field, key = FIELD[record, row.field], (row.pims_id, row.field)
        old, new, last = (canonical(field, v) for v in (row.old_value, row.new_value, row.last))
        is_own = {"email": key in told, "deceased": not surely[row.pims_id]}.get(field.name)
        if key in questions or is_own or not may_be_anothers_alone(field, old, new):
            continue
        if not same(field, last, held(field, writes.row(record, row.record_id))):
            continue  # the web shop has written without a note
        writes.write(field, row.record_id, old, cause="taken_back", via=row.pims_id)
        asked = Change(field, row.pims_id, row.record_id, old, last, "suggest", ANOTHER_RECORD)
        questions[key] = asked
    return [question for key, question in questions.items() if key not in told]


# Each change since then that nothing but the row has made, nor has anything after it; the oldest
# first. `last`: what came of them.
_BROUGHT = of_each("""
    SELECT l.pims_id, l.record_id, c.field, c.old_value, c.new_value, last_value(c.new_value)
        OVER (PARTITION BY l.pims_id, c.field ORDER BY c.change_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last
    FROM scriptright.{record}_link l
    JOIN scriptright.record_change c ON c.practice_id = :practice_id AND c.record = '{record}'
      AND c.record_id = l.record_id AND c.via_pims_id = l.pims_id AND c.cause = 'refresh'
    JOIN scriptright.load ON load.practice_id = :practice_id AND load.load_id = c.load_id
      AND load.read_at > :since
    WHERE l.practice_id = :practice_id AND l.pims_id = ANY(:ids)
      AND NOT EXISTS (
        SELECT FROM scriptright.record_change o
        WHERE o.practice_id = :practice_id AND o.record = '{record}'
          AND o.record_id = l.record_id AND o.field = c.field AND o.change_id > c.change_id
          AND (o.cause <> 'refresh' OR o.via_pims_id IS DISTINCT FROM l.pims_id))
      AND NOT EXISTS (
        SELECT FROM scriptright.{record}_link o
        WHERE o.practice_id = :practice_id AND o.record_id = l.record_id
          AND o.pims_id <> l.pims_id
          AND (c.field = 'deceased' OR o.linked_at >= c.changed_at OR EXISTS (
            SELECT FROM scriptright.shared_change t
            WHERE t.practice_id = :practice_id AND t.record = '{record}'
              AND t.record_id = o.record_id AND t.pims_id = o.pims_id AND t.field = c.field
              AND t.told_at >= c.changed_at)))
    ORDER BY c.change_id
""")
