-- An UPDATE by the web shop's role that isn't made by records.edit_*: what changed is noted as edit_*
-- notes it, by the login that wrote, and a pet's new name marks its prescriptions (consequences.py).
-- No way to a new name leads past them, whoever writes the statement.
-- records.edit_* note for themselves, and say so by the setting scriptright.noted.
-- The fields are those of policy.py and the values in the form of values.py; tests compare them.
-- The time is that of the write: the transaction may have begun before a load that is done by now.

CREATE FUNCTION scriptright.note_shop_edit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_record text := TG_TABLE_NAME;
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
  before_name text := lower(btrim(regexp_replace(before ->> 'name', '\s+', ' ', 'g')));
  after_name text := lower(btrim(regexp_replace(after ->> 'name', '\s+', ' ', 'g')));
  marked record;
BEGIN
  IF of_record = 'pet' AND after ->> 'name' <> '' AND before ->> 'name' IS DISTINCT FROM after ->> 'name' THEN
    FOR marked IN
      SELECT prescription_id, state, new_name,
        before_name IS NOT DISTINCT FROM after_name AS is_same_name
      FROM scriptright.prescription
      WHERE practice_id = NEW.practice_id AND pet_id = NEW.pet_id AND state <> 'ended'
        AND (before_name IS DISTINCT FROM after_name
          OR lower(btrim(regexp_replace(new_name, '\s+', ' ', 'g'))) = before_name)
      ORDER BY prescription_id
      FOR UPDATE
    LOOP
      UPDATE scriptright.prescription
      SET state = CASE WHEN marked.is_same_name THEN state ELSE 'needs_new_prescription' END,
        new_name = CASE WHEN marked.is_same_name THEN new_name ELSE NEW.name END,
        version = version + 1
      WHERE practice_id = NEW.practice_id AND prescription_id = marked.prescription_id;
      INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,
        new_value, cause, actor, changed_at)
      SELECT practice_id, 'prescription', prescription_id, 'state',
        jsonb_build_object('state', marked.state, 'new_name', marked.new_name),
        jsonb_build_object('state', state, 'new_name', new_name),
        'rename', session_user, clock_timestamp()
      FROM scriptright.prescription
      WHERE practice_id = NEW.practice_id AND prescription_id = marked.prescription_id;
    END LOOP;
  END IF;

  INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value, new_value,
    cause, actor, changed_at)
  WITH held AS (
    SELECT f.place, f.field, moment.is_after, jsonb_object_agg(c, CASE
        WHEN c IN ('weight_value', 'weight_kg')
        THEN coalesce(to_jsonb(trim_scale((moment.cells ->> c)::numeric)::text), 'null')
        WHEN moment.cells ->> c = '' THEN 'null'
        ELSE moment.cells -> c END) AS value
    FROM (VALUES
        (1, 'client', 'name', ARRAY['title', 'first_name', 'last_name', 'suffix',
          'partner_first_name', 'partner_last_name', 'organisation', 'name_note']),
        (2, 'client', 'address', ARRAY['address_line1', 'address_line2', 'unit', 'city', 'state',
          'postal_code', 'po_box']),
        (3, 'client', 'phones', ARRAY['phones']),
        (4, 'client', 'email', ARRAY['email']),
        (5, 'pet', 'name', ARRAY['name', 'name_note']),
        (6, 'pet', 'age', ARRAY['birth_date', 'birth_date_estimated']),
        (7, 'pet', 'breed', ARRAY['species', 'breed']),
        (8, 'pet', 'weight', ARRAY['weight_value', 'weight_unit', 'weight_kg', 'weighed_on']),
        (9, 'pet', 'deceased', ARRAY['deceased', 'deceased_on'])
      ) AS f (place, record, field, columns)
    CROSS JOIN unnest(f.columns) AS c
    CROSS JOIN (VALUES (false, before), (true, after)) AS moment (is_after, cells)
    WHERE f.record = of_record
    GROUP BY f.place, f.field, moment.is_after
  )
  SELECT NEW.practice_id, of_record, (after ->> (of_record || '_id'))::bigint, field, was.value,
    is_now.value, 'web_shop', session_user, clock_timestamp()
  FROM held was JOIN held is_now USING (place, field)
  WHERE NOT was.is_after AND is_now.is_after AND was.value <> is_now.value
  ORDER BY place;
  RETURN NULL;
END
$$;

-- For the shop's role alone: loads and decisions note for themselves.
CREATE TRIGGER shop_edit_noted AFTER UPDATE ON scriptright.client FOR EACH ROW
  WHEN (current_user = 'scriptright_shop'
    AND current_setting('scriptright.noted', true) IS DISTINCT FROM 'yes')
  EXECUTE FUNCTION scriptright.note_shop_edit();
CREATE TRIGGER shop_edit_noted AFTER UPDATE ON scriptright.pet FOR EACH ROW
  WHEN (current_user = 'scriptright_shop'
    AND current_setting('scriptright.noted', true) IS DISTINCT FROM 'yes')
  EXECUTE FUNCTION scriptright.note_shop_edit();

-- Outside of the folder of snapshots, which go after 30 days and may be lost. Of the newest complete read
-- columns and types, no values: a retyped column must not pass for the one that was known. Of the
-- baseline how the PIMS writes things (units, words): who decides between loads makes values of it.
ALTER TABLE scriptright.practice ADD COLUMN known_shape jsonb, ADD COLUMN applied_conventions jsonb;
