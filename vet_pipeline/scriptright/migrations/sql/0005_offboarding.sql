-- A practice that has left: what was erased, and that none of it comes back.

CREATE TABLE scriptright.offboarding (             -- one row a practice; append-only
  practice_id text PRIMARY KEY REFERENCES scriptright.practice,
  at          timestamptz NOT NULL,
  by          text NOT NULL CHECK (btrim(by) <> ''),
  receipt     jsonb NOT NULL                       -- counts and digests
);

CREATE TABLE scriptright.tombstone (               -- PIMS records that were erased; append-only
  practice_id text NOT NULL REFERENCES scriptright.practice,
  record      text NOT NULL CHECK (record IN ('client','pet')),
  digest      bytea NOT NULL,                      -- keyed hash of the PIMS id; the key isn't in the database
  PRIMARY KEY (practice_id, record, digest)
);

CREATE TRIGGER offboarding_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON scriptright.offboarding
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_change();

CREATE TRIGGER tombstone_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON scriptright.tombstone
  FOR EACH STATEMENT EXECUTE FUNCTION scriptright.refuse_change();

CREATE FUNCTION scriptright.refuse_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an offboarded practice stays offboarded'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE TRIGGER practice_offboarded_for_good
  BEFORE UPDATE ON scriptright.practice
  FOR EACH ROW WHEN (OLD.state = 'offboarded' AND NEW.state <> 'offboarded')
  EXECUTE FUNCTION scriptright.refuse_return();

-- Every row that is copied passes the baseline: a late snapshot gets nowhere, whoever applies it.
CREATE FUNCTION scriptright.refuse_offboarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT practice_id FROM written) w
             JOIN scriptright.practice p USING (practice_id) WHERE p.state = 'offboarded') THEN
    RAISE EXCEPTION 'the practice is offboarded'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER pims_client_of_no_offboarded AFTER INSERT ON scriptright.pims_client
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_offboarded();

CREATE TRIGGER pims_pet_of_no_offboarded AFTER INSERT ON scriptright.pims_pet
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  EXECUTE FUNCTION scriptright.refuse_offboarded();
