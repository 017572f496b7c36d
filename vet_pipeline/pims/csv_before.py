"""An export against those that were applied: put back since, cut in its last line, or by other numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from vet_pipeline.errors import PimsUnavailable, SnapshotShapeChanged, SnapshotTorn
from vet_pipeline.pims.csv_headers import kind_of_number
from vet_pipeline.pims.shape import ACCEPT

# Part -> "written": seconds since 1970, by whoever wrote the file; "whole": its last line ends; "rows";
# "told_by": the header of its records' numbers; "digest" of its bytes; "earlier": digests of those applied
# before. It is kept beside the snapshot and with the practice, as JSON, and holds no value.
Exports = Mapping[str, Mapping[str, Any]]

# Some shares tell times by a clock that is set twice a year.
_SAME = timedelta(hours=2)
_OTHERWISE = f"if it is right as it is: {ACCEPT}"
_REMEMBERED = 60  # exports of half a year
_FEW = 25  # in so small a list a slip that is put right gives the very same file again


def kept(
    content: bytes,
    written: float,
    *,
    whole: bool,
    rows: int,
    told_by: str,
    before: Mapping[str, Any],
) -> dict[str, Any]:
    """What is kept of an export once it is applied; `before`: of the one applied last."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    earlier = [*before.get("earlier", ()), *filter(None, [before.get("digest")])]
    return {
        "written": written,
        "whole": int(whole),
        "rows": rows,
        "told_by": told_by,
        "digest": digest,
        "earlier": [it for it in dict.fromkeys(earlier) if it != digest][-_REMEMBERED:],
    }


def require_going_on(found: Exports, before: Exports) -> None:
    """What `found` is goes on from what was applied `before`; PimsUnavailable and others say why not."""
    _require_not_older(found, before)
    _require_whole(found, before)
    _require_same_numbers(found, before)


def _require_not_older(found: Exports, before: Exports) -> None:
    """PimsUnavailable where a file is older than the one that was applied, or one from before that.

    What the PIMS says now isn't in it: an email would go back, a pet come to life again. A download or
    a mail's attachment has today's date, whatever is in it.
    """
    for part, export in found.items():
        was = before.get(part, export)
        ahead = was["written"] - export["written"]
        if ahead > _SAME.total_seconds():
            raise PimsUnavailable(
                f"the export of {part} was written {int(ahead / 3600)} hours before the one that"
                " was applied last",
                next_step=f"it is tried again; have the practice export again; {_OTHERWISE}",
            )
        if export["rows"] >= _FEW and export["digest"] in was.get("earlier", ()):
            raise PimsUnavailable(
                f"the export of {part} is one from before the one that was applied last, to the letter",
                next_step=f"it is tried again; have the practice export again; {_OTHERWISE}",
            )


def _require_whole(found: Exports, before: Exports) -> None:
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


def _require_same_numbers(found: Exports, before: Exports) -> None:
    """SnapshotShapeChanged where records were told by ids so far, and now by codes or accounts.

    All would be new, or have the numbers of others.
    """
    for part, export in found.items():
        now, was = export["told_by"], before.get(part, export).get("told_by")
        if was is not None and kind_of_number(now) != kind_of_number(was):
            raise SnapshotShapeChanged(
                f"export of {part}: its rows are told by {now}, those of the one that was applied last"
                f" by {was}",
                next_step=f"have the practice export with {was}; if {now} is the same number: {ACCEPT}",
            )
