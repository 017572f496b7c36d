-- A practice that has left keeps its Home Delivery pets, under the names that its PIMS gave them, but not the
-- history of copied values by which mark_past_label (0023) knows a past name. The statements of renames are
-- kept for good: by them an ended prescription that is made active again, or one that is written under the
-- old name, is marked as before. So is one under the new name, once the pet has another: undoing the link that
-- brought it, or the web shop, has taken it back without a statement. As the owner: the web shop may not look
-- at statements.
-- It fires after past_label_marked (by its name); what that one has marked isn't active any more.
CREATE FUNCTION scriptright.mark_attested_label() RETURNS trigger
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

CREATE TRIGGER stated_label_marked AFTER INSERT ON scriptright.prescription FOR EACH ROW
  WHEN (NEW.state = 'active') EXECUTE FUNCTION scriptright.mark_attested_label();
CREATE TRIGGER stated_label_marked_again AFTER UPDATE OF state ON scriptright.prescription FOR EACH ROW
  WHEN (OLD.state = 'ended' AND NEW.state = 'active')
  EXECUTE FUNCTION scriptright.mark_attested_label();
