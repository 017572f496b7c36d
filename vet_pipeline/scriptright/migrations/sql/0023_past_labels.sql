-- As in 0018, and so:
-- What had ended when its pet, which had no name, got one (filled in by a link, 0021, or by the web shop,
-- 0014) is marked when it is active again: the label was nobody's past name, but had it not ended it would
-- have been marked. What is written under a name of the pharmacist's own stays that.
-- Each change of the name or owner since the label or client was the pet's marks, in their order, as it
-- would have done: undoing the link that brought one of them leaves the marks of the others. An undo's own
-- change is no link's, so nothing takes it back; but one that brings back what the name was but for its link
-- is that link's: with the other undone, too, nothing is left to mark.
CREATE OR REPLACE FUNCTION scriptright.mark_past_label() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  pet record;
  past record;
  name_since bigint;
  owner_since bigint;
  -- As consequences.is_same_name: capitals and spaces make no other name.
  label text := lower(btrim(regexp_replace(NEW.label_name, '\s+', ' ', 'g')));
  was jsonb := jsonb_build_object('state', NEW.state, 'new_name', NEW.new_name);
  is_now jsonb := was;
BEGIN
  IF NEW.state <> 'active' THEN
    RETURN NULL;
  END IF;
  SELECT name, client_id INTO pet
  FROM scriptright.pet
  WHERE practice_id = NEW.practice_id AND pet_id = NEW.pet_id;
  IF pet.name <> '' AND label <> lower(btrim(regexp_replace(pet.name, '\s+', ' ', 'g'))) THEN
    -- Since the label was the pet's name, or a pet without a name got one while this had ended.
    SELECT coalesce(
      max(change_id) FILTER (
        WHERE label = lower(btrim(regexp_replace(old_value ->> 'name', '\s+', ' ', 'g')))),
      min(change_id) FILTER (
        WHERE TG_OP = 'UPDATE' AND changed_at > NEW.created_at
          AND coalesce(old_value ->> 'name', '') = '' AND new_value ->> 'name' <> '')) INTO name_since
    FROM scriptright.record_change
    WHERE practice_id = NEW.practice_id AND record = 'pet' AND record_id = NEW.pet_id
      AND field = 'name';
  END IF;
  IF pet.client_id <> NEW.client_id THEN
    SELECT max(change_id) INTO owner_since
    FROM scriptright.record_change
    WHERE practice_id = NEW.practice_id AND record = 'pet' AND record_id = NEW.pet_id
      AND field = 'owner' AND (old_value ->> 'client_id')::bigint = NEW.client_id;
  END IF;
  IF name_since IS NULL AND owner_since IS NULL THEN
    RETURN NULL;
  END IF;

  FOR past IN
    SELECT change_id, field, new_value ->> 'name' AS name, actor, load_id, suggestion_id,
      CASE WHEN field = 'name' THEN 'rename' ELSE cause END AS cause,
      CASE WHEN cause <> 'unmerge'
        -- Else it took back a name that the label may bear: then no link's.
        OR (field = 'name' AND lower(btrim(regexp_replace(new_value ->> 'name', '\s+', ' ', 'g'))) = (
          SELECT lower(btrim(regexp_replace(b.new_value ->> 'name', '\s+', ' ', 'g')))
          FROM scriptright.record_change b
          WHERE b.practice_id = c.practice_id AND b.record = 'pet' AND b.record_id = c.record_id
            AND b.field = 'name' AND b.change_id >= name_since AND b.change_id < c.change_id
            AND b.via_pims_id IS DISTINCT FROM c.via_pims_id
          ORDER BY b.change_id DESC LIMIT 1))
      THEN via_pims_id END AS via_pims_id
    FROM scriptright.record_change c
    WHERE practice_id = NEW.practice_id AND record = 'pet' AND record_id = NEW.pet_id
      AND ((field = 'name' AND change_id >= name_since AND new_value ->> 'name' <> '')
        OR (field = 'owner' AND change_id >= owner_since))
    UNION ALL  -- a name that nothing notes: it was written past the web shop and the loads
    SELECT NULL, 'name', pet.name, NULL, NULL, NULL, 'rename', NULL
    WHERE name_since IS NOT NULL AND pet.name IS DISTINCT FROM (
      SELECT new_value ->> 'name' FROM scriptright.record_change
      WHERE practice_id = NEW.practice_id AND record = 'pet' AND record_id = NEW.pet_id
        AND field = 'name'
      ORDER BY change_id DESC LIMIT 1)
    ORDER BY change_id NULLS LAST
  LOOP
    is_now := CASE
      WHEN past.field = 'name'
      THEN jsonb_build_object('state', 'needs_new_prescription', 'new_name', past.name)
      WHEN was ->> 'state' = 'needs_new_prescription' THEN was
      ELSE jsonb_build_object('state', 'owner_changed', 'new_name', NULL) END;
    INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,
      new_value, cause, actor, load_id, suggestion_id, via_pims_id, changed_at)
    VALUES (NEW.practice_id, 'prescription', NEW.prescription_id, 'state', was, is_now, past.cause,
      past.actor, past.load_id, past.suggestion_id, past.via_pims_id, clock_timestamp());
    was := is_now;
  END LOOP;

  UPDATE scriptright.prescription
  SET state = is_now ->> 'state', new_name = is_now ->> 'new_name', version = version + 1
  WHERE practice_id = NEW.practice_id AND prescription_id = NEW.prescription_id;
  RETURN NULL;
END
$$;
