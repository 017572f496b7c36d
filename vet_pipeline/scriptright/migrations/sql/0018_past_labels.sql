-- A prescription written under a name that its pet had and has no more (a page of the web shop that was
-- open when the pet was renamed), or for a client whose pet it was: marked as it would have been had
-- it been there before (consequences.py), with the cause of that change, so that undoing the link it
-- came through takes the mark back. It fires after the foreign keys' own triggers (by its name),
-- which wait for a decision under way.

CREATE FUNCTION scriptright.mark_past_label() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  pet record;
  past record;
  -- As consequences.is_same_name: capitals and spaces make no other name.
  label text := lower(btrim(regexp_replace(NEW.label_name, '\s+', ' ', 'g')));
BEGIN
  IF NEW.state <> 'active' THEN
    RETURN NULL;
  END IF;
  SELECT name, client_id INTO pet
  FROM scriptright.pet
  WHERE practice_id = NEW.practice_id AND pet_id = NEW.pet_id;
  SELECT 'needs_new_prescription' AS state, pet.name AS new_name, 'rename' AS cause, actor, load_id,
    suggestion_id, via_pims_id INTO past
  FROM scriptright.record_change
  WHERE practice_id = NEW.practice_id AND record = 'pet' AND record_id = NEW.pet_id AND field = 'name'
    AND pet.name <> '' AND label <> lower(btrim(regexp_replace(pet.name, '\s+', ' ', 'g')))
    AND label = lower(btrim(regexp_replace(old_value ->> 'name', '\s+', ' ', 'g')))
  ORDER BY change_id DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT 'owner_changed' AS state, NULL AS new_name, cause, actor, load_id, suggestion_id,
      via_pims_id INTO past
    FROM scriptright.record_change
    WHERE practice_id = NEW.practice_id AND record = 'pet' AND record_id = NEW.pet_id
      AND field = 'owner' AND pet.client_id <> NEW.client_id
      AND (old_value ->> 'client_id')::bigint = NEW.client_id
    ORDER BY change_id DESC LIMIT 1;
  END IF;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;

  UPDATE scriptright.prescription
  SET state = past.state, new_name = past.new_name, version = version + 1
  WHERE practice_id = NEW.practice_id AND prescription_id = NEW.prescription_id;
  INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value, new_value,
    cause, actor, load_id, suggestion_id, via_pims_id, changed_at)
  VALUES (NEW.practice_id, 'prescription', NEW.prescription_id, 'state',
    jsonb_build_object('state', NEW.state, 'new_name', NEW.new_name),
    jsonb_build_object('state', past.state, 'new_name', past.new_name),
    past.cause, past.actor, past.load_id, past.suggestion_id, past.via_pims_id, clock_timestamp());
  RETURN NULL;
END
$$;

CREATE TRIGGER past_label_marked AFTER INSERT ON scriptright.prescription FOR EACH ROW
  EXECUTE FUNCTION scriptright.mark_past_label();

-- A statement of the shop's own that renames a pet waits for prescriptions which are being written for
-- it, as a decision does (writes.Keep): the note on the new name (0014) has to see them.
CREATE FUNCTION scriptright.keep_meaning() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM scriptright.pet
  WHERE practice_id = OLD.practice_id AND pet_id = OLD.pet_id FOR UPDATE;
  RETURN NEW;
END
$$;

CREATE TRIGGER meaning_kept BEFORE UPDATE OF name ON scriptright.pet FOR EACH ROW
  WHEN (current_user = 'scriptright_shop' AND OLD.name IS DISTINCT FROM NEW.name)
  EXECUTE FUNCTION scriptright.keep_meaning();
