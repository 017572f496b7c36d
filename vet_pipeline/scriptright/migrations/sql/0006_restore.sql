-- A database restored from a backup must know that it is one: an email that was still to be sent when
-- the backup was taken may have been sent since.

-- Which life of the database this is: another server, a recovery from a backup or a promoted standby
-- (timeline), or a dump that was restored into a new database (oid) each make another one.
CREATE FUNCTION scriptright.incarnation() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('%s/%s/%s', s.system_identifier, c.timeline_id, d.oid)
  FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c,
    pg_catalog.pg_database d
  WHERE d.datname = pg_catalog.current_database()
$$;

ALTER TABLE scriptright.outbox
  ADD COLUMN requested_in text NOT NULL DEFAULT scriptright.incarnation();
