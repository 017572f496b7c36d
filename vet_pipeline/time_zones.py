"""Time zones by name: which may be registered, and which this machine knows.

Only names of the package tzdata are registered: every machine with our requirements has it. The
system's own list may have others (`localtime`), or have lost one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from vet_pipeline.errors import UsageError

_NO_PLACE = frozenset({"Factory"})
# Offsets from UTC that know no summer time, by names that people type for a place. (`UTC` itself,
# which nobody mistakes for one, may be registered.)
_OFFSETS = {"EST": "America/New_York", "MST": "America/Denver", "HST": "Pacific/Honolulu"}


@functools.cache
def names() -> frozenset[str]:
    """The zones that a practice may be registered in."""
    return frozenset(files("tzdata").joinpath("zones").read_text().split()) - _NO_PLACE


def require(timezone: str, practice_id: str | None = None) -> None:
    """Raise UsageError unless every machine knows the zone, and it is one that people live in."""
    if timezone in _OFFSETS or timezone.startswith(("GMT", "Etc/GMT")):
        raise UsageError(
            "that is an offset from UTC, without summer time",
            next_step=f"name the place, such as {_OFFSETS.get(timezone, 'America/Chicago')}",
            practice_id=practice_id,
        )
    if timezone not in names():
        raise UsageError(
            "the time zone isn't known",
            next_step="give one such as America/Chicago",
            practice_id=practice_id,
        )


def is_known_here(timezone: str) -> bool:
    """Whether this machine can tell the zone's time."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def next_day(timezone: str, moment: datetime) -> date:
    """The practice's first day of work after a moment: in the night or morning the same one.

    In a zone that this machine doesn't know, as if it were UTC.
    """
    zone = ZoneInfo(timezone) if is_known_here(timezone) else UTC
    return (moment.astimezone(zone) + timedelta(hours=12)).date()


def unknown_here(practices: Mapping[str, str]) -> list[str]:
    """Those of the practices (id to zone) whose time this machine can't tell, by id."""
    zones = {zone for zone in practices.values() if not is_known_here(zone)}
    return sorted(practice_id for practice_id, zone in practices.items() if zone in zones)
