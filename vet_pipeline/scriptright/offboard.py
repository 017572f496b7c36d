"""A practice leaves: its copied data are erased in one transaction, what the law keeps stays.

Erased: the baseline, links, matches, suggestions, every client and pet that came from the PIMS, and
the history of copied values: of records that are gone all of it, of others each change from or to
a copied value. Kept: Home Delivery clients and their pets as they are by then,
prescriptions with the pet and the clients they name, rename attestations, ledger and audit trail.
A client of the PIMS who is nothing but the owner of a pet that stays is a row without a value.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from vet_pipeline.policy import RECORDS, fields_of
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.postgres.roles import connected, transaction
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import named, require_practice


@dataclass(frozen=True, slots=True)
class Receipt:
    """What offboarding has erased and kept: counts by table, and a digest of what was erased."""

    practice: str
    by: str
    at: datetime  # UTC
    erased: Mapping[str, int]
    kept: Mapping[str, int]
    tombstones_sha256: str  # over the sorted keyed hashes of the erased PIMS ids

    def as_dict(self) -> dict[str, Any]:
        """The receipt as JSON holds it."""
        return {
            "practice": self.practice,
            "by": self.by,
            "at": self.at.isoformat(),
            "erased": dict(self.erased),
            "kept": dict(self.kept),
            "tombstones_sha256": self.tombstones_sha256,
        }


def preview(engine: Engine, practice_id: str, *, by: str, key: bytes) -> Receipt:
    """The receipt that `erase_practice` would give; nothing is changed."""
    with connected(engine, "erase", practice_id) as connection:
        return _erase(connection, practice_id, named(by, practice_id), key)


def erase_practice(engine: Engine, practice_id: str, *, by: str, key: bytes) -> Receipt:
    """Offboard for good, in one transaction; done before, it returns that receipt again.

    What the planner knows of it is left to `sample_anew`.
    `key` makes the tombstones. Raises UnknownPractice, UsageError without a name, LoadInProgress
    while a load or an act holds the practice.
    """
    with transaction(engine, "erase", practice_id) as connection:
        return _erase(connection, practice_id, named(by, practice_id), key)


def receipt_of(connection: Connection, practice_id: str) -> Receipt | None:
    """The receipt of a practice that has left, as the database keeps it; None: it hasn't."""
    kept = connection.execute(_RECEIPT_OF, {"practice_id": practice_id}).one_or_none()
    if kept is None:
        return None
    said = kept.receipt
    return Receipt(
        practice_id, kept.by, kept.at, said["erased"], said["kept"], said["tombstones_sha256"]
    )


def sample_anew(engine: Engine, practice_id: str) -> None:
    """Take the planner's statistics, which hold values, anew; after the erasing, or again."""
    # Each by itself: a sample under way keeps the next one of its table waiting, that of a load,
    # too.
    for table in _ERASE:
        with transaction(engine, "erase", practice_id) as connection:
            connection.execute(_SAMPLE_ANEW, {"erased": table})


def tombstone(key: bytes, practice_id: str, record: str, pims_id: str) -> bytes:
    """The keyed hash that stands for an erased PIMS record; says nothing without the key."""
    said = json.dumps([practice_id, record, pims_id], ensure_ascii=False)
    return hmac.digest(key, said.encode(errors="surrogatepass"), hashlib.sha256)


def _erase(connection: Connection, practice_id: str, by: str, key: bytes) -> Receipt:
    at = lock_practice(connection, practice_id)
    require_practice(connection, practice_id)
    here = {"practice_id": practice_id}
    if (before := receipt_of(connection, practice_id)) is not None:
        return before
    connection.execute(_KEEP_CLIENTS, here)
    connection.execute(_LEAVE, here | {"reason": f"offboarded by {by}"})
    connection.execute(_NO_MAIL, here)
    digests = _bury(connection, practice_id, key)
    erased = {
        table: connection.execute(statement, here).rowcount for table, statement in _ERASE.items()
    }
    blanked = connection.execute(_BLANK, here).rowcount
    kept = dict(connection.execute(_KEPT, here).one()._mapping) | {"blank_owners_of_pets": blanked}
    receipt = Receipt(practice_id, by, at, erased, kept, digests)
    connection.execute(
        _RECEIPT,
        here | {"at": at, "by": by, "receipt": json.dumps(receipt.as_dict(), sort_keys=True)},
    )
    detail = {"erased": erased, "kept": kept, "tombstones_sha256": digests}
    audit.append(connection, practice_id, by, "practice_offboarded", detail)
    return receipt


def _bury(connection: Connection, practice_id: str, key: bytes) -> str:
    """Tombstones for the whole baseline; returns the digest of all of them."""
    everything = hashlib.sha256()
    for record in RECORDS:
        ids = connection.execute(_IDS[record], {"practice_id": practice_id}).scalars()
        digests = sorted(tombstone(key, practice_id, record, pims_id) for pims_id in ids)
        for digest in digests:
            everything.update(digest)
        values = {"practice_id": practice_id, "record": record, "digests": digests}
        connection.execute(_TOMBSTONES, values)
    return everything.hexdigest()


