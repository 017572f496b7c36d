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
    """Ask of each such pair, and close what isn't one any more; nothing at a first load."""
    if load.delta.is_first_load:
        return
    clients = [row.client_id for row in load.fetch(_CLIENTS)]
    rows = load.fetch(_PAIRS, clients=clients) if clients else []
    pairs = [(row.pims_id, row.record_id) for row in rows]
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


_CLIENTS = text("""
    SELECT DISTINCT p.client_id FROM scriptright.pims_pet b
    JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = b.record_id
    WHERE b.practice_id = :practice_id AND b.missing_since IS NOT NULL AND NOT p.deceased
""")
# Of several that are called so nobody is asked: in a rescue each is Kitten. One that a person has
# told apart isn't asked about again.
_PAIRS = text(f"""
    WITH here AS MATERIALIZED (
        SELECT p.pet_id, p.client_id, lower(btrim(p.name)) AS name, p.species, p.birth_date,
            bool_and(b.missing_since IS NOT NULL) AND NOT p.deceased AS is_gone,
            min(b.pims_id) FILTER (
                WHERE b.link_method = 'created' AND b.missing_since IS NULL) AS stays
        FROM scriptright.pet p
        JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.record_id = p.pet_id
        WHERE p.practice_id = :practice_id AND p.client_id = ANY(:clients) AND p.name IS NOT NULL
        GROUP BY p.practice_id, p.pet_id),
    two AS MATERIALIZED (
        SELECT client_id, min(pet_id) FILTER (WHERE is_gone) AS pet_id, min(stays) AS pims_id
        FROM here WHERE is_gone OR stays IS NOT NULL
        GROUP BY client_id, name
        HAVING count(*) FILTER (WHERE is_gone) = 1 AND count(stays) = 1
          AND count(DISTINCT species) < 2 AND count(DISTINCT birth_date) < 2),
    told AS MATERIALIZED (
        SELECT pims_id, record_id FROM ({LAST_WORDS}) said WHERE record = 'pet' AND NOT same)
    SELECT two.pims_id, two.pet_id AS record_id FROM two
    JOIN scriptright.pims_pet b ON b.practice_id = :practice_id AND b.pims_id = two.pims_id
    JOIN scriptright.pims_client o ON o.practice_id = :practice_id AND o.pims_id = btrim(b.client_key)
      AND o.record_id = two.client_id
    WHERE (two.pims_id, two.pet_id) NOT IN (SELECT pims_id, record_id FROM told)
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
