"""What a spreadsheet has done to an export that was opened in it and saved again; never put right here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.normalize.dates import days_written

_ROUNDED = re.compile(r"\s*-?\d(?:[.,]\d+)?E\+\d{2,3}\s*")
_DATES = ("birth_date", "weight_date", "deceased_date")
_FEW = 5  # of each kind
_ENOUGH = 20
_LAST_MONTH = 12
_STEP = "export it anew from the PIMS, and put it there without opening it in a spreadsheet"


def require_unspoiled(part: str, columns: Mapping[str, Sequence[str | None]]) -> None:
    """SnapshotShapeChanged where keys were rounded or dates turned around.

    A spreadsheet keeps six digits of a long number: all keys that begin alike are one.
    """
    keys = (cell for name in columns if name.endswith("_key") for cell in columns[name] if cell)
    if rounded := sum("E+" in key and _ROUNDED.fullmatch(key) is not None for key in keys):
        raise SnapshotShapeChanged(
            f"export of {part}: a spreadsheet has rounded {rounded} keys (9.85E+14)",
            next_step=_STEP,
        )
    for name in _DATES:
        if turned := _turned_around(columns.get(name) or ()):
            raise SnapshotShapeChanged(
                f"export of {part}: of {name} a spreadsheet has taken {turned} dates by day and month"
                " the wrong way round, and left the others, which can't be, as they were",
                next_step=_STEP,
            )


def _turned_around(cells: Sequence[str | None]) -> int:
    """How many dates are written so that they can be read one way alone, if those are turned around.

    Of 04/03/2019 (4 March) and 25/03/2019 a spreadsheet that has the month first takes the one for
    3 April, and shows it as 2019-04-03 once somebody has asked for that; it leaves the other, a text.
    So no day of the ones is above 12, and one of two numbers of each of the others is: among twenty
    dates that never comes by chance, unless those are all first days, of births that were estimated.
    """
    sure = left = 0
    latest = 0
    for cell in cells:
        days = days_written(cell) if cell else ()
        if len(days) == 1:
            sure += 1
            latest = max(latest, days[0][2])
            if latest > _LAST_MONTH:
                return 0
        elif days:
            left += 1
            if max(days[0][1:]) <= _LAST_MONTH:
                return 0
    are_turned = min(sure, left) >= _FEW and sure + left >= _ENOUGH and latest > 1
    return sure if are_turned else 0
