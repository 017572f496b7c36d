-- When something happened: the moment at which the transaction had the practice to itself
-- (database.lock_practice), not the one at which it began. Acts of a practice then have times in the
-- order in which they were done, and undoing a link or a stale decision can go by them.
-- Without the lock it is the transaction's beginning, as before.

CREATE FUNCTION scriptright.moment() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting('scriptright.moment', true), '')::timestamptz, now())
$$;

ALTER TABLE scriptright.load ALTER COLUMN recorded_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.client ALTER COLUMN created_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.pet ALTER COLUMN created_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.prescription ALTER COLUMN created_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.match_decision ALTER COLUMN decided_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.suggestion ALTER COLUMN opened_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.rename_attestation ALTER COLUMN attested_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.record_change ALTER COLUMN changed_at SET DEFAULT scriptright.moment();
ALTER TABLE scriptright.link_review ALTER COLUMN opened_at SET DEFAULT scriptright.moment();
