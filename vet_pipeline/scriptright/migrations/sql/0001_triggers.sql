-- What is append-only, what never changes, and what must be known: rules beyond constraints.

CREATE FUNCTION scriptright.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'scriptright.% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE TRIGGER audit_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON scriptright.audit
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_change();

CREATE TRIGGER rename_attestation_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON scriptright.rename_attestation
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_change();

-- Offboarding erases the history of values, so deleting is allowed; rewriting it is not.
CREATE TRIGGER record_change_no_update
  BEFORE UPDATE ON scriptright.record_change
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_change();

-- The label is what was printed: a renamed pet needs a new prescription, not a new label.
CREATE FUNCTION scriptright.keep_label_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a prescription''s label name never changes'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE TRIGGER prescription_label_name_fixed
  BEFORE UPDATE ON scriptright.prescription
  FOR EACH ROW WHEN (NEW.label_name IS DISTINCT FROM OLD.label_name)
  EXECUTE FUNCTION scriptright.keep_label_name();

-- The tables that a first load fills by the hundred thousand refer to `load`, which never loses a
-- row, by one check a statement: a foreign key's check a row was most of the load's time.
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

CREATE TRIGGER load_kept
  BEFORE DELETE OR TRUNCATE ON scriptright.load
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_change();

CREATE TRIGGER load_key_kept
  BEFORE UPDATE OF practice_id, load_id, snapshot_seq, snapshot_hash, state ON scriptright.load
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_change();

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
