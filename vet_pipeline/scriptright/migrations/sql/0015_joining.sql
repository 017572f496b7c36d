-- A record that was made from the PIMS alone goes when a person says whose it is (joining.py). Nobody
-- but offboarding may delete; this takes back such a record and no other. What refers to it otherwise
-- refuses: a link, a pet (refuse_orphans), a prescription (foreign keys).
CREATE FUNCTION scriptright.take_back_created(of_record text, of_practice text, id bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_practice IS DISTINCT FROM current_setting('scriptright.practice', true) THEN
    RAISE EXCEPTION 'the transaction is for another practice'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT FROM scriptright.record_change c WHERE c.practice_id = of_practice
      AND c.record = of_record AND c.record_id = id AND c.cause = 'web_shop') THEN
    RAISE EXCEPTION 'what the web shop has edited is not taken back'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF of_record = 'client' THEN
    DELETE FROM scriptright.client
    WHERE practice_id = of_practice AND client_id = id AND origin = 'pims';
  ELSE
    DELETE FROM scriptright.pet WHERE practice_id = of_practice AND pet_id = id AND origin = 'pims';
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such record that came from the PIMS' USING ERRCODE = 'restrict_violation';
  END IF;
END $$;
