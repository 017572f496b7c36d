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

-- Records are numbered by sequences. A number that the shop writes by hand (an import that keeps those of
-- another system) and that the sequence has yet to give would refuse a load or a sign-up later on.
-- As the owner: nobody but loads may look at the sequences. Upserts of what is there go through.
CREATE FUNCTION scriptright.refuse_number_ahead() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint := (to_jsonb(NEW) ->> (TG_TABLE_NAME || '_id'))::bigint;
  given boolean;
BEGIN
  IF TG_TABLE_NAME = 'client' THEN
    SELECT number < last_value OR (is_called AND number = last_value) INTO given
    FROM scriptright.client_client_id_seq;
  ELSE
    SELECT number < last_value OR (is_called AND number = last_value) INTO given
    FROM scriptright.pet_pet_id_seq;
  END IF;
  IF NOT given THEN
    RAISE EXCEPTION 'number % of scriptright.% has not been given out yet', number, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME,
        HINT = 'Leave the number out: the database gives it, and RETURNING tells it.';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER number_given BEFORE INSERT ON scriptright.client FOR EACH ROW
  WHEN (current_user = 'scriptright_shop') EXECUTE FUNCTION scriptright.refuse_number_ahead();
CREATE TRIGGER number_given BEFORE INSERT ON scriptright.pet FOR EACH ROW
  WHEN (current_user = 'scriptright_shop') EXECUTE FUNCTION scriptright.refuse_number_ahead();

-- Dates that are in no calendar of a program, and weights that are no number. Those that are there go
-- blank, and the history keeps them: until now each load that looked at them failed.
WITH unreadable AS (
  SELECT p.practice_id, p.pet_id, p AS was, age.odd AS age, death.odd AS death,
    weight.odd AS weight, day.odd AS day
  FROM scriptright.pet p
  CROSS JOIN LATERAL (SELECT p.birth_date NOT BETWEEN '0001-01-01' AND '9999-12-31' AS odd) age
  CROSS JOIN LATERAL (SELECT p.deceased_on NOT BETWEEN '0001-01-01' AND '9999-12-31' AS odd) death
  CROSS JOIN LATERAL (SELECT p.weight_value = 'NaN' OR p.weight_kg = 'NaN' AS odd) weight
  CROSS JOIN LATERAL (SELECT p.weighed_on NOT BETWEEN '0001-01-01' AND '9999-12-31' AS odd) day
  WHERE age.odd OR death.odd OR weight.odd OR day.odd
), blanked AS (
  UPDATE scriptright.pet p SET
    birth_date = CASE WHEN u.age THEN NULL ELSE p.birth_date END,
    birth_date_estimated = CASE WHEN u.age THEN NULL ELSE p.birth_date_estimated END,
    deceased_on = CASE WHEN u.death THEN NULL ELSE p.deceased_on END,
    weight_value = CASE WHEN u.weight THEN NULL ELSE p.weight_value END,
    weight_unit = CASE WHEN u.weight THEN NULL ELSE p.weight_unit END,
    weight_kg = CASE WHEN u.weight THEN NULL ELSE p.weight_kg END,
    weighed_on = CASE WHEN u.weight OR u.day THEN NULL ELSE p.weighed_on END,
    version = p.version + 1
  FROM unreadable u WHERE u.practice_id = p.practice_id AND u.pet_id = p.pet_id
  RETURNING u.*, p AS is_now
)
INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value, new_value,
  cause, actor, changed_at)
SELECT practice_id, 'pet', pet_id, f.field, old.value, new.value, 'web_shop', 'schema 0021',
  clock_timestamp()
FROM blanked
CROSS JOIN LATERAL (VALUES
  ('age', age, ARRAY['birth_date', 'birth_date_estimated']),
  ('deceased', death, ARRAY['deceased', 'deceased_on']),
  ('weight', weight OR day, ARRAY['weight_value', 'weight_unit', 'weight_kg', 'weighed_on'])
) AS f (field, is_odd, columns)
CROSS JOIN LATERAL (SELECT jsonb_object_agg(c, CASE
    WHEN c IN ('weight_value', 'weight_kg')
    THEN coalesce(to_jsonb(trim_scale((to_jsonb(was) ->> c)::numeric)::text), 'null')
    ELSE to_jsonb(was) -> c END) AS value FROM unnest(f.columns) AS c) old
