"""Pets whose PIMS record has gone while another of their owner's, here already, is called the same.

A practice that finds an animal entered twice merges the two, and which of the entries goes is
chance. The one that stays may have a pet of its own here: weights and the death go there, and the
prescriptions stand with the other, which lives on as it was last weighed. So the two are a possible
match, as with a newcomer (pets_in_doubt.py).
"""

from __future__ import annotations

import json

from sqlalchemy import text

from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.pets_in_doubt import MISSING
from vet_pipeline.scriptright.records.identity import LAST_WORDS, pair_digests


def ask_about_those_that_stay(load: LoadInHand) -> None:
    """Ask of each such pair, and close what isn't one any more. Nobody is asked about a first load."""
    if load.delta.is_first_load:
        return
    pairs = [(row.pims_id, row.record_id) for row in load.fetch(_PAIRS, p=load.practice_id)]
    two = {"ids": [pims_id for pims_id, _ in pairs], "records": [pet_id for _, pet_id in pairs]}
    load.run(_CLOSE, **two)
    if not pairs:
        return
    shown = pair_digests(load.connection, load.practice_id, "pet", pairs)
    evidence = json.dumps({"reason": MISSING})
    load.run(
        _ASK,
        evidence=evidence,
        model_version=load.model_version or "",
        shown=[shown[pair] for pair in pairs],
        **two,
    )


# Of several that are called so nobody is asked: in a rescue each is Kitten. One that a person has
# told apart isn't asked about again.
_PAIRS = text(f"""
    WITH gone AS MATERIALIZED (
        SELECT DISTINCT p.pet_id, p.client_id, lower(btrim(p.name)) AS name, p.species, p.birth_date
        FROM scriptright.pims_pet b
        JOIN scriptright.pet p ON p.practice_id = :p AND p.pet_id = b.record_id
        WHERE b.practice_id = :p AND b.missing_since IS NOT NULL AND NOT p.deceased
          AND NOT EXISTS (
            SELECT FROM scriptright.pims_pet f
            WHERE f.practice_id = :p AND f.record_id = p.pet_id AND f.missing_since IS NULL)),
    stays AS MATERIALIZED (
        SELECT gone.pet_id, gone.client_id, b.pims_id, btrim(b.client_key) AS owner_key,
            count(*) OVER (PARTITION BY gone.pet_id) = 1
                AND count(*) OVER (PARTITION BY own.pet_id) = 1 AS alone
        FROM gone
        JOIN scriptright.pet own ON own.practice_id = :p AND own.client_id = gone.client_id
          AND own.pet_id <> gone.pet_id AND lower(btrim(own.name)) = gone.name
          AND coalesce(own.species = gone.species, true)
          AND coalesce(own.birth_date = gone.birth_date, true)
        JOIN scriptright.pims_pet b ON b.practice_id = :p AND b.record_id = own.pet_id
          AND b.link_method = 'created' AND b.missing_since IS NULL)
    SELECT stays.pims_id, stays.pet_id AS record_id FROM stays
    JOIN scriptright.client_link o ON o.practice_id = :p AND o.pims_id = stays.owner_key
      AND o.record_id = stays.client_id
    WHERE stays.alone AND NOT EXISTS (
        SELECT FROM ({LAST_WORDS}) said
        WHERE said.record = 'pet' AND said.pims_id = stays.pims_id
          AND said.record_id = stays.pet_id AND NOT said.same)
    ORDER BY record_id
""")  # noqa: S608 - a constant
_CLOSE = text("""
    UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = :now
    FROM scriptright.pims_pet b
    WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.state = 'open'
      AND b.practice_id = :practice_id AND b.pims_id = c.pims_id AND b.record_id IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[])) AS m (pims_id, pet_id)
          WHERE m.pims_id = c.pims_id AND m.pet_id = c.record_id)
""")
_ASK = text("""
    INSERT INTO scriptright.match_candidate
        (practice_id, record, pims_id, record_id, evidence, model_version, load_id, shown, judged)
    SELECT :practice_id, 'pet', pims_id, pet_id, CAST(:evidence AS jsonb), :model_version, :load_id,
        shown, shown
    FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]), CAST(:shown AS text[]))
        AS m (pims_id, pet_id, shown)
    ON CONFLICT DO NOTHING
""")
