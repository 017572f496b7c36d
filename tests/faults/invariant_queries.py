"""The questions that the invariants ask the database; each count must be 0."""

from __future__ import annotations

from sqlalchemy import TextClause, text

TABLES = text("""
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'scriptright' AND table_type = 'BASE TABLE' ORDER BY table_name
""")
OF_PRACTICES = text("""
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'scriptright' AND column_name = 'practice_id' ORDER BY table_name
""")
PRACTICES = text("""
    SELECT practice_id FROM scriptright.practice WHERE state <> 'offboarded' ORDER BY practice_id
""")
LOADS = text("""
    SELECT load_id, snapshot_seq, baseline_seq, state, counts FROM scriptright.load
    WHERE practice_id = :p ORDER BY load_id
""")
APPLIED = text("SELECT applied_seq FROM scriptright.practice WHERE practice_id = :p")
FIRST_LOAD = text("""
    SELECT min(load_id) FROM scriptright.load WHERE practice_id = :p AND state = 'applied'
""")
OUTBOX = text("""
    SELECT state, load_id, message_id FROM scriptright.outbox
    WHERE practice_id = :p AND kind = 'first_load_confirmation'
""")
BASELINE: dict[str, TextClause] = {
    record: text(f"""
        SELECT b.*, coalesce(l.method = 'person', false) AS by_person
        FROM scriptright.pims_{record} b
        LEFT JOIN scriptright.{record}_link l USING (practice_id, pims_id)
        WHERE practice_id = :p
    """)
    for record in ("client", "pet")
}
AUDITED_LOADS = text("""
    SELECT act, (detail->>'load_id')::bigint AS subject FROM scriptright.audit
    WHERE practice_id = :p AND act IN ('load_applied', 'load_superseded')
""")
# Without a no that was taken back since.
AUDITED_DECISIONS = text("""
    SELECT act, (detail->>'suggestion_id')::bigint AS subject FROM scriptright.audit a
    WHERE practice_id = :p AND act IN ('suggestion_confirmed', 'suggestion_rejected')
      AND NOT EXISTS (
        SELECT FROM scriptright.audit later
        WHERE later.practice_id = :p AND later.act = 'suggestion_reopened' AND later.n > a.n
          AND later.detail->'suggestion_id' = a.detail->'suggestion_id')
""")
DECIDED = text("""
    SELECT state, suggestion_id FROM scriptright.suggestion
    WHERE practice_id = :p AND state IN ('confirmed', 'rejected')
""")
ACCOUNTS = text("""
SELECT
  (SELECT count(*) FROM scriptright.client c
   WHERE c.practice_id = :p AND c.origin = 'pims' AND NOT EXISTS (
     SELECT FROM scriptright.client_link l
     WHERE l.practice_id = :p AND l.record_id = c.client_id)) AS clients_from_no_pims_record,
  (SELECT count(*) FROM scriptright.pet c
   WHERE c.practice_id = :p AND c.origin = 'pims' AND NOT EXISTS (
     SELECT FROM scriptright.pet_link l
     WHERE l.practice_id = :p AND l.record_id = c.pet_id)) AS pets_from_no_pims_record,
  (SELECT count(*) FROM (SELECT record_id FROM scriptright.client_link
     WHERE practice_id = :p AND method = 'created' GROUP BY record_id HAVING count(*) > 1) d
  ) AS clients_created_twice,
  (SELECT count(*) FROM (SELECT record_id FROM scriptright.pet_link
     WHERE practice_id = :p AND method = 'created' GROUP BY record_id HAVING count(*) > 1) d
  ) AS pets_created_twice,
  -- One that waited, was missing when its word came and is back unreadable has no record yet.
  (SELECT count(*) FROM scriptright.pims_client b
   WHERE b.practice_id = :p AND b.missing_since IS NULL
     AND NOT EXISTS (SELECT FROM scriptright.client_link l
       WHERE l.practice_id = :p AND l.pims_id = b.pims_id)
     AND NOT EXISTS (SELECT FROM scriptright.match_candidate m
       WHERE m.practice_id = :p AND m.record = 'client' AND m.pims_id = b.pims_id)) AS pims_clients_lost,
  (SELECT count(*) FROM scriptright.pims_pet b
   WHERE b.practice_id = :p AND b.missing_since IS NULL
     AND NOT EXISTS (SELECT FROM scriptright.pet_link l
       WHERE l.practice_id = :p AND l.pims_id = b.pims_id)
     AND NOT EXISTS (SELECT FROM scriptright.match_candidate m
       WHERE m.practice_id = :p AND (m.record, m.pims_id) IN (
         ('pet', b.pims_id), ('client', btrim(b.client_key))))
     AND NOT EXISTS (SELECT FROM scriptright.suggestion s -- whose owner may be another by now
       WHERE s.practice_id = :p AND (s.record, s.pims_id) = ('client', btrim(b.client_key))
         AND s.reason = 'another_record')
     AND NOT EXISTS (SELECT FROM scriptright.shared_change o -- or whose owner's row was emptied
       WHERE o.practice_id = :p AND (o.record, o.pims_id) = ('client', btrim(b.client_key))
         AND o.field = 'name' AND o.reason = 'became_blank')
     AND EXISTS (SELECT FROM scriptright.client_link l
       WHERE l.practice_id = :p AND l.pims_id = btrim(b.client_key))) AS pims_pets_lost,
  (SELECT count(*) FROM scriptright.match_candidate m
   WHERE m.practice_id = :p AND m.state = 'open' AND (
     (m.record = 'client' AND EXISTS (SELECT FROM scriptright.client_link l
       WHERE l.practice_id = :p AND l.pims_id = m.pims_id))
     OR (m.record = 'pet' AND EXISTS (SELECT FROM scriptright.pet_link l
       JOIN scriptright.load asked ON asked.practice_id = :p AND asked.load_id = m.load_id
       WHERE l.practice_id = :p AND l.pims_id = m.pims_id
         AND NOT (l.method = 'created' AND l.linked_at < asked.recorded_at))))) AS linked_records_that_also_wait,
  (SELECT count(*) FROM scriptright.suggestion s
   WHERE s.practice_id = :p AND NOT CASE s.record
     WHEN 'client' THEN EXISTS (SELECT FROM scriptright.client c
       WHERE c.practice_id = :p AND c.client_id = s.record_id)
     ELSE EXISTS (SELECT FROM scriptright.pet c
       WHERE c.practice_id = :p AND c.pet_id = s.record_id) END
     AND (s.state = 'open' OR NOT EXISTS (SELECT FROM scriptright.record_change j -- a person's word
       WHERE j.practice_id = :p AND j.record = s.record AND j.record_id = s.record_id
         AND j.field = 'link' AND j.cause = 'joined'))
  ) AS suggestions_on_nothing,
  (SELECT count(*) FROM (
     SELECT old_value, lag(new_value) OVER (
       PARTITION BY record, record_id, field ORDER BY change_id) AS before
     FROM scriptright.record_change WHERE practice_id = :p AND record IN ('client', 'pet') AND field <> 'link') c
   WHERE c.before <> c.old_value) AS changes_that_dont_follow_the_one_before
""")
DECISIONS = text("""
WITH confirmed AS (
  SELECT s.*, c.old_value AS was, c.new_value AS became, count(c.*) OVER (
    PARTITION BY s.suggestion_id) AS writes
  FROM scriptright.suggestion s
  LEFT JOIN scriptright.record_change c
    ON c.practice_id = :p AND c.suggestion_id = s.suggestion_id AND c.record = s.record
  WHERE s.practice_id = :p AND s.state = 'confirmed')
SELECT
  (SELECT count(*) FROM confirmed WHERE writes <> 1) AS confirmations_not_written_once,
  (SELECT count(*) FROM confirmed
   WHERE field <> 'owner' AND became <> new_value) AS confirmations_of_another_value,
  (SELECT count(*) FROM confirmed
   WHERE field <> 'owner' AND was <> old_value) AS confirmations_over_another_value,
  (SELECT count(*) FROM scriptright.record_change c
   JOIN scriptright.suggestion s USING (practice_id, suggestion_id)
   WHERE c.practice_id = :p AND s.state <> 'confirmed') AS changes_without_a_confirmation,
  (SELECT count(*) FROM scriptright.suggestion s
   WHERE s.practice_id = :p AND s.state = 'confirmed' AND s.record = 'pet' AND s.field = 'name'
     AND 1 <> (SELECT count(*) FROM scriptright.rename_attestation a
       WHERE a.practice_id = :p AND a.suggestion_id = s.suggestion_id
         AND a.old_name IS NOT DISTINCT FROM s.old_value->>'name'
         AND a.new_name IS NOT DISTINCT FROM s.new_value->>'name')
  ) AS renames_without_their_attestation,
  (SELECT count(*) FROM scriptright.record_change c
   WHERE c.practice_id = :p AND c.cause = 'refresh' AND c.record || '.' || c.field
     NOT IN ('client.email', 'pet.weight', 'pet.deceased')) AS manual_fields_changed_by_a_load
""")
