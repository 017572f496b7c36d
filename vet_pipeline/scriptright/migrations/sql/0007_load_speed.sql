-- What made a load's time in the database, done by the set. Nothing may refer to a row that isn't
-- there, whoever writes it; a foreign key checks and locks a row at a time, these triggers check a
-- statement at a time under one lock a practice.
--
-- Who refers holds the practice's keys shared until it commits, who removes a row that can be
-- referred to holds them alone; both look only once they hold them, by a snapshot taken then:
--   - removed and committed before: the one that refers doesn't find the row, and is refused;
--   - removed, not committed: whoever holds the keys first is waited for. If that is the one that
--     refers, the one that removes finds the reference afterwards, and is refused.
-- A transaction that keeps one snapshot (REPEATABLE READ and up) couldn't look anew: it is refused.

CREATE FUNCTION scriptright.hold_keys(practice text, alone boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key bigint := hashtextextended('scriptright.keys:' || practice, 0);
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'records and links are written in READ COMMITTED only'
      USING ERRCODE = 'invalid_transaction_state';
  END IF;
  IF alone THEN
    PERFORM pg_advisory_xact_lock(key);
  ELSE
    PERFORM pg_advisory_xact_lock_shared(key);
  END IF;
END $$;

-- Arguments, three by three: the column that refers, the table and the column it refers to.
-- EXISTS stands where it is no join, so that the planner may take an index or a hash of one
-- practice's keys, and nothing else: right after a first load it doesn't know the practice yet.
CREATE FUNCTION scriptright.require_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '32MB' AS $$
DECLARE
  practice text;
  unknown boolean;
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    PERFORM scriptright.hold_keys(NEW.practice_id, false);
    FOR i IN 0 .. TG_NARGS - 1 BY 3 LOOP
      EXECUTE format(
        'SELECT $1.%1$I IS NOT NULL AND NOT EXISTS (SELECT FROM scriptright.%2$I t
           WHERE t.practice_id = $1.practice_id AND t.%3$I = $1.%1$I)',
        TG_ARGV[i], TG_ARGV[i + 1], TG_ARGV[i + 2]) INTO unknown USING NEW;
      IF unknown THEN
        RAISE EXCEPTION 'scriptright.% names an unknown %', TG_TABLE_NAME, TG_ARGV[i + 1]
          USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
      END IF;
    END LOOP;
    RETURN NULL;
  END IF;
  FOR practice IN SELECT DISTINCT practice_id FROM written ORDER BY practice_id LOOP
    PERFORM scriptright.hold_keys(practice, false);
    FOR i IN 0 .. TG_NARGS - 1 BY 3 LOOP
      EXECUTE format(
        'SELECT bool_or(unknown) FROM (
           SELECT w.%1$I IS NOT NULL AND NOT EXISTS (SELECT FROM scriptright.%2$I t
             WHERE t.practice_id = $1 AND t.%3$I = w.%1$I) AS unknown
           FROM written w WHERE w.practice_id = $1 OFFSET 0) w',
        TG_ARGV[i], TG_ARGV[i + 1], TG_ARGV[i + 2]) INTO unknown USING practice;
      IF unknown THEN
        RAISE EXCEPTION 'scriptright.% names an unknown %', TG_TABLE_NAME, TG_ARGV[i + 1]
          USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
      END IF;
    END LOOP;
  END LOOP;
  RETURN NULL;
END $$;

-- Arguments, three by three: the column that is referred to, the table and the column that refer.
CREATE FUNCTION scriptright.refuse_orphans() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  needed boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM scriptright.hold_keys(g.practice_id, true)
      FROM (SELECT DISTINCT practice_id FROM gone ORDER BY practice_id) g;
  END IF;
  FOR i IN 0 .. TG_NARGS - 1 BY 3 LOOP
    IF TG_OP = 'DELETE' THEN
      EXECUTE format(
        'SELECT bool_or(needed) FROM (
           SELECT EXISTS (SELECT FROM scriptright.%2$I t
             WHERE t.practice_id = g.practice_id AND t.%3$I = g.%1$I) AS needed
           FROM gone g OFFSET 0) g',
        TG_ARGV[i], TG_ARGV[i + 1], TG_ARGV[i + 2]) INTO needed;
    ELSE  -- TRUNCATE: its lock on the table keeps everybody away who would refer to it
      EXECUTE format('SELECT EXISTS (SELECT FROM scriptright.%I)', TG_ARGV[i + 1]) INTO needed;
    END IF;
    IF needed THEN
      RAISE EXCEPTION 'rows of scriptright.% are still needed by %', TG_TABLE_NAME, TG_ARGV[i + 1]
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION scriptright.keep_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a key of scriptright.% never changes', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

-- Loads too: what checked them did it by the statement, and sorted a first load's rows for it.
DROP FUNCTION scriptright.require_load() CASCADE;

