"""Pets' rows that a load would take for another animal's, of which the model knows nothing.

A dead pet that lives is asked about where its row names another owner than before, or is called as
another pet of its client's may be (load/handed_on.py): nobody lives so in the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.model import values
from tests.model.records import Row

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


class HandedOn:
    """Which pets' rows have said that they are dead, and which have named another owner."""

    def __init__(self) -> None:
        self.died: set[str] = set()
        self.moved: set[str] = set()

    def would_be(self, at: Pharmacy, pid: str, row: Row, change: Any) -> bool:
        """Whether the row would be so once it says that."""
        if change[0] == "owner":
            self.moved.add(pid)
            return pid in self.died and not row.values["deceased"][0]
        if change[0] != "deceased":
            return False
        if values.PET_SAYS["deceased"][change[1]][1][0]:
            self.died.add(pid)
            return False
        record = at.records.get(at.links.get(pid, ""))
        called = record.values["name"] if record else row.values["name"]
        return pid in self.died & self.moved or called != row.values["name"]
