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
)
from vet_pipeline.normalize.keys import UNKEYED
from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.postgres.database import translate_errors


def known_beside(
    connection: Connection, delta: Delta, counts: GuardCounts, thresholds: Thresholds
) -> KnownCounts:
    """All that `counts` could be too large a share of."""
    practice_id = delta.snapshot.practice_id
    floor = thresholds.floor
    least = min(floor, thresholds.ask_from or floor)  # of fewer no total matters
    known = known_counts(
        connection,
        practice_id,
        emails=counts.emails_changed >= least,
        weights=max(counts.weights_doubtful, counts.weighings_redated) >= least,
        dead=counts.no_longer_dead >= least,
        clients_back=delta.clients.returned,
        pets_back=delta.pets.returned,
    )
    return known._replace(
        now_refused=now_refused(connection, practice_id, delta),
        unkeyed_before=unkeyed_before(connection, practice_id, delta.baseline_seq),
    )


def known_counts(
    connection: Connection,
    practice_id: str,
    *,
    emails: bool = True,
    weights: bool = True,
    dead: bool = True,
    clients_back: Sequence[str] = (),
    pets_back: Sequence[str] = (),
) -> KnownCounts:
    """What isn't missing, or is back with the snapshot, for the guards.

    Emails are what normalizing takes as one: a field is full of "n/a" as often as of addresses.
    Of a large practice that takes a second, so what isn't asked for isn't counted, and is 0.
    """
    clients = {"practice_id": practice_id, "back": list(clients_back)}
    pets = {"practice_id": practice_id, "back": list(pets_back)}
    with translate_errors(practice_id):
        return KnownCounts(
            connection.execute(_CLIENTS, clients).scalar_one(),
            connection.execute(_PETS, pets).scalar_one(),
            _count_emails(connection, clients) if emails else 0,
            connection.execute(_WEIGHTS, pets).scalar_one() if weights else 0,
            connection.execute(_DEAD, pets).scalar_one() if dead else 0,
        )


def _count_emails(connection: Connection, here: Mapping[str, Any]) -> int:
    from vet_pipeline.normalize.emails import read_email

    fields = connection.execute(_EMAILS, here).scalars()
    return sum(read_email(field).address is not None for field in fields)


def clients_with(
    connection: Connection, practice_id: str, emails: Iterable[str]
) -> Mapping[str, int]:
    """How many clients had each of these, in lower case, at the last load."""
    asked = {"practice_id": practice_id, "emails": list(emails)}
    if not asked["emails"]:
        return {}
    with translate_errors(practice_id):
        return {row.email: row.clients for row in connection.execute(_HAVING, asked)}


def now_refused(connection: Connection, practice_id: str, delta: Delta) -> OfEach:
    """How many known records the snapshot has and can't take, and the one before it had not so."""
    refused = {"clients": list(delta.clients.refused), "pets": list(delta.pets.refused)}
    with translate_errors(practice_id):
        found = connection.execute(_NO_LONGER_TAKEN, {"practice_id": practice_id} | refused).one()
    return OfEach(**found._mapping)


def unkeyed_before(connection: Connection, practice_id: str, baseline_seq: int | None) -> OfEach:
    """How many rows without a key of their own the load of that snapshot had."""
    at = {"practice_id": practice_id, "seq": baseline_seq, "reasons": list(UNKEYED)}
    with translate_errors(practice_id):
        return OfEach(**connection.execute(_UNKEYED, at).one()._mapping)


def _count_refused(record: Record) -> str:
    return f"""
        (SELECT count(*) FROM scriptright.pims_{record}
         WHERE practice_id = :practice_id AND missing_since IS NULL AND seen_at IS NULL
           AND pims_id = ANY(:{record}s)) AS {record}s
    """  # noqa: S608 - constants


_CLIENTS = text("""
    SELECT count(*) FROM scriptright.pims_client
    WHERE practice_id = :practice_id AND (missing_since IS NULL OR pims_id = ANY(:back))
""")
_PETS = text("""
    SELECT count(*) FROM scriptright.pims_pet
    WHERE practice_id = :practice_id AND (missing_since IS NULL OR pims_id = ANY(:back))
""")
_WEIGHTS = text("""
    SELECT count(*) FROM scriptright.pims_pet
    WHERE practice_id = :practice_id AND (missing_since IS NULL OR pims_id = ANY(:back))
      AND weight ~ '[1-9]'
""")
_DEAD = text("""
    SELECT count(*) FROM scriptright.pims_pet b
    JOIN scriptright.pet r ON r.practice_id = b.practice_id AND r.pet_id = b.record_id
    WHERE b.practice_id = :practice_id AND (b.missing_since IS NULL OR b.pims_id = ANY(:back))
      AND r.deceased
""")
_EMAILS = text("""
    SELECT email FROM scriptright.pims_client
    WHERE practice_id = :practice_id AND strpos(email, '@') > 0
      AND (missing_since IS NULL OR pims_id = ANY(:back))
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
