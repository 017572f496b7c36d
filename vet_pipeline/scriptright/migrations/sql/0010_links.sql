-- A link stands in the baseline's row of the PIMS record that is linked: it has the same key, and
-- never more than one. As tables of their own links were a third of the rows and near half of the
-- index entries that a first load writes. `client_link` and `pet_link` are views now.

ALTER TABLE scriptright.pims_client
  ADD COLUMN record_id bigint,               -- the client that it feeds; NULL: it waits for a person
  ADD COLUMN link_method text,
  ADD COLUMN link_decided_by text,           -- named person, when method = person
  ADD COLUMN link_score double precision,
  ADD COLUMN link_evidence jsonb,
  ADD COLUMN link_model_version text,
  ADD COLUMN link_load_id bigint,
  ADD COLUMN linked_at timestamptz,
  ADD COLUMN link_standalone jsonb;          -- what the record would hold if it stood alone; NULL when method = created
ALTER TABLE scriptright.pims_pet
  ADD COLUMN record_id bigint,
  ADD COLUMN link_method text,
  ADD COLUMN link_decided_by text,
  ADD COLUMN link_score double precision,
  ADD COLUMN link_evidence jsonb,
  ADD COLUMN link_model_version text,
  ADD COLUMN link_load_id bigint,
  ADD COLUMN linked_at timestamptz,
  ADD COLUMN link_standalone jsonb;

DROP TRIGGER pims_client_moved_rows_known ON scriptright.pims_client;
DROP TRIGGER pims_client_rows_known ON scriptright.pims_client;
DROP TRIGGER pims_client_no_orphans ON scriptright.pims_client;
DROP TRIGGER pims_client_not_emptied ON scriptright.pims_client;
DROP TRIGGER pims_pet_moved_rows_known ON scriptright.pims_pet;
DROP TRIGGER pims_pet_rows_known ON scriptright.pims_pet;
DROP TRIGGER pims_pet_no_orphans ON scriptright.pims_pet;
DROP TRIGGER pims_pet_not_emptied ON scriptright.pims_pet;
DROP TRIGGER client_no_orphans ON scriptright.client;
DROP TRIGGER client_not_emptied ON scriptright.client;
DROP TRIGGER pet_no_orphans ON scriptright.pet;
DROP TRIGGER pet_not_emptied ON scriptright.pet;

UPDATE scriptright.pims_client b
SET record_id = l.record_id, link_method = l.method, link_decided_by = l.decided_by,
    link_score = l.score, link_evidence = l.evidence, link_model_version = l.model_version,
    link_load_id = l.load_id, linked_at = l.linked_at, link_standalone = l.standalone
FROM scriptright.client_link l
WHERE (l.practice_id, l.pims_id) = (b.practice_id, b.pims_id);
UPDATE scriptright.pims_pet b
SET record_id = l.record_id, link_method = l.method, link_decided_by = l.decided_by,
    link_score = l.score, link_evidence = l.evidence, link_model_version = l.model_version,
    link_load_id = l.load_id, linked_at = l.linked_at, link_standalone = l.standalone
FROM scriptright.pet_link l
WHERE (l.practice_id, l.pims_id) = (b.practice_id, b.pims_id);
DROP TABLE scriptright.client_link, scriptright.pet_link;

-- All of a link or nothing of it.
ALTER TABLE scriptright.pims_client ADD CONSTRAINT pims_client_link_whole CHECK (
  CASE link_method
    WHEN 'created' THEN num_nulls(record_id, link_load_id, linked_at) = 0
      AND num_nonnulls(link_decided_by, link_standalone) = 0
    WHEN 'machine' THEN link_decided_by IS NULL
      AND num_nulls(record_id, link_load_id, linked_at, link_standalone) = 0
    WHEN 'person' THEN num_nulls(record_id, link_decided_by, link_load_id, linked_at, link_standalone) = 0
    ELSE num_nonnulls(record_id, link_method, link_decided_by, link_score, link_evidence,
      link_model_version, link_load_id, linked_at, link_standalone) = 0
  END);
ALTER TABLE scriptright.pims_pet ADD CONSTRAINT pims_pet_link_whole CHECK (
  CASE link_method
    WHEN 'created' THEN num_nulls(record_id, link_load_id, linked_at) = 0
      AND num_nonnulls(link_decided_by, link_standalone) = 0
    WHEN 'machine' THEN link_decided_by IS NULL
      AND num_nulls(record_id, link_load_id, linked_at, link_standalone) = 0
    WHEN 'person' THEN num_nulls(record_id, link_decided_by, link_load_id, linked_at, link_standalone) = 0
    ELSE num_nonnulls(record_id, link_method, link_decided_by, link_score, link_evidence,
      link_model_version, link_load_id, linked_at, link_standalone) = 0
  END);
