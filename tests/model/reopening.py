"""`review reopen` in a life: a no that is taken back, in the practice and in the model."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import Engine

from tests.model.asked import may_reopen
from tests.model.pharmacy import Pharmacy
from tests.model.practice import BY, Practice
from tests.model.records import pid_of
from vet_pipeline.errors import DecisionRefused
from vet_pipeline.scriptright.decisions.reopening import reopen
from vet_pipeline.scriptright.decisions.review import list_suggestions


class Reopening:
    """The act of `Lives` that takes a no back."""

    engine: Engine
    done: Counter[str]
    model: Pharmacy
    practice: Practice

    def _reopen(self, n: str, number: int, _: None) -> None:
        """A refused suggestion of the family is open as if nobody had refused it, or isn't that any more."""
        where = {"state": "rejected", "limit": 10_000}
        with self.engine.connect() as connection:
            refused = list_suggestions(connection, self.practice.id, **where)
        here = [s for s in refused if s.pims_id.startswith(n)]
        if not here:
            return
        s = here[number % len(here)]
        key = (s.record, pid_of(s.record, s.pims_id), s.field)
        may = may_reopen(self.model, key)
        if not may:
            with pytest.raises(DecisionRefused):
                reopen(self.engine, self.practice.id, s.suggestion_id, by=BY)
            self.done["not_reopened"] += 1
            return
        reopen(self.engine, self.practice.id, s.suggestion_id, by=BY)
        self.done["reopened"] += 1
        self.model.do(("reopen", key))
