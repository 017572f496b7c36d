"""When each sensor looked last and what it saw: how a daemon that stands still is found out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

# Whichever of the two is switched on starts the refreshes (automation/refresh.py).
REFRESHERS = ("practice_is_due", "scheduled_refresh")


@dataclass(frozen=True, slots=True)
class Look:
    """The last look of one sensor; times are UTC, `facts` are counts and ids."""

    name: str
    at: datetime
    seen_to: datetime | None  # runs that ended before are accounted for
    facts: dict[str, Any]


def note(
    connection: Connection,
    name: str,
    facts: Mapping[str, Any],
    *,
    seen_to: datetime | None = None,
) -> None:
    """Write down, in the caller's transaction, that `name` has looked just now."""
    values = {"name": name, "facts": json.dumps(dict(facts)), "seen_to": seen_to}
    connection.execute(_NOTE, values)


def looks(connection: Connection) -> dict[str, Look]:
    """The last look of everything that ever looked, by name."""
    rows = connection.execute(_LOOKS).mappings()
    return {row["name"]: Look(**row) for row in rows}


def last_refresher(looks: Mapping[str, Look]) -> Look | None:
    """The newest look of those that start refreshes; None: neither was ever switched on."""
    found = [looks[name] for name in REFRESHERS if name in looks]
    return max(found, key=lambda look: look.at, default=None)


_NOTE = text("""
    INSERT INTO scriptright.watch AS w (name, at, seen_to, facts)
    VALUES (:name, now(), :seen_to, CAST(:facts AS jsonb))
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, facts = excluded.facts,
        seen_to = coalesce(excluded.seen_to, w.seen_to)
""")
_LOOKS = text("SELECT name, at, seen_to, facts FROM scriptright.watch ORDER BY name")
