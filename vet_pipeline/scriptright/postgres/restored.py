"""A database restored from a backup gives out no number that was given out since the backup.

Suggestions, matches, clients and held snapshots are known by their numbers: in a list that is being
worked through, in an alert's command, to the web shop. Given out anew, they were another client's.
"""

from __future__ import annotations

from sqlalchemy import Connection, text


def leave_lost_numbers(connection: Connection) -> None:
    """Go on above them where this is another life of the database than when it was last migrated.

    In the caller's transaction, as the owner of the schema. A failover is another life as well: then
    numbers have a gap, and that is all. Where no life was noted, by a release before this, it is now.
    """
    now, noted = connection.execute(_LIVES).one()
    if noted == now:
        return
    if noted is not None:
        connection.execute(_GO_ON)
        connection.execute(_GO_ON_READING)
    connection.execute(text(f"COMMENT ON SCHEMA scriptright IS '{now}'"))  # numbers and slashes


# The comment is in every dump and copy, and needs no table that some role may write to.
_LIVES = text("""
    SELECT scriptright.incarnation(), obj_description('scriptright'::regnamespace, 'pg_namespace')
""")
_GO_ON = text("""
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass,
        coalesce(last_value, start_value) + 1000000)
    FROM pg_sequences WHERE schemaname = 'scriptright'
""")
_GO_ON_READING = text("""
    UPDATE scriptright.practice SET next_snapshot_seq = next_snapshot_seq + 1000
""")