-- Who refers to whom: client -> practice; pet -> client; a link -> its record and its PIMS row.
ALTER TABLE scriptright.client DROP CONSTRAINT client_practice_id_fkey;
ALTER TABLE scriptright.pet DROP CONSTRAINT pet_practice_id_client_id_fkey;
ALTER TABLE scriptright.client_link DROP CONSTRAINT client_link_practice_id_pims_id_fkey;
ALTER TABLE scriptright.client_link DROP CONSTRAINT client_link_practice_id_record_id_fkey;
ALTER TABLE scriptright.pet_link DROP CONSTRAINT pet_link_practice_id_pims_id_fkey;
ALTER TABLE scriptright.pet_link DROP CONSTRAINT pet_link_practice_id_record_id_fkey;

CREATE TRIGGER pims_client_rows_known AFTER INSERT ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pims_client_moved_rows_known AFTER UPDATE ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pims_pet_rows_known AFTER INSERT ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pims_pet_moved_rows_known AFTER UPDATE ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'first_load_id', 'load', 'load_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER client_rows_known AFTER INSERT ON scriptright.client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'practice_id', 'practice', 'practice_id', 'created_load_id', 'load', 'load_id');
CREATE TRIGGER pet_rows_known AFTER INSERT ON scriptright.pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows(
    'client_id', 'client', 'client_id', 'created_load_id', 'load', 'load_id');
CREATE TRIGGER client_link_rows_known AFTER INSERT ON scriptright.client_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows('pims_id', 'pims_client', 'pims_id',
    'record_id', 'client', 'client_id', 'load_id', 'load', 'load_id');
CREATE TRIGGER pet_link_rows_known AFTER INSERT ON scriptright.pet_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_rows('pims_id', 'pims_pet', 'pims_id',
    'record_id', 'pet', 'pet_id', 'load_id', 'load', 'load_id');

-- A reference that is moved; most updates move none and cost nothing here.
CREATE TRIGGER client_moved_rows_known AFTER UPDATE ON scriptright.client
  FOR EACH ROW WHEN (OLD.created_load_id IS DISTINCT FROM NEW.created_load_id)
  EXECUTE FUNCTION scriptright.require_rows('created_load_id', 'load', 'load_id');
CREATE TRIGGER pet_moved_rows_known AFTER UPDATE ON scriptright.pet
  FOR EACH ROW WHEN ((OLD.client_id, OLD.created_load_id)
    IS DISTINCT FROM (NEW.client_id, NEW.created_load_id))
  EXECUTE FUNCTION scriptright.require_rows(
    'client_id', 'client', 'client_id', 'created_load_id', 'load', 'load_id');
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

CREATE TRIGGER practice_no_orphans AFTER DELETE ON scriptright.practice
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans('practice_id', 'client', 'practice_id');
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

CREATE TRIGGER practice_not_emptied AFTER TRUNCATE ON scriptright.practice
  FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_orphans('practice_id', 'client', 'practice_id');
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

-- AFTER: a trigger that fires before locks every row that is updated.
CREATE TRIGGER practice_key_kept AFTER UPDATE ON scriptright.practice
  FOR EACH ROW WHEN (OLD.practice_id <> NEW.practice_id) EXECUTE FUNCTION scriptright.keep_key();
CREATE TRIGGER client_key_kept AFTER UPDATE ON scriptright.client
  FOR EACH ROW WHEN ((OLD.practice_id, OLD.client_id) <> (NEW.practice_id, NEW.client_id))
  EXECUTE FUNCTION scriptright.keep_key();
CREATE TRIGGER pet_key_kept AFTER UPDATE ON scriptright.pet
  FOR EACH ROW WHEN ((OLD.practice_id, OLD.pet_id) <> (NEW.practice_id, NEW.pet_id))
  EXECUTE FUNCTION scriptright.keep_key();
CREATE TRIGGER pims_client_key_kept AFTER UPDATE ON scriptright.pims_client
  FOR EACH ROW WHEN ((OLD.practice_id, OLD.pims_id) <> (NEW.practice_id, NEW.pims_id))
  EXECUTE FUNCTION scriptright.keep_key();
CREATE TRIGGER pims_pet_key_kept AFTER UPDATE ON scriptright.pims_pet
  FOR EACH ROW WHEN ((OLD.practice_id, OLD.pims_id) <> (NEW.practice_id, NEW.pims_id))
  EXECUTE FUNCTION scriptright.keep_key();

-- A changed row's new version fits beside the old one (HOT): no index is written for it.
ALTER TABLE scriptright.client SET (fillfactor = 90);
ALTER TABLE scriptright.pet SET (fillfactor = 90);
ALTER TABLE scriptright.pims_client SET (fillfactor = 90);
ALTER TABLE scriptright.pims_pet SET (fillfactor = 90);

-- No statement looks a record up by its values: the planner needs no statistics of them, and
-- making those was a fifth of a first load.
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT a.attrelid::regclass AS loaded, a.attname
    FROM pg_attribute a
    WHERE a.attrelid = ANY (ARRAY['scriptright.client', 'scriptright.pet',
        'scriptright.pims_client', 'scriptright.pims_pet', 'scriptright.client_link',
        'scriptright.pet_link']::regclass[])
      AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname NOT IN ('practice_id', 'client_id', 'pet_id', 'pims_id', 'record_id', 'origin',
        'missing_since', 'standalone')
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', one.loaded, one.attname);
  END LOOP;
END $$;
