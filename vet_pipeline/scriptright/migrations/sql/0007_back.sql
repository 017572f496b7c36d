-- Foreign keys, checked and locked a row at a time, as before.
DROP FUNCTION scriptright.require_rows() CASCADE;
DROP FUNCTION scriptright.refuse_orphans() CASCADE;
DROP FUNCTION scriptright.keep_key() CASCADE;
DROP FUNCTION scriptright.hold_keys(text, boolean);

CREATE FUNCTION scriptright.require_load() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  load_column text;
  unknown boolean;
BEGIN
  FOREACH load_column IN ARRAY TG_ARGV LOOP
    EXECUTE format(
      'SELECT EXISTS (SELECT FROM (SELECT DISTINCT practice_id, %1$I AS id FROM written) w
       WHERE w.id IS NOT NULL AND NOT EXISTS (SELECT FROM scriptright.load l
         WHERE l.practice_id = w.practice_id AND l.load_id = w.id))', load_column)
      INTO unknown;
    IF unknown THEN
      RAISE EXCEPTION 'scriptright.% names an unknown load', TG_TABLE_NAME
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER client_load_known_insert AFTER INSERT ON scriptright.client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('created_load_id');

CREATE TRIGGER client_load_known_update AFTER UPDATE ON scriptright.client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('created_load_id');

CREATE TRIGGER pet_load_known_insert AFTER INSERT ON scriptright.pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('created_load_id');

CREATE TRIGGER pet_load_known_update AFTER UPDATE ON scriptright.pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('created_load_id');

CREATE TRIGGER pims_client_load_known_insert AFTER INSERT ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('first_load_id', 'load_id');

CREATE TRIGGER pims_client_load_known_update AFTER UPDATE ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('first_load_id', 'load_id');

CREATE TRIGGER pims_pet_load_known_insert AFTER INSERT ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('first_load_id', 'load_id');

CREATE TRIGGER pims_pet_load_known_update AFTER UPDATE ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('first_load_id', 'load_id');

CREATE TRIGGER client_link_load_known_insert AFTER INSERT ON scriptright.client_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('load_id');

CREATE TRIGGER client_link_load_known_update AFTER UPDATE ON scriptright.client_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('load_id');

CREATE TRIGGER pet_link_load_known_insert AFTER INSERT ON scriptright.pet_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('load_id');

CREATE TRIGGER pet_link_load_known_update AFTER UPDATE ON scriptright.pet_link
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('load_id');

ALTER TABLE scriptright.client ADD FOREIGN KEY (practice_id) REFERENCES scriptright.practice;
ALTER TABLE scriptright.pet
  ADD FOREIGN KEY (practice_id, client_id) REFERENCES scriptright.client;
ALTER TABLE scriptright.client_link
  ADD FOREIGN KEY (practice_id, pims_id) REFERENCES scriptright.pims_client,
  ADD FOREIGN KEY (practice_id, record_id) REFERENCES scriptright.client;
ALTER TABLE scriptright.pet_link
  ADD FOREIGN KEY (practice_id, pims_id) REFERENCES scriptright.pims_pet,
  ADD FOREIGN KEY (practice_id, record_id) REFERENCES scriptright.pet;
ALTER TABLE scriptright.client RESET (fillfactor);
ALTER TABLE scriptright.pet RESET (fillfactor);
ALTER TABLE scriptright.pims_client RESET (fillfactor);
ALTER TABLE scriptright.pims_pet RESET (fillfactor);
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT a.attrelid::regclass AS loaded, a.attname FROM pg_attribute a
    WHERE a.attrelid = ANY (ARRAY['scriptright.client', 'scriptright.pet',
        'scriptright.pims_client', 'scriptright.pims_pet', 'scriptright.client_link',
        'scriptright.pet_link']::regclass[])
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget = 0
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS -1', one.loaded, one.attname);
  END LOOP;
END $$;