_SAMPLE_ANEW = text("SELECT scriptright.sample_anew(:erased)")
_RECEIPT_OF = text(
    "SELECT at, by, receipt FROM scriptright.offboarding WHERE practice_id = :practice_id"
)
# Each prescription and pet names one: those that the web shop is writing are waited for and seen.
_KEEP_CLIENTS = text("""
    SELECT count(*) FROM (
        SELECT FROM scriptright.client WHERE practice_id = :practice_id ORDER BY client_id FOR UPDATE) AS kept
""")
_LEAVE = text("""
    UPDATE scriptright.practice
    SET state = 'offboarded', state_reason = :reason, odbc = NULL, odbc_env = NULL, known_shape = NULL,
        applied_conventions = NULL, applied_exports = NULL, next_due_at = NULL
    WHERE practice_id = :practice_id
""")
_NO_MAIL = text("""
    UPDATE scriptright.outbox SET state = 'parked', last_error = 'Offboarded'
    WHERE practice_id = :practice_id AND state = 'pending'
""")
_IDS = of_each("SELECT pims_id FROM scriptright.pims_{record} WHERE practice_id = :practice_id")
_TOMBSTONES = text("""
    INSERT INTO scriptright.tombstone (practice_id, record, digest)
    SELECT :practice_id, :record, unnest(CAST(:digests AS bytea[])) ON CONFLICT DO NOTHING
""")
# In an order that foreign keys allow. A client stays while a pet or prescription that stays needs
# it. Whether a prescription names the client; those stay, as the law asks.
_IS_NAMED = (
    "EXISTS (SELECT FROM scriptright.prescription n"
    " WHERE n.practice_id = :practice_id AND n.client_id = client.client_id)"
)
_ERASE = {
    **{
        table: text(f"DELETE FROM scriptright.{table} WHERE practice_id = :practice_id")  # noqa: S608
        for table in (
            "match_candidate", "match_decision", "link_review", "suggestion", "shared_change",
            "pims_pet", "pims_client",
        )
    },
    "pet": text("""
        DELETE FROM scriptright.pet
        WHERE practice_id = :practice_id AND origin = 'pims' AND NOT EXISTS (
            SELECT FROM scriptright.prescription r
            WHERE r.practice_id = :practice_id AND r.pet_id = pet.pet_id)
    """),
    "client": text(f"""
        DELETE FROM scriptright.client
        WHERE practice_id = :practice_id AND origin = 'pims'
          AND NOT EXISTS (SELECT FROM scriptright.pet t
            WHERE t.practice_id = :practice_id AND t.client_id = client.client_id)
          AND NOT {_IS_NAMED}
    """),  # noqa: S608 - constants
    # Stays: what was changed in the web shop of a record that stays, from a value that was the web
    # shop's own: of a Home Delivery record from its first one, of an email else from the save
    # before. A save of several columns or numbers may leave some as they were copied: nothing of
    # such a field stays after the first copy.
    "record_change": text(f"""
        DELETE FROM scriptright.record_change c
        WHERE c.practice_id = :practice_id AND c.record IN ('client', 'pet') AND c.change_id NOT IN (
            SELECT o.change_id FROM (
                SELECT change_id, record, record_id, field, cause,
                    bool_or(cause <> 'web_shop') OVER (PARTITION BY record, record_id, field
                        ORDER BY change_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                        AS was_copied,
                    lag(cause) OVER (PARTITION BY record, record_id, field ORDER BY change_id)
                        AS cause_before
                FROM scriptright.record_change WHERE practice_id = :practice_id) o
            JOIN (SELECT 'client' AS record, client_id AS record_id, origin
                  FROM scriptright.client
                  WHERE practice_id = :practice_id AND (origin = 'home_delivery' OR {_IS_NAMED})
                  UNION ALL
                  SELECT 'pet', pet_id, origin FROM scriptright.pet WHERE practice_id = :practice_id) r
                USING (record, record_id)
            WHERE o.cause = 'web_shop' AND CASE
                WHEN o.field <> 'email'
                    THEN r.origin = 'home_delivery' AND NOT coalesce(o.was_copied, false)
                WHEN o.cause_before IS NULL THEN r.origin = 'home_delivery'
                ELSE o.cause_before = 'web_shop' END)
    """),  # noqa: S608 - constants
}  # fmt: skip
# Owners, for lack of another reason to be here, of pets that stay: a pet can't be without.
_BLANK = text(f"""
    UPDATE scriptright.client
    SET {", ".join(f"{c} = DEFAULT" for f in fields_of("client") for c in f.columns)}
    WHERE practice_id = :practice_id AND origin = 'pims' AND NOT {_IS_NAMED}
""")  # noqa: S608 - column names of the field policy
_KEPT = text(f"""
    SELECT
      (SELECT count(*) FROM scriptright.client
       WHERE practice_id = :practice_id AND origin = 'home_delivery') AS home_delivery_clients,
      (SELECT count(*) FROM scriptright.pet
       WHERE practice_id = :practice_id AND origin = 'home_delivery') AS home_delivery_pets,
      (SELECT count(*) FROM scriptright.client
       WHERE practice_id = :practice_id AND origin = 'pims' AND {_IS_NAMED}) AS clients_of_prescriptions,
      (SELECT count(*) FROM scriptright.pet
       WHERE practice_id = :practice_id AND origin = 'pims') AS pets_of_prescriptions,
      (SELECT count(*) FROM scriptright.prescription WHERE practice_id = :practice_id) AS prescriptions,
      (SELECT count(*) FROM scriptright.rename_attestation WHERE practice_id = :practice_id)
        AS rename_attestations,
      (SELECT count(*) FROM scriptright.audit WHERE practice_id = :practice_id) + 1 AS audit_entries
""")  # noqa: S608 - constants
_RECEIPT = text("""
    INSERT INTO scriptright.offboarding (practice_id, at, by, receipt)
    VALUES (:practice_id, :at, :by, CAST(:receipt AS jsonb))
""")
