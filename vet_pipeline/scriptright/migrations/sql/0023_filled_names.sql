-- As in 0018; also a prescription that had ended when its pet, which had no name, got one (filled in by
-- a link, 0021, or by the web shop, 0014): the label was nobody's past name, but had it not ended it
-- would have been marked. What is written under a name of the pharmacist's own stays that.
CREATE OR REPLACE FUNCTION scriptright.mark_past_label() RETURNS trigger
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
    AND (label = lower(btrim(regexp_replace(old_value ->> 'name', '\s+', ' ', 'g')))
      OR (TG_OP = 'UPDATE' AND changed_at > NEW.created_at AND coalesce(old_value ->> 'name', '') = ''
        AND new_value ->> 'name' <> ''))
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