-- A record's number is one practice's: it needs no practice beside it in an index.
CREATE INDEX pims_client_by_record ON scriptright.pims_client (record_id)
  WHERE record_id IS NOT NULL;
CREATE INDEX pims_pet_by_record ON scriptright.pims_pet (record_id) WHERE record_id IS NOT NULL;
DROP INDEX scriptright.pet_by_client;
CREATE INDEX pet_by_client ON scriptright.pet (client_id);

-- With the rights and the row level security of whoever looks.
CREATE VIEW scriptright.client_link WITH (security_invoker = true) AS
  SELECT practice_id, pims_id, record_id, link_method AS method, link_decided_by AS decided_by,
    link_score AS score, link_evidence AS evidence, link_model_version AS model_version,
    link_load_id AS load_id, linked_at, link_standalone AS standalone
  FROM scriptright.pims_client WHERE record_id IS NOT NULL;
CREATE VIEW scriptright.pet_link WITH (security_invoker = true) AS
  SELECT practice_id, pims_id, record_id, link_method AS method, link_decided_by AS decided_by,
    link_score AS score, link_evidence AS evidence, link_model_version AS model_version,
    link_load_id AS load_id, linked_at, link_standalone AS standalone
  FROM scriptright.pims_pet WHERE record_id IS NOT NULL;

-- As before, but all columns of a statement's rows in one look; the load that the first row names,
-- which nearly every row names, is looked up once. OFFSET 0: the planner chooses for each
-- column between an index and a hash of the practice's keys by the number of rows that were written;
-- right after a first load it doesn't know how many keys there are, and must not think a hash dear.
CREATE OR REPLACE FUNCTION scriptright.require_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '32MB'
SET random_page_cost = 4 AS $$
DECLARE
  written_rows text := 'written w WHERE w.practice_id = $1';
  looks text[];
  practices text[];
  practice text;
  load_column text;
  known_load bigint;
  unknown boolean[];
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    written_rows := '(SELECT ($2).*) w';
    practices := ARRAY[NEW.practice_id];
  ELSE
    practices := ARRAY(SELECT practice_id FROM written LIMIT 1);
    IF EXISTS (SELECT FROM written WHERE practice_id <> practices[1]) THEN
      practices := ARRAY(SELECT DISTINCT practice_id FROM written ORDER BY practice_id);
    END IF;
  END IF;
  FOR i IN 0 .. TG_NARGS - 1 BY 3 LOOP
    load_column := coalesce(load_column, CASE TG_ARGV[i + 1] WHEN 'load' THEN TG_ARGV[i] END);
    looks := looks || format(
      'w.%1$I IS NOT NULL'
      || CASE TG_ARGV[i + 1] WHEN 'load' THEN ' AND w.%1$I <> $3' ELSE '' END
      || ' AND NOT EXISTS (SELECT FROM scriptright.%2$I t
         WHERE t.practice_id = $1 AND t.%3$I = w.%1$I) AS unknown%4$s',
      TG_ARGV[i], TG_ARGV[i + 1], TG_ARGV[i + 2], i / 3);
  END LOOP;
  FOREACH practice IN ARRAY practices LOOP
    PERFORM scriptright.hold_keys(practice, false);
    known_load := NULL;
    IF load_column IS NOT NULL THEN
      EXECUTE format('SELECT load_id FROM scriptright.load
          WHERE practice_id = $1 AND load_id = (SELECT w.%I FROM %s LIMIT 1)',
        load_column, written_rows) INTO known_load USING practice, NEW;
    END IF;
    EXECUTE format('SELECT ARRAY[%s] FROM (SELECT %s FROM %s OFFSET 0) w',
      (SELECT string_agg(format('bool_or(unknown%s)', n), ', ' ORDER BY n)
       FROM generate_series(0, TG_NARGS / 3 - 1) n),
      array_to_string(looks, ', '), written_rows)
      INTO unknown USING practice, NEW, coalesce(known_load, 0);  -- no load has the number 0
    FOR i IN 1 .. TG_NARGS / 3 LOOP
      IF unknown[i] THEN
        RAISE EXCEPTION 'scriptright.% names an unknown %', TG_TABLE_NAME, TG_ARGV[3 * i - 2]
          USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
      END IF;
    END LOOP;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER pims_client_rows_known AFTER INSERT ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows('first_load_id', 'load', 'load_id',
    'load_id', 'load', 'load_id', 'link_load_id', 'load', 'load_id', 'record_id', 'client', 'client_id');
CREATE TRIGGER pims_pet_rows_known AFTER INSERT ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows('first_load_id', 'load', 'load_id',
    'load_id', 'load', 'load_id', 'link_load_id', 'load', 'load_id', 'record_id', 'pet', 'pet_id');
