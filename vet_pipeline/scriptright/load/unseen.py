"""Pets' rows that a snapshot didn't have, or had and didn't take: when each was last seen.

The baseline keeps such a row as it was. What has changed when it is taken again may have changed
any time since, not only since the snapshot before: a weight without a date is no newer than a
weighing of the time between (docs/rules.md section 1, merge.settle). Only weights ask, so only
pets are noted.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from vet_pipeline.deltas.delta import Delta
from vet_pipeline.scriptright.load import ledger
from vet_pipeline.scriptright.load.apply_staging import LAST_SEEN, LoadInHand
from vet_pipeline.scriptright.postgres.database import translate_errors


def note_unseen(load: LoadInHand) -> None:
    """Tell the load from when on its returning pets were unseen; note whose rows weren't taken.

    After the baseline has moved, which notes it of those that are missing; of a refresh alone.
    """
    practice_id, side = load.practice_id, load.side("pet")
    seen = {row.pims_id: row.seen_at for row in load.fetch(_UNSEEN)}
    days = {
        at: ledger.first_day_after(load.connection, practice_id, at) for at in set(seen.values())
    }
    load.unseen_from |= {pims_id: days[at] for pims_id, at in seen.items()}
    not_taken = sorted({*side.refused, *load.decided.get("pet", ())})
    if not_taken:
        load.run(_NOTE, ids=not_taken, baseline=load.delta.baseline_seq)
    load.run(_SEEN_AGAIN, not_taken=not_taken)


def now_refused(connection: Connection, practice_id: str, delta: Delta) -> dict[str, int]:
    """How many known records the snapshot has and can't take, for the guards.

    A pet's row that the snapshot before had and couldn't take either is no news.
    """
    refused = {"clients": list(delta.clients.refused), "pets": list(delta.pets.refused)}
    with translate_errors(practice_id):
        found = connection.execute(_NO_LONGER_TAKEN, {"practice_id": practice_id} | refused).one()
    return dict(found._mapping)


_NO_LONGER_TAKEN = text("""
    SELECT (SELECT count(*) FROM scriptright.pims_client
            WHERE practice_id = :practice_id AND missing_since IS NULL
              AND pims_id = ANY(:clients)) AS clients_now_refused,
        (SELECT count(*) FROM scriptright.pims_pet
            WHERE practice_id = :practice_id AND missing_since IS NULL AND seen_at IS NULL
              AND pims_id = ANY(:pets)) AS pets_now_refused
""")
_UNSEEN = text("""
    SELECT b.pims_id, b.seen_at FROM scriptright.pims_pet b
    JOIN pg_temp.stage_pet s ON s.pims_id = b.pims_id AND s.kind = 'changed'
    WHERE b.practice_id = :practice_id AND b.seen_at IS NOT NULL
""")
_NOTE = text(f"""
    UPDATE scriptright.pims_pet SET {LAST_SEEN}
    WHERE practice_id = :practice_id AND pims_id = ANY(:ids) AND seen_at IS NULL
""")  # noqa: S608 - constants
_SEEN_AGAIN = text("""
    UPDATE scriptright.pims_pet SET seen_at = NULL
    WHERE practice_id = :practice_id AND seen_at IS NOT NULL AND missing_since IS NULL
      AND NOT pims_id = ANY(:not_taken)
""")