CROSS JOIN LATERAL (SELECT jsonb_object_agg(c, CASE
    WHEN c IN ('weight_value', 'weight_kg')
    THEN coalesce(to_jsonb(trim_scale((to_jsonb(is_now) ->> c)::numeric)::text), 'null')
    ELSE to_jsonb(is_now) -> c END) AS value FROM unnest(f.columns) AS c) new
WHERE f.is_odd;

ALTER TABLE scriptright.pet
  ADD CONSTRAINT pet_dates_readable CHECK (
    birth_date BETWEEN '0001-01-01' AND '9999-12-31'
    AND deceased_on BETWEEN '0001-01-01' AND '9999-12-31'
    AND weighed_on BETWEEN '0001-01-01' AND '9999-12-31'),
  ADD CONSTRAINT pet_weight_readable CHECK (weight_value <> 'NaN' AND weight_kg <> 'NaN');

-- Numbers that were written by hand before: nobody inserts meanwhile.
LOCK TABLE scriptright.client IN SHARE ROW EXCLUSIVE MODE;
SELECT setval('scriptright.client_client_id_seq', m.largest)
FROM (SELECT max(client_id) AS largest FROM scriptright.client) m, scriptright.client_client_id_seq s
WHERE m.largest > s.last_value OR (m.largest = s.last_value AND NOT s.is_called);
SELECT setval('scriptright.pet_pet_id_seq', m.largest)
FROM (SELECT max(pet_id) AS largest FROM scriptright.pet) m, scriptright.pet_pet_id_seq s
WHERE m.largest > s.last_value OR (m.largest = s.last_value AND NOT s.is_called);

-- A pet that had no name in the web shop (never asked, or emptied by a save) gets one when it is linked.
-- Nobody is asked, but a label may say another: no way to a new name leads past the prescriptions.
-- As the owner, by what the link notes: loads may not look at prescriptions. The note's own link goes
-- along, so that undoing it takes the marks back. Waits for prescriptions being written (0018).
CREATE FUNCTION scriptright.mark_filled_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  filled text := NEW.new_value ->> 'name';
BEGIN
  PERFORM FROM scriptright.pet
  WHERE practice_id = NEW.practice_id AND pet_id = NEW.record_id FOR UPDATE;
  WITH marked AS (
    SELECT practice_id, prescription_id, state, new_name
    FROM scriptright.prescription
    WHERE practice_id = NEW.practice_id AND pet_id = NEW.record_id AND state <> 'ended'
      AND (lower(btrim(regexp_replace(label_name, '\s+', ' ', 'g')))
          <> lower(btrim(regexp_replace(filled, '\s+', ' ', 'g')))
        OR lower(btrim(regexp_replace(new_name, '\s+', ' ', 'g')))
          <> lower(btrim(regexp_replace(filled, '\s+', ' ', 'g'))))
    ORDER BY prescription_id
    FOR UPDATE
  ), done AS (
    UPDATE scriptright.prescription r
    SET state = 'needs_new_prescription', new_name = filled, version = r.version + 1
    FROM marked m
    WHERE r.practice_id = m.practice_id AND r.prescription_id = m.prescription_id
    RETURNING r.prescription_id, m.state, m.new_name
  )
  INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value, new_value,
    cause, actor, load_id, suggestion_id, via_pims_id)
  SELECT NEW.practice_id, 'prescription', prescription_id, 'state',
    jsonb_build_object('state', state, 'new_name', new_name),
    jsonb_build_object('state', 'needs_new_prescription', 'new_name', filled),
    'rename', NEW.actor, NEW.load_id, NEW.suggestion_id, NEW.via_pims_id
  FROM done ORDER BY prescription_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER filled_name_marked AFTER INSERT ON scriptright.record_change FOR EACH ROW
  WHEN (NEW.record = 'pet' AND NEW.field = 'name' AND NEW.cause = 'merge_fill'
    AND coalesce(NEW.old_value ->> 'name', '') = '' AND NEW.new_value ->> 'name' <> '')
  EXECUTE FUNCTION scriptright.mark_filled_name();
