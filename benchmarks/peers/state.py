"""What a target holds, in numbers that tell whether a copy is whole, half or spoilt."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.source import CLIENTS, PATIENTS
from benchmarks.peers.systems import System
from benchmarks.peers.target import Target

BAD_CLIENT, BAD_PATIENT = 10_007, 500_007  # where `damage.py` puts a bad byte and a bad date
TODAY = "today@example.org"  # the address that the last state of the source adds
# Their copies have the source's columns; ours is looked at as people see it.
_PEER = f"""
    SELECT (SELECT count(*) FROM {{schema}}.{CLIENTS}),
        (SELECT count(email) FROM {{schema}}.{CLIENTS}),
        (SELECT count(*) FROM {{schema}}.{CLIENTS} WHERE email LIKE 'moved.%'),
        (SELECT count(*) FROM {{schema}}.{PATIENTS} WHERE CAST(weight_date AS text) LIKE '%2026-10-09%'),
        (SELECT count(*) FROM {{schema}}.{CLIENTS} WHERE email = '{TODAY}'),
        (SELECT last_name FROM {{schema}}.{CLIENTS} WHERE client_key = {BAD_CLIENT}),
        (SELECT CAST(birth_date AS text) FROM {{schema}}.{PATIENTS} WHERE patient_key = {BAD_PATIENT})
"""
_OURS = f"""
    SELECT (SELECT count(*) FROM scriptright.client WHERE origin = 'pims'),
        (SELECT count(email) FROM scriptright.client),
        (SELECT count(*) FROM scriptright.client WHERE email LIKE 'moved.%'),
        (SELECT count(*) FROM scriptright.pet WHERE weighed_on = '2026-10-09'),
        (SELECT count(*) FROM scriptright.client WHERE email = '{TODAY}'),
        (SELECT last_name FROM scriptright.client c JOIN scriptright.client_link l
           ON l.practice_id = c.practice_id AND l.record_id = c.client_id
         WHERE l.pims_id = '{BAD_CLIENT}'),
        (SELECT CAST(birth_date AS text) FROM scriptright.pet p JOIN scriptright.pet_link l
           ON l.practice_id = p.practice_id AND l.record_id = p.pet_id
         WHERE l.pims_id = '{BAD_PATIENT}')
"""


@dataclass(frozen=True)
class State:
    """Counts of clients, e-mails, moved e-mails, new weighings, today's change; two cells."""

    clients: int = 0
    emails: int = 0
    moved: int = 0
    weighed: int = 0
    today: int = 0
    name: str | None = None
    birth: str | None = None


def query_of(system: System) -> str:
    """The statement that yields the system's state."""
    return _OURS if system.name == "ours" else _PEER.format(schema=system.schema)


def of_target(target: Target, system: System, database: str) -> State:
    """What the system's copy holds; an empty one where there is no table yet."""
    rows = target.rows(database, query_of(system))
    return State(*rows[0]) if rows else State()  # type: ignore[arg-type]


def of_source(path: Path) -> State:
    """What a PIMS file holds."""
    connection = sqlite3.connect(path)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    row = connection.execute(_PEER.format(schema="main")).fetchone()
    connection.close()
    return State(*row)
