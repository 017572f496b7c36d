-- What a statement of the web shop's own could write and no load, decision or undo could get past.

-- An ended prescription that is made active again (a renewal, a cancellation taken back) is as one that
-- is written now: its pet may have got another name or owner meanwhile (0018). First the pet, so that a
-- decision under way is waited for: an update of the state has no foreign key's check to wait in.
CREATE FUNCTION scriptright.wait_for_meaning() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM scriptright.pet
  WHERE practice_id = NEW.practice_id AND pet_id = NEW.pet_id FOR KEY SHARE;
  RETURN NEW;
END
$$;

CREATE TRIGGER meaning_waited_for BEFORE UPDATE OF state ON scriptright.prescription FOR EACH ROW
  WHEN (OLD.state = 'ended' AND NEW.state = 'active')
  EXECUTE FUNCTION scriptright.wait_for_meaning();

CREATE TRIGGER past_label_marked_again AFTER UPDATE OF state ON scriptright.prescription FOR EACH ROW
  WHEN (OLD.state = 'ended' AND NEW.state = 'active')
  EXECUTE FUNCTION scriptright.mark_past_label();
