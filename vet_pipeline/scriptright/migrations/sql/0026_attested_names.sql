-- As in 0025, and so: the new name of a statement is a past one, too, once its pet has another. Undoing the
-- link that brought it, or the web shop, has taken it back without a statement.
CREATE OR REPLACE FUNCTION scriptright.mark_attested_label() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- As consequences.is_same_name: capitals and spaces make no other name.
  label text := lower(btrim(regexp_replace(NEW.label_name, '\s+', ' ', 'g')));
  pet_name text;
  stated record;
BEGIN
  SELECT name INTO pet_name
  FROM scriptright.pet
  WHERE practice_id = NEW.practice_id AND pet_id = NEW.pet_id AND name <> ''
    AND label <> lower(btrim(regexp_replace(name, '\s+', ' ', 'g')));
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT attested_by, load_id INTO stated
  FROM scriptright.rename_attestation
  WHERE practice_id = NEW.practice_id AND pet_id = NEW.pet_id
    AND label IN (lower(btrim(regexp_replace(old_name, '\s+', ' ', 'g'))),
      lower(btrim(regexp_replace(new_name, '\s+', ' ', 'g'))))
  ORDER BY attestation_id DESC LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;

  UPDATE scriptright.prescription
  SET state = 'needs_new_prescription', new_name = pet_name, version = version + 1
  WHERE practice_id = NEW.practice_id AND prescription_id = NEW.prescription_id
    AND state = 'active';
  IF FOUND THEN
    INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,
      new_value, cause, actor, load_id, changed_at)
    VALUES (NEW.practice_id, 'prescription', NEW.prescription_id, 'state',
      jsonb_build_object('state', NEW.state, 'new_name', NEW.new_name),
      jsonb_build_object('state', 'needs_new_prescription', 'new_name', pet_name),
      'rename', stated.attested_by, stated.load_id, clock_timestamp());
  END IF;
  RETURN NULL;
END
$$;
