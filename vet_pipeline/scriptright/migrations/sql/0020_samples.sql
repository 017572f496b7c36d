-- The planner's statistics hold values out of the rows: of each column up to a hundred, a client's
-- whole address among them. Those of a practice that has left would stay until so much of the table
-- has changed that autovacuum takes another sample; of a table that has become empty for ever.

CREATE FUNCTION scriptright.sample_anew(erased text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
  is_empty boolean;
  of_column name;
BEGIN
  IF erased NOT IN ('pims_client', 'pims_pet', 'client', 'pet', 'suggestion', 'record_change',
      'shared_change', 'match_candidate', 'match_decision', 'link_review') THEN
    RAISE EXCEPTION 'not a table that offboarding erases' USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('SELECT NOT EXISTS (SELECT FROM scriptright.%I)', erased) INTO is_empty;
  IF NOT is_empty THEN
    EXECUTE format('ANALYZE scriptright.%I', erased);
  ELSIF current_setting('server_version_num')::int >= 180000 THEN  -- ANALYZE leaves it as it was
    FOR of_column IN
      SELECT attname FROM pg_attribute
      WHERE attrelid = format('scriptright.%I', erased)::regclass AND attnum > 0 AND NOT attisdropped
    LOOP
      PERFORM pg_clear_attribute_stats('scriptright', erased, of_column::text, false);
    END LOOP;
  END IF;
EXCEPTION WHEN lock_not_available THEN
  NULL;  -- somebody cleans the table up by hand: the erasing is done, repeating it samples again
END $$;
