-- Foreign keys, checked and locked a row at a time, as before.
DROP FUNCTION scriptright.require_rows() CASCADE;
DROP FUNCTION scriptright.refuse_orphans() CASCADE;
DROP FUNCTION scriptright.keep_key() CASCADE;
DROP FUNCTION scriptright.hold_keys(text, boolean);
CREATE TRIGGER client_load_known_update AFTER UPDATE ON scriptright.client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('created_load_id');
CREATE TRIGGER pet_load_known_update AFTER UPDATE ON scriptright.pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.require_load('created_load_id');
CREATE TRIGGER client_link_load_known_update AFTER UPDATE ON scriptright.client_link
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
