"""A database restored from a backup gives out no number that was given out since the backup.

Suggestions, matches, clients and held snapshots are known by their numbers: in a list that is being
worked through, in an alert's command, to the web shop. Given out anew, they were another client's.
Nor does it send an email that may have gone out since: such a one is parked.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class AnotherLife:
    """What was done because of it, for whoever migrates: a word too many is found out at once."""

    confirmations: int  # that waited, and may have gone out since: they are, or will be, parked


def leave_lost_numbers(connection: Connection, *, restored: bool) -> AnotherLife | None:
    """Go on above them where this is another life of the database than when it was last migrated.

    In the caller's transaction, as the owner of the schema. A failover is another life as well:
    then numbers have a gap, and that is all. Where no life was noted, by a release before this, the
    newest confirmation tells in which it was asked for.

    `restored`: a person says that a copy of the server's files was put back. To all that is in it,
    the confirmations too, that is the same life; and the witness, which knew which of them went
    out, was put back with the home.
    """
    now, noted, was_another = connection.execute(_LIVES).one()
    if noted is not None:
        was_another = noted != now
    if noted != now:
        connection.execute(text(f"COMMENT ON SCHEMA scriptright IS '{now}'"))  # numbers and slashes
    if not (restored or was_another):
        return None
    connection.execute(_GO_ON)
    connection.execute(_GO_ON_READING)
    if restored:
        connection.execute(_OF_ANOTHER_LIFE)
    return AnotherLife(int(connection.execute(_WAITING_OF_ANOTHER_LIFE).scalar_one()))


def is_restored(connection: Connection) -> bool:
    """Whether a dump was restored since `migrate` last noted which life of the database this is.

    As any login. A failover isn't one: nobody has to migrate after it.
    """
    return bool(connection.execute(_NOT_AS_NOTED).scalar())


# The comment is in every dump and copy, and needs no table that some role may write to. The
# schema's own number is another one where a dump was restored in the place of what was there
# (--clean).
_LIVES = text("""
    SELECT format('%s/%s', scriptright.incarnation(), n.oid), obj_description(n.oid, 'pg_namespace'),
        (SELECT requested_in <> scriptright.incarnation() FROM scriptright.outbox
         ORDER BY requested_at DESC LIMIT 1)
    FROM pg_namespace n WHERE n.nspname = 'scriptright'
""")
# As `_LIVES`, but for the timeline, which a failover changes; a login in no role asks the catalog.
_NOT_AS_NOTED = text(r"""
    SELECT regexp_replace(obj_description(n.oid, 'pg_namespace'), '/\d+', '')
        <> format('%s/%s/%s', s.system_identifier, d.oid, n.oid)
    FROM pg_control_system() s, pg_database d, pg_namespace n
    WHERE d.datname = current_database() AND n.nspname = 'scriptright'
""")
# Above what is in the tables, too: rows that came by logical replication moved no sequence. And by the
# backup's age, as the same one may be restored once more: between the two, fewer numbers
# than 200 a second on average are given out, and fewer of a practice's snapshots than one a minute.
_GO_ON = text("""
DO $$
DECLARE
  one record;
  highest bigint;
  leap bigint;
BEGIN
  SELECT 1000000 + greatest(200 * extract(epoch FROM clock_timestamp() - max(at)), 0)::bigint
    INTO leap FROM scriptright.audit;
  FOR one IN
    SELECT c.oid::regclass AS counted, a.attname AS number, s.oid::regclass AS sequence,
      coalesce(pg_sequence_last_value(s.oid), 0) AS told
    FROM pg_class s
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
    JOIN pg_class c ON c.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S' AND s.relnamespace = 'scriptright'::regnamespace
  LOOP
    EXECUTE format('SELECT max(%I) FROM %s', one.number, one.counted) INTO highest;
    PERFORM setval(one.sequence, greatest(one.told, highest) + leap);
  END LOOP;
END $$
""")
_GO_ON_READING = text("""
    UPDATE scriptright.practice SET next_snapshot_seq = next_snapshot_seq + 1000 + (
        SELECT greatest(extract(epoch FROM clock_timestamp() - max(at)) / 60, 0)::integer
        FROM scriptright.audit)
""")
_OF_ANOTHER_LIFE = text("""
    UPDATE scriptright.outbox SET requested_in = 'before the restore'
    WHERE state IN ('pending', 'sending')
""")
_WAITING_OF_ANOTHER_LIFE = text("""
    SELECT count(*) FROM scriptright.outbox
    WHERE state IN ('pending', 'sending') AND requested_in <> scriptright.incarnation()
""")
