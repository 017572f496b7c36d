"""Rows that a load would take for another's, or nobody's, of which the model knows nothing.

load/handed_on.py asks about a dead pet that lives, or is weighed, where its row names another owner
than before or is called as another pet of its client's may be. It asks about whatever a pet's row
says that names another owner and has lost its birth date, or has a new name that is unlike what the
web shop calls the pet, and about all that a row says which was emptied; the new pets of such a
client wait, or may be the one who was typed over. Nobody lives so in the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.model import values
from tests.model.records import Record, Row

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy

_TELLING = ("name", "breed", "age", "owner")


class HandedOn:
    """Which pets' rows have said that they are dead, named another owner, or had another name."""

    def __init__(self) -> None:
        self.died: set[str] = set()
        self.moved: set[str] = set()
        self.undated: set[str] = set()  # at some time without a birth date
        self.renamed: set[str] = set()

    def would_be(self, at: Pharmacy, pid: str, row: Row, change: Any) -> bool:
        """Whether the row would be so once it says that."""
        record = at.records.get(at.links.get(pid, ""))
        if _is_emptied(record.values if record else row.values, row, change):
            return True
        self._note(pid, change)
        if change[0] in _TELLING and pid in self.moved & self.renamed and _is_unlike(record):
            return True
        if change[0] == "owner":
            return pid in self.undated | self.died
        if change[0] == "weight":
            return pid in self.died & self.moved
        if change[0] == "age" and _is_blank("age", change[1]):
            self.undated.add(pid)
            return pid in self.died | self.moved
        if change[0] != "deceased":
            return False
        if values.PET_SAYS["deceased"][change[1]][1][0]:
            if pid in self.undated:
                return True
            self.died.add(pid)
            return False
        called = record.values["name"] if record else row.values["name"]
        return pid in self.died & self.moved or called != row.values["name"]

    def _note(self, pid: str, change: Any) -> None:
        if change[0] == "owner":
            self.moved.add(pid)
        if change[0] == "name":
            self.renamed.add(pid)


def _is_unlike(record: Record | None) -> bool:
    """Whether the web shop calls it as no row of the PIMS would."""
    return record is not None and record.values["name"] == "Max"


def _is_blank(field: str, option: Any) -> bool:
    return option == "slip" or values.PET_SAYS[field][option][1] is None


def _is_emptied(held: Mapping[str, Any], row: Row, change: Any) -> bool:
    """Whether a row that says that has no name, and nothing that tells it is the one's."""
    now = dict(row.values)
    if change[0] in now:
        options = values.SAYS[row.record][change[0]]
        now[change[0]] = None if change[1] == "slip" else options[change[1]][1]
    telling = ("address", "phones") if row.record == "client" else ("age",)
    known = any(now[field] and now[field] == held[field] for field in telling)
    if row.record == "pet":
        known = known or bool(now["breed"] and held["breed"])
    return now["name"] is None and not known
