"""An export against the one that was applied last: put back since, or cut in its last line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from vet_pipeline.errors import PimsUnavailable, SnapshotTorn
from vet_pipeline.pims.shape import ACCEPT

# Part -> "written": seconds since 1970, by whoever wrote the file; "whole": its last line ends.
# It is kept beside the snapshot, as JSON, and holds no value.
Exports = Mapping[str, Mapping[str, float]]

# Some shares tell times by a clock that is set twice a year.
_SAME = timedelta(hours=2)
_OTHERWISE = f"if it is right as it is: {ACCEPT}"


def require_not_older(found: Exports, before: Exports) -> None:
    """PimsUnavailable where a file is older than the one that was applied.

    What the PIMS says now isn't in it: an email would go back, a pet come to life again.
    """
    for part, export in found.items():
        ahead = before.get(part, export)["written"] - export["written"]
        if ahead > _SAME.total_seconds():
            raise PimsUnavailable(
                f"the export of {part} was written {int(ahead / 3600)} hours before the one that"
                " was applied last",
                next_step=f"it is tried again; have the practice export again; {_OTHERWISE}",
            )


def require_whole(found: Exports, before: Exports) -> None:
    """SnapshotTorn where the last line doesn't end, as it did in the export that was applied.

    A file that was cut has half a cell there, which may pass for a whole one: 12 for 12.5 kg. Some
    exporters never end the last line, so one file alone doesn't tell.
    """
    for part, export in found.items():
        if before.get(part, export)["whole"] > export["whole"]:
            raise SnapshotTorn(
                f"the export of {part} ends in the middle of a line",
                next_step=f"it is tried again; have the practice export again; {_OTHERWISE}",
            )
