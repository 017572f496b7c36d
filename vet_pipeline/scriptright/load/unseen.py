"""Rows that a snapshot didn't have, or had and didn't take: when each was last seen.

The baseline keeps such a row as it was. What has changed when it is taken again may have changed
any time since, not only since the snapshot before: a weight without a date is no newer than a
weighing of the time between (docs/rules.md section 1, merge.settle).
"""

from __future__ import annotations

from sqlalchemy import text

from vet_pipeline.policy import RECORDS
from vet_pipeline.scriptright.load import ledger
from vet_pipeline.scriptright.load.apply_staging import LAST_SEEN, LoadInHand


def note_unseen(load: LoadInHand) -> None:
    """Tell the load from when on its returning pets were unseen; note whose rows weren't taken.

    After the baseline has moved, which notes it of those that are missing; of a refresh alone.
    """
    practice_id = load.practice_id
    seen = {row.pims_id: row.seen_at for row in load.fetch(_UNSEEN)}
    days = {
        at: ledger.first_day_after(load.connection, practice_id, at) for at in set(seen.values())
    }
    load.unseen_from |= {pims_id: days[at] for pims_id, at in seen.items()}
    for record in RECORDS:
        not_taken = sorted({*load.side(record).refused, *load.decided.get(record, ())})
        if not_taken:
            load.run(_NOTE[record], ids=not_taken, baseline=load.delta.baseline_seq)
        load.run(_SEEN_AGAIN[record], not_taken=not_taken)


_UNSEEN = text("""
    SELECT b.pims_id, b.seen_at FROM scriptright.pims_pet b
    JOIN pg_temp.stage_pet s ON s.pims_id = b.pims_id AND s.kind = 'changed'
    WHERE b.practice_id = :practice_id AND b.seen_at IS NOT NULL
""")
_NOTE = {
    record: text(f"""
        UPDATE scriptright.pims_{record} SET {LAST_SEEN}
        WHERE practice_id = :practice_id AND pims_id = ANY(:ids) AND seen_at IS NULL
    """)  # noqa: S608 - constants
    for record in RECORDS
}
_SEEN_AGAIN = {
    record: text(f"""
        UPDATE scriptright.pims_{record} SET seen_at = NULL
        WHERE practice_id = :practice_id AND seen_at IS NOT NULL AND missing_since IS NULL
          AND NOT pims_id = ANY(:not_taken)
    """)  # noqa: S608 - constants
    for record in RECORDS
}
