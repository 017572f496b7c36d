-- Links in tables of their own, as they were before 0010.
DROP VIEW scriptright.client_link, scriptright.pet_link;
DROP TRIGGER pims_client_rows_known ON scriptright.pims_client;
DROP TRIGGER pims_client_moved_link_known ON scriptright.pims_client;
DROP TRIGGER pims_pet_rows_known ON scriptright.pims_pet;
DROP TRIGGER pims_pet_moved_link_known ON scriptright.pims_pet;
DROP FUNCTION scriptright.require_link();
DROP TRIGGER client_no_orphans ON scriptright.client;
DROP TRIGGER client_not_emptied ON scriptright.client;
DROP TRIGGER pet_no_orphans ON scriptright.pet;
DROP TRIGGER pet_not_emptied ON scriptright.pet;

CREATE TABLE scriptright.client_link (
  practice_id text NOT NULL,
  pims_id     text NOT NULL,
  record_id   bigint NOT NULL,
  method      text NOT NULL CHECK (method IN ('created','machine','person')),
  decided_by  text,
  score       double precision,
  evidence    jsonb,
  model_version text,
  load_id     bigint NOT NULL,
  linked_at   timestamptz NOT NULL DEFAULT now(),
  standalone  jsonb,
  PRIMARY KEY (practice_id, pims_id),
  CHECK ((method = 'person') = (decided_by IS NOT NULL)),
  CHECK ((method = 'created') = (standalone IS NULL))
);
CREATE TABLE scriptright.pet_link (LIKE scriptright.client_link INCLUDING ALL);
INSERT INTO scriptright.client_link
SELECT practice_id, pims_id, record_id, link_method, link_decided_by, link_score, link_evidence,
  link_model_version, link_load_id, linked_at, link_standalone
FROM scriptright.pims_client WHERE record_id IS NOT NULL;
INSERT INTO scriptright.pet_link
SELECT practice_id, pims_id, record_id, link_method, link_decided_by, link_score, link_evidence,
  link_model_version, link_load_id, linked_at, link_standalone
FROM scriptright.pims_pet WHERE record_id IS NOT NULL;
CREATE INDEX client_link_by_record ON scriptright.client_link (practice_id, record_id);
CREATE INDEX pet_link_by_record ON scriptright.pet_link (practice_id, record_id);
DROP INDEX scriptright.pet_by_client;
CREATE INDEX pet_by_client ON scriptright.pet (practice_id, client_id);

ALTER TABLE scriptright.pims_client DROP COLUMN record_id, DROP COLUMN link_method,
  DROP COLUMN link_decided_by, DROP COLUMN link_score, DROP COLUMN link_evidence,
  DROP COLUMN link_model_version, DROP COLUMN link_load_id, DROP COLUMN linked_at,
  DROP COLUMN link_standalone;
ALTER TABLE scriptright.pims_pet DROP COLUMN record_id, DROP COLUMN link_method,
  DROP COLUMN link_decided_by, DROP COLUMN link_score, DROP COLUMN link_evidence,
  DROP COLUMN link_model_version, DROP COLUMN link_load_id, DROP COLUMN linked_at,
  DROP COLUMN link_standalone;

CREATE TRIGGER pims_client_rows_known AFTER INSERT ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pims_pet_rows_known AFTER INSERT ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER client_link_rows_known AFTER INSERT ON scriptright.client_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows('pims_id', 'pims_client', 'pims_id',
    'record_id', 'client', 'client_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pet_link_rows_known AFTER INSERT ON scriptright.pet_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows('pims_id', 'pims_pet', 'pims_id',
    'record_id', 'pet', 'pet_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER client_link_moved_rows_known AFTER UPDATE ON scriptright.client_link
  FOR EACH ROW WHEN ((OLD.practice_id, OLD.pims_id, OLD.record_id, OLD.load_id)
    IS DISTINCT FROM (NEW.practice_id, NEW.pims_id, NEW.record_id, NEW.load_id))
  EXECUTE FUNCTION scriptright.require_rows('pims_id', 'pims_client', 'pims_id',
    'record_id', 'client', 'client_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pet_link_moved_rows_known AFTER UPDATE ON scriptright.pet_link
  FOR EACH ROW WHEN ((OLD.practice_id, OLD.pims_id, OLD.record_id, OLD.load_id)
    IS DISTINCT FROM (NEW.practice_id, NEW.pims_id, NEW.record_id, NEW.load_id))
  EXECUTE FUNCTION scriptright.require_rows('pims_id', 'pims_pet', 'pims_id',
    'record_id', 'pet', 'pet_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER client_no_orphans AFTER DELETE ON scriptright.client
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans(
    'client_id', 'pet', 'client_id', 'client_id', 'client_link', 'record_id');
CREATE TRIGGER pet_no_orphans AFTER DELETE ON scriptright.pet
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans('pet_id', 'pet_link', 'record_id');
CREATE TRIGGER pims_client_no_orphans AFTER DELETE ON scriptright.pims_client
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans('pims_id', 'client_link', 'pims_id');
CREATE TRIGGER pims_pet_no_orphans AFTER DELETE ON scriptright.pims_pet
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans('pims_id', 'pet_link', 'pims_id');
CREATE TRIGGER client_not_emptied AFTER TRUNCATE ON scriptright.client
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_orphans(
    'client_id', 'pet', 'client_id', 'client_id', 'client_link', 'record_id');
CREATE TRIGGER pet_not_emptied AFTER TRUNCATE ON scriptright.pet
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_orphans('pet_id', 'pet_link', 'record_id');
CREATE TRIGGER pims_client_not_emptied AFTER TRUNCATE ON scriptright.pims_client
  FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans('pims_id', 'client_link', 'pims_id');
CREATE TRIGGER pims_pet_not_emptied AFTER TRUNCATE ON scriptright.pims_pet
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_orphans('pims_id', 'pet_link', 'pims_id');

CREATE OR REPLACE FUNCTION scriptright.tell_planner(loaded text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loaded NOT IN ('pims_client', 'pims_pet', 'client', 'pet', 'client_link', 'pet_link') THEN
    RAISE EXCEPTION 'not a table that a load fills' USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('ANALYZE scriptright.%I', loaded);
END $$;

-- The migrating role must see every row to move it; the other roles get their rights from the older
-- release's `vet-pipeline migrate`.
ALTER TABLE scriptright.client_link ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE scriptright.pet_link ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY migration ON scriptright.client_link TO scriptright_migrate USING (true) WITH CHECK (true);
CREATE POLICY migration ON scriptright.pet_link TO scriptright_migrate USING (true) WITH CHECK (true);