CREATE TRIGGER pims_client_moved_rows_known AFTER UPDATE ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pims_pet_moved_rows_known AFTER UPDATE ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
-- A link that is made later, or leads to another record: a row at a time, since a refresh updates many
-- rows and the links of few. A plan that is kept: a first load may make thousands of such links.
CREATE FUNCTION scriptright.require_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text;
BEGIN
  PERFORM scriptright.hold_keys(NEW.practice_id, false);
  IF NEW.link_load_id IS NOT NULL AND NOT EXISTS (SELECT FROM scriptright.load t
      WHERE t.practice_id = NEW.practice_id AND t.load_id = NEW.link_load_id) THEN
    unknown := 'load';
  ELSIF NEW.record_id IS NULL THEN
    RETURN NULL;
  ELSIF TG_TABLE_NAME = 'pims_client' AND NOT EXISTS (SELECT FROM scriptright.client t
      WHERE t.practice_id = NEW.practice_id AND t.client_id = NEW.record_id) THEN
    unknown := 'client';
  ELSIF TG_TABLE_NAME = 'pims_pet' AND NOT EXISTS (SELECT FROM scriptright.pet t
      WHERE t.practice_id = NEW.practice_id AND t.pet_id = NEW.record_id) THEN
    unknown := 'pet';
  END IF;
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'scriptright.% names an unknown %', TG_TABLE_NAME, unknown
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER pims_client_moved_link_known AFTER UPDATE ON scriptright.pims_client
  FOR EACH ROW WHEN ((OLD.record_id, OLD.link_load_id) IS DISTINCT FROM (NEW.record_id, NEW.link_load_id))
  EXECUTE FUNCTION scriptright.require_link();
CREATE TRIGGER pims_pet_moved_link_known AFTER UPDATE ON scriptright.pims_pet
  FOR EACH ROW WHEN ((OLD.record_id, OLD.link_load_id) IS DISTINCT FROM (NEW.record_id, NEW.link_load_id))
  EXECUTE FUNCTION scriptright.require_link();
CREATE TRIGGER client_no_orphans AFTER DELETE ON scriptright.client
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans(
    'client_id', 'pet', 'client_id', 'client_id', 'pims_client', 'record_id');
CREATE TRIGGER pet_no_orphans AFTER DELETE ON scriptright.pet
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans('pet_id', 'pims_pet', 'record_id');
CREATE TRIGGER client_not_emptied AFTER TRUNCATE ON scriptright.client
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_orphans(
    'client_id', 'pet', 'client_id', 'client_id', 'client_link', 'record_id');
CREATE TRIGGER pet_not_emptied AFTER TRUNCATE ON scriptright.pet
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_orphans('pet_id', 'pet_link', 'record_id');

-- A sample that is soon taken: autovacuum's own, a minute later, is a whole one.
CREATE OR REPLACE FUNCTION scriptright.tell_planner(loaded text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET default_statistics_target = 25 AS $$
BEGIN
  IF loaded NOT IN ('pims_client', 'pims_pet', 'client', 'pet') THEN
    RAISE EXCEPTION 'not a table that a load fills' USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('ANALYZE scriptright.%I', loaded);
END $$;
ALTER TABLE scriptright.pims_client ALTER COLUMN link_method SET STATISTICS 0,
  ALTER COLUMN link_decided_by SET STATISTICS 0, ALTER COLUMN link_score SET STATISTICS 0,
  ALTER COLUMN link_evidence SET STATISTICS 0, ALTER COLUMN link_model_version SET STATISTICS 0,
  ALTER COLUMN link_load_id SET STATISTICS 0, ALTER COLUMN linked_at SET STATISTICS 0;
ALTER TABLE scriptright.pims_pet ALTER COLUMN link_method SET STATISTICS 0,
  ALTER COLUMN link_decided_by SET STATISTICS 0, ALTER COLUMN link_score SET STATISTICS 0,
  ALTER COLUMN link_evidence SET STATISTICS 0, ALTER COLUMN link_model_version SET STATISTICS 0,
  ALTER COLUMN link_load_id SET STATISTICS 0, ALTER COLUMN linked_at SET STATISTICS 0;

-- The same rule, its setting looked up once a statement and not for every row that is written:
-- `settle` (grants.py) makes it again.
DO $$
DECLARE
  secured regclass;
BEGIN
  FOR secured IN SELECT polrelid FROM pg_policy WHERE polname = 'own_practice'
      AND polrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'scriptright'::regnamespace) LOOP
    EXECUTE format('DROP POLICY own_practice ON %s', secured);
  END LOOP;
END $$;
