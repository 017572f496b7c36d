"""Possible matches of missing PIMS pets that can't be any more: nobody is asked what can't be done.

Those of pets that are in the snapshot the matcher judges anew. One that is missing isn't judged,
but its pet may have been taken by another since, or have gone to another client: *the same* is
refused then, and *not the same* may be untrue.
"""

from __future__ import annotations

from sqlalchemy import text

from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.others_now import taken_now


def close_past_matches(load: LoadInHand) -> None:
    """Supersede them. Should such a PIMS pet come back, that load decides."""
    waiting = load.fetch(_OF_MISSING_PETS)
    pairs = {(pair.owner_key, pair.pet_id) for pair in waiting if pair.owners_are_one}
    gone = taken_now(load, pairs)
    past = [
        pair.candidate_id
        for pair in waiting
        if not pair.owners_are_one or (pair.owner_key, pair.pet_id) in gone
    ]
    if past:
        load.run(_SUPERSEDE, past=past)


# The owner's key is made beforehand: joined by a trimmed key, row level security would have every
# pet read all clients.
_OF_MISSING_PETS = text("""
    WITH waiting AS MATERIALIZED (
        SELECT c.candidate_id, c.record_id AS pet_id, btrim(b.client_key) AS owner_key
        FROM scriptright.match_candidate c
        JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.pims_id = c.pims_id
        WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.state = 'open'
          AND b.missing_since IS NOT NULL)
    SELECT w.candidate_id, w.pet_id, w.owner_key,
        coalesce(o.record_id = p.client_id, false) AS owners_are_one
    FROM waiting w
    JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = w.pet_id
    LEFT JOIN scriptright.client_link o
      ON o.practice_id = :practice_id AND o.pims_id = w.owner_key
    ORDER BY w.candidate_id
""")
_SUPERSEDE = text("""
    UPDATE scriptright.match_candidate SET state = 'superseded', decided_at = :now
    WHERE practice_id = :practice_id AND candidate_id = ANY(:past)
""")
