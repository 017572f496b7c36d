-- Loads have the planner told of a practice's rows: ANALYZE belongs to the owner of a table.

CREATE FUNCTION scriptright.tell_planner(loaded text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loaded NOT IN ('pims_client', 'pims_pet', 'client', 'pet', 'client_link', 'pet_link') THEN
    RAISE EXCEPTION 'not a table that a load fills' USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('ANALYZE scriptright.%I', loaded);
END $$;
