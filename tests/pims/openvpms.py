"""An OpenVPMS-shaped database, written from its documented layout (no third-party data)."""

from __future__ import annotations

from typing import Any

from tests.pims.conftest import Server
from tests.pims.reading import insert

CLIENT, PET = "party.customerperson", "party.patientpet"

TABLES = (
    """CREATE TABLE entities (entity_id BIGINT AUTO_INCREMENT PRIMARY KEY,
       arch_short_name VARCHAR(100) NOT NULL, name VARCHAR(100), active BIT(1),
       version BIGINT NOT NULL DEFAULT 0, notes VARCHAR(100) DEFAULT 'CANARY',
       KEY (arch_short_name))""",
    """CREATE TABLE entity_details (entity_id BIGINT NOT NULL, name VARCHAR(255) NOT NULL,
       type VARCHAR(255) NOT NULL DEFAULT 'string', value VARCHAR(5000) NOT NULL,
       PRIMARY KEY (entity_id, name))""",
    """CREATE TABLE entity_relationships (entity_relationship_id BIGINT AUTO_INCREMENT PRIMARY KEY,
       arch_short_name VARCHAR(100) NOT NULL, active_start_time DATETIME,
       active_end_time DATETIME, source_id BIGINT, target_id BIGINT,
       KEY (target_id), KEY (source_id))""",
    """CREATE TABLE contacts (contact_id BIGINT AUTO_INCREMENT PRIMARY KEY, party_id BIGINT,
       arch_short_name VARCHAR(100) NOT NULL, active BIT(1), active_start_time DATE,
       active_end_time DATE, KEY (party_id))""",
    """CREATE TABLE contact_details (contact_id BIGINT NOT NULL, name VARCHAR(255) NOT NULL,
       type VARCHAR(255) NOT NULL DEFAULT 'string', value VARCHAR(5000) NOT NULL,
       PRIMARY KEY (contact_id, name))""",
    """CREATE TABLE lookups (lookup_id BIGINT AUTO_INCREMENT PRIMARY KEY,
       arch_short_name VARCHAR(100) NOT NULL, code VARCHAR(100) NOT NULL, name VARCHAR(255),
       UNIQUE (arch_short_name, code))""",
    """CREATE TABLE contact_classifications (contact_id BIGINT NOT NULL, lookup_id BIGINT NOT NULL,
       PRIMARY KEY (contact_id, lookup_id))""",
    """CREATE TABLE acts (act_id BIGINT AUTO_INCREMENT PRIMARY KEY,
       arch_short_name VARCHAR(100) NOT NULL, activity_start_time DATETIME)""",
    """CREATE TABLE act_details (act_id BIGINT NOT NULL, name VARCHAR(255) NOT NULL,
       type VARCHAR(255) NOT NULL DEFAULT 'string', value VARCHAR(5000) NOT NULL,
       PRIMARY KEY (act_id, name))""",
    """CREATE TABLE participations (participation_id BIGINT AUTO_INCREMENT PRIMARY KEY,
       arch_short_name VARCHAR(100) NOT NULL, act_arch_short_name VARCHAR(100),
       entity_id BIGINT, act_id BIGINT, KEY (act_arch_short_name, entity_id))""",
)
CHARSET = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb3"


def schema() -> list[str]:
    """The tables, in the character set the product ships with (utf8mb3)."""
    return [table + CHARSET for table in TABLES]


def entity(
    number: int, kind: str, name: str | None, *, active: bool = True, **details: str
) -> list[str]:
    """A client or patient with its details."""
    return [
        *insert(
            "entities",
            {
                "entity_id": number,
                "arch_short_name": kind,
                "name": name,
                "active": "=b'1'" if active else "=b'0'",
            },
        ),
        *insert("entity_details", *_details("entity_id", number, details)),
    ]


def contact(
    number: int,
    party: int,
    kind: str,
    *,
    begun: str | None = None,
    ended: str | None = None,
    purposes: tuple[int, ...] = (),
    **details: str,
) -> list[str]:
    """A contact of a client; `purposes` are ids of lookups."""
    return [
        *insert(
            "contacts",
            {
                "contact_id": number,
                "party_id": party,
                "arch_short_name": f"contact.{kind}",
                "active": "=b'1'",
                "active_start_time": begun,
                "active_end_time": ended,
            },
        ),
        *insert("contact_details", *_details("contact_id", number, details)),
        *insert(
            "contact_classifications",
            *({"contact_id": number, "lookup_id": purpose} for purpose in purposes),
        ),
    ]


def owner(
    patient: int,
    client: int,
    start: str | None,
    *,
    ended: str | None = None,
    kind: str = "patientOwner",
) -> list[str]:
    """An owner (or another relationship) of a patient."""
    return insert(
        "entity_relationships",
        {
            "arch_short_name": f"entityRelationship.{kind}",
            "active_start_time": start,
            "active_end_time": ended,
            "source_id": client,
            "target_id": patient,
        },
    )


def weighing(act: int, patient: int, at: str, weight: str, units: str | None) -> list[str]:
    """One weight of a patient."""
    details = {"weight": weight} | ({"units": units} if units else {})
    return [
        *insert(
            "acts",
            {"act_id": act, "arch_short_name": "act.patientWeight", "activity_start_time": at},
        ),
        *insert("act_details", *_details("act_id", act, details)),
        *insert(
            "participations",
            {
                "arch_short_name": "participation.patient",
                "act_arch_short_name": "act.patientWeight",
                "entity_id": patient,
                "act_id": act,
            },
        ),
    ]


def _details(key: str, number: int, details: dict[str, str]) -> list[dict[str, Any]]:
    return [{key: number, "name": name, "value": value} for name, value in details.items()]


LOOKUPS = insert(
    "lookups",
    *(
        {"lookup_id": number, "arch_short_name": f"lookup.{kind}", "code": code, "name": name}
        for number, kind, code, name in (
            (1, "personTitle", "MRS", "Mrs"),
            (2, "species", "CANINE", "Canine"),
            (3, "breed", "KELPIE", "Kelpie"),
            (4, "suburb", "HILLTOP_2575", "Hilltop"),
            (5, "state", "NSW", "New South Wales"),
            (6, "contactPurpose", "HOME", "Home"),
            (7, "contactPurpose", "MOBILE", "Mobile"),
            (8, "contactPurpose", "BILLING", "Billing"),
        )
    ),
)


def fresh(server: Server) -> str:
    """An empty database with the lookups; its name."""
    name = server.fresh("pims_openvpms")
    server.run(name, *schema(), *LOOKUPS)
    return name
