-- What the web shop says of a prescription (it writes one, ends it, renews it, makes it active) is noted as it
-- comes: undoing a link plays it again over the name and owner that the pet would have had (restore_labels.py).
-- Loads, decisions and the triggers that mark note for themselves: not what is changed in an act
-- (scriptright.moment) or by a trigger. Its pet's name and owner at that time are noted with the pet:
-- `seen_to` is the newest of these notes that the writer could see. A decision under way has some that it couldn't.
-- By their names the triggers fire after the foreign keys', which wait for such a decision, and before those
-- that mark what is past (0018).

ALTER TABLE scriptright.record_change ADD COLUMN seen_to bigint;

CREATE FUNCTION scriptright.note_shop_word() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value, new_value,
    cause, actor, seen_to, changed_at)
  SELECT NEW.practice_id, 'prescription', NEW.prescription_id, 'state',
    jsonb_build_object('state', OLD.state, 'new_name', OLD.new_name),  -- nulls where it is new
    jsonb_build_object('state', NEW.state, 'new_name', NEW.new_name),
    CASE TG_OP WHEN 'INSERT' THEN 'prescribed' ELSE 'web_shop' END, session_user, coalesce(max(change_id), 0), clock_timestamp()
  FROM scriptright.record_change
  WHERE practice_id = NEW.practice_id AND record = 'pet' AND record_id = NEW.pet_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER noted_as_it_comes AFTER INSERT ON scriptright.prescription FOR EACH ROW
  EXECUTE FUNCTION scriptright.note_shop_word();
CREATE TRIGGER noted_as_it_is_saved AFTER UPDATE OF state, new_name ON scriptright.prescription FOR EACH ROW
  WHEN (pg_trigger_depth() = 0 AND coalesce(current_setting('scriptright.moment', true), '') = ''
    AND (OLD.state IS DISTINCT FROM NEW.state OR OLD.new_name IS DISTINCT FROM NEW.new_name))
  EXECUTE FUNCTION scriptright.note_shop_word();
