"""What the database knows beside a delta, for the guards: how many records, and what is no news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.deltas.delta import Delta
from vet_pipeline.deltas.guards import (
    GuardCounts,
    KnownCounts,
    OfEach,
    Thresholds,
    smallest_passing_total,
)
from vet_pipeline.normalize.keys import UNKEYED
from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.postgres.statements import of_each


def known_beside(
    connection: Connection, delta: Delta, counts: GuardCounts, thresholds: Thresholds
) -> KnownCounts:
    """All that `counts` could be too large a share of."""
    practice_id, t = delta.snapshot.practice_id, thresholds
    known = known_counts(
        connection,
        practice_id,
        emails=_enough(counts.emails_changed, t.emails_changed_percent, t),
        weights=_enough_for_all(
            _enough(counts.weights_doubtful, t.emails_changed_percent, t),
            _enough(counts.weights_changed, t.earlier_percent, t),
            _enough(counts.weighings_redated, t.earlier_percent, t),
        ),
        dead=_enough(counts.no_longer_dead, t.newly_deceased_percent, t),
        clients_back=delta.clients.returned,
        pets_back=delta.pets.returned,
    )
    return known._replace(
        now_refused=now_refused(connection, practice_id, delta),
        unkeyed_before=unkeyed_before(connection, practice_id, delta.baseline_seq),
    )


def _enough(counted: int, percent: int, t: Thresholds) -> int | None:
    """The smallest total of which so many are neither held nor doubted."""
    if counted < t.floor:
        return 2 * counted if counted >= (t.ask_from or t.floor) else 0
    return smallest_passing_total(counted, percent, t.floor)


def _enough_for_all(*enough: int | None) -> int | None:
    numbers = [one for one in enough if one is not None]
    return max(numbers) if len(numbers) == len(enough) else None


def known_counts(
    connection: Connection,
    practice_id: str,
    *,
    emails: int | None = None,
    weights: int | None = None,
    dead: int | None = None,
    clients_back: Sequence[str] = (),
    pets_back: Sequence[str] = (),
) -> KnownCounts:
    """What isn't missing, or is back with the snapshot, for the guards.

    Emails are what normalizing takes as one: a field is full of "n/a" as often as of addresses.
    Of a large practice that takes a second, and weights and the dead a tenth. Whoever only needs to
    know whether there are so many gives that number: then they are exact, or at least that.
    """
    clients = {"practice_id": practice_id, "back": list(clients_back)}
    pets = {"practice_id": practice_id, "back": list(pets_back)}
    return KnownCounts(
        connection.execute(_THERE["client"], clients).scalar_one(),
        connection.execute(_THERE["pet"], pets).scalar_one(),
        _count_emails(connection, clients, emails),
        connection.execute(_WEIGHTS, pets | {"most": weights}).scalar_one(),
        connection.execute(_DEAD, pets | {"most": dead}).scalar_one(),
    )


def _count_emails(connection: Connection, here: Mapping[str, Any], enough: int | None) -> int:
    from vet_pipeline.normalize.emails import read_email

    found = 0
    for limit in (None,) if enough is None else (2 * enough, None):
        if enough is not None and found >= enough:
            break
        fields = connection.execute(_EMAILS, {**here, "most": limit}).scalars()
        found = sum(read_email(field).address is not None for field in fields)
    return found


def clients_with(
    connection: Connection, practice_id: str, emails: Iterable[str]
) -> Mapping[str, int]:
    """How many clients had each of these, in lower case, at the last load."""
    asked = {"practice_id": practice_id, "emails": list(emails)}
    if not asked["emails"]:
        return {}
    return {row.email: row.clients for row in connection.execute(_HAVING, asked)}


def now_refused(connection: Connection, practice_id: str, delta: Delta) -> OfEach:
    """How many known records the snapshot has and can't take, and the one before it had not so."""
    refused = {"clients": list(delta.clients.refused), "pets": list(delta.pets.refused)}
    found = connection.execute(_NO_LONGER_TAKEN, {"practice_id": practice_id} | refused).one()
    return OfEach(**found._mapping)


def unkeyed_before(connection: Connection, practice_id: str, baseline_seq: int | None) -> OfEach:
    """How many rows without a key of their own the load of that snapshot had."""
    at = {"practice_id": practice_id, "seq": baseline_seq, "reasons": list(UNKEYED)}
    return OfEach(**connection.execute(_UNKEYED, at).one()._mapping)


def _count_refused(record: Record) -> str:
    return f"""
        (SELECT count(*) FROM scriptright.pims_{record}
         WHERE practice_id = :practice_id AND missing_since IS NULL AND seen_at IS NULL
           AND pims_id = ANY(:{record}s)) AS {record}s
    """  # noqa: S608 - constants


_THERE = of_each("""
    SELECT count(*) FROM scriptright.pims_{record}
    WHERE practice_id = :practice_id AND (missing_since IS NULL OR pims_id = ANY(:back))
""")
_WEIGHTS = text("""
    SELECT count(*) FROM (
        SELECT FROM scriptright.pims_pet
        WHERE practice_id = :practice_id AND (missing_since IS NULL OR pims_id = ANY(:back))
          AND weight ~ '[1-9]'
        LIMIT CAST(:most AS bigint)) weighed
""")
_DEAD = text("""
    SELECT count(*) FROM (
        SELECT FROM scriptright.pims_pet b
        JOIN scriptright.pet r ON r.practice_id = b.practice_id AND r.pet_id = b.record_id
        WHERE b.practice_id = :practice_id AND (b.missing_since IS NULL OR b.pims_id = ANY(:back))
          AND r.deceased
        LIMIT CAST(:most AS bigint)) dead
""")
_EMAILS = text("""
    SELECT email FROM scriptright.pims_client
    WHERE practice_id = :practice_id AND strpos(email, '@') > 0
      AND (missing_since IS NULL OR pims_id = ANY(:back))
    LIMIT CAST(:most AS bigint)
""")
_HAVING = text("""
    SELECT lower(btrim(email)) AS email, count(*) AS clients FROM scriptright.pims_client
    WHERE practice_id = :practice_id AND lower(btrim(email)) = ANY(:emails)
    GROUP BY 1
""")
_NO_LONGER_TAKEN = text(f"SELECT {', '.join(map(_count_refused, RECORDS))}")
_UNKEYED = text("""
    SELECT coalesce(sum(rows) FILTER (WHERE record = 'client'), 0) AS clients,
        coalesce(sum(rows) FILTER (WHERE record = 'pet'), 0) AS pets
    FROM scriptright.quarantine_count
    WHERE practice_id = :practice_id AND scope = 'row' AND reason = ANY(:reasons)
      AND load_id = (SELECT load_id FROM scriptright.load
          WHERE practice_id = :practice_id AND snapshot_seq = :seq)
""")
