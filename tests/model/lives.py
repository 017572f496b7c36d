"""Any life of a practice, step by step against the plain model of docs/rules.md.

Each example is a practice with many families that live at once; a family's life is a sequence.
Families share loads, which cost the same for one as for twenty, and nothing else. After each step,
in which every family acts at most once, the whole visible practice is compared; a difference is
shown with the story of its family.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.model import draws, values
from tests.model.draws import CLIENTS, PETS
from tests.model.handed_on import HandedOn
from tests.model.joining import may_join
from tests.model.pharmacy import Pharmacy
from tests.model.picture import differences, picture_of
from tests.model.practice import BY, Practice
from tests.model.prescribing import Prescribing
from tests.model.records import Row, Start, copied, pid_of
from tests.model.reopening import Reopening
from tests.scriptright.builders import Cells, client, pet, read_time
from vet_pipeline.errors import DecisionRefused, PracticeStateRefuses, StaleDecision
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.decisions import holds
from vet_pipeline.scriptright.decisions.links import list_candidates
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions, reject

_numbers = itertools.count(1)


class Lives(Prescribing, Reopening, RuleBasedStateMachine):
    """One practice, and beside it the model."""

    @initialize(families=draws.FAMILY_EACH)
    def begin(self, families: list[dict[str, Any]]) -> None:
        """Home records, an active prescription for each home pet, and a PIMS full of rows."""
        self.families = [f"{n:02}" for n in range(len(families))]
        self.done["sequences"] += len(self.families)
        self.cells: dict[str, Cells] = {}
        self.rows: dict[str, Row] = {}
        self.away: set[str] = set()
        self.said: Counter[tuple[str, str]] = Counter()  # the option, by PIMS id and field
        self.before_slip: dict[tuple[str, str], int] = {}
        self.pets = HandedOn()
        self.story = {n: [str(family)] for n, family in zip(self.families, families, strict=True)}
        start = Start({}, {}, {})
        for n, family in zip(self.families, families, strict=True):
            self._settle_family(start, n, family)
        self.model = Pharmacy(start)
        self.practice = Practice(self.engine, f"life-{os.getpid()}-{next(_numbers)}", self.model)
        self.seq = 0
        self.applied = 0
        self.state = "active"
        self.held: set[int] = set()
        self._load()

    def _settle_family(self, start: Start, n: str, family: dict[str, Any]) -> None:
        start.add_family(n, family, bare=values.HOME_CLIENTS[1])
        for who in CLIENTS:
            self._say(n + who, "client", None)
        for who, owner in PETS.items():
            self._say(n + who, "pet", n + owner)
        self.away |= {n + who for who in family["late"]}

    def _say(self, pid: str, record: str, owner: str | None) -> None:
        says = values.SAYS[record]
        self.cells[pid] = client(pid) if owner is None else pet(pid, owner)
        for options in says.values():
            self.cells[pid] |= options[0][0]
        said = {field: options[0][1] for field, options in says.items()}
        self.rows[pid] = Row(record, said, owner)

    # --- the PIMS ----------------------------------------------------------------------------

    @rule(steps=draws.PIMS_EACH)
    def refresh(self, steps: list[list[Any]]) -> None:
        """Each family may have changed something in the PIMS; then a snapshot is loaded."""
        for n, steps_here in zip(self.families, steps, strict=True):
            for step in steps_here:
                self._pims_step(n, step)
        self._load()

    @rule(steps=draws.PIMS_EACH, acts=draws.ACT_EACH)
    def refresh_and_act(self, steps: list[list[Any]], acts: list[Any]) -> None:
        """A load, then people see to what it brought."""
        self.refresh(steps)
        self.compare()
        self.act([[act] for act in acts])

    @rule(how=draws.AWAY_EACH)
    def weighed_while_away(self, how: list[str | None]) -> None:
        """A snapshot lacks a pet, or it can't be read, and it is weighed: in the PIMS nobody knows when."""
        away = [(n, here) for n, here in zip(self.families, how, strict=True) if here]
        for n, here in away:
            self._pims_step(n, ("p", here))
        self._load()
        for n, here in away:
            self._edit("pet", n + "A", values.WEIGHED_YESTERDAY)
            undated = values.UNDATED[self.said[n + "p", "weight"] == values.UNDATED[0]]
            self._pims_step(n, ("p", ("weight", undated)))
            self._pims_step(n, ("p", here))
        self._load()

    def _pims_step(self, n: str, step: Any) -> None:
        self.done["pims_changes"] += 1
        self.story[n].append(str(step))
        pid, change = n + step[0], step[1]
        row, cells = self.rows[pid], self.cells[pid]
        if self.pets.would_be(self.model, pid, row, change):
            return
        if change == "come or go":
            self.away ^= {pid}
        elif change == "unreadable":
            row.readable = not row.readable
            column = "organisation" if row.record == "client" else "status"
            cells[column] = None if row.readable else "x" * 10_001  # text_too_long
        elif change[0] == "owner":
            row.owner = n + change[1] if change[1] else None
            cells["client_key"] = row.owner
        else:
            field, option = change
            if option == "slip":  # or back to what it said before
                option = self.before_slip.pop((pid, field), -1)
                self.before_slip |= {} if option >= 0 else {(pid, field): self.said[pid, field]}
            self.said[pid, field] = option
            new_cells, row.values[field] = values.SAYS[row.record][field][option]
            cells |= new_cells
            row.slips = values.slips_in(cells)

    def _told(self, what: str) -> None:
        for story in self.story.values():
            story.append(what)

    def _load(self) -> None:
        self.seq += 1
        self._told(f"load {self.seq}")
        rows = {pid: row for pid, row in self.rows.items() if pid not in self.away}
        sides: dict[str, list[Cells]] = {"client": [], "pet": []}
        for pid, row in rows.items():
            sides[row.record].append(self.cells[pid])
        done = self.practice.load(self.seq, sides["client"], sides["pet"])
        assert not isinstance(done, list), done
        assert done.state == "applied"
        self.applied = self.seq
        self.done["loads"] += 1
        self.model.do(("load", copied(rows), read_time(self.seq).date().isoformat()))

    # --- persons and the web shop --------------------------------------------------------------

    @rule(acts=draws.ACTS_EACH)
    def act(self, acts: list[list[Any]]) -> None:
        """In each family somebody does something, and perhaps somebody else something more."""
        for turn in itertools.zip_longest(*acts):
            with self.engine.connect() as connection:  # families don't change each other's
                self.asked = list_suggestions(connection, self.practice.id, limit=10_000)
                self.pairs = list_candidates(connection, self.practice.id, limit=10_000)
            for n, act in zip(self.families, turn, strict=True):
                if act is not None:
                    kind, what, how = act
                    self.story[n].append(str(act))
                    getattr(self, f"_{kind}")(n, what, how)
            self.compare()

    def _decide(self, n: str, number: int, yes: bool) -> None:
        asked = [s for s in self.asked if s.pims_id.startswith(n)]
        if not asked:
            return
        s = asked[number % len(asked)]
        key = (s.record, pid_of(s.record, s.pims_id), s.field)
        new = self.model.questions[key]
        if not yes:
            reject(self.engine, self.practice.id, s.suggestion_id, by=BY, shown=s.shown)
        elif s.field == "owner" and new not in self.model.links:
            with pytest.raises(DecisionRefused):
                confirm(self.engine, self.practice.id, s.suggestion_id, by=BY)
            return
        else:
            if s.field == "name" and s.record == "pet":
                with pytest.raises(DecisionRefused):
                    confirm(self.engine, self.practice.id, s.suggestion_id, by=BY, shown=s.shown)
            here = (self.engine, self.practice.id, s.suggestion_id)
            confirm(*here, by=BY, shown=s.shown, same_animal=True)
        self.done["decisions"] += 1
        self.model.do(("decide", key, new, yes))
        if number < 3:  # too late: refused
            with pytest.raises(StaleDecision):
                confirm(self.engine, self.practice.id, s.suggestion_id, by=BY, same_animal=True)

    def _word(self, n: str, number: int, same: bool) -> None:
        pairs = [c for c in self.pairs if c.pims_id.startswith(n)]
        if not pairs:
            return
        pair = pairs[number % len(pairs)]
        home = self.practice.names[pair.record, pair.record_id]
        self.practice.say_of(pair, same=same)
        self.done["match_words"] += 1
        self.model.do(("word", pid_of(pair.record, pair.pims_id), home, same))

    def _join(self, n: str, who: str, target: str) -> None:
        pid, record = n + who, self.rows[n + who].record
        there = self.model.records.get(n + target)
        if there is None or there.record != record or pid not in self.model.pims:
            return
        said = self.practice.join(record, pid, n + target)
        assert (said == "joined") == may_join(self.model, pid, n + target), (said, *self.story[n])
        self.done["joined" if said == "joined" else "joins_refused"] += 1
        if said == "joined":
            self.model.do(("join", pid, n + target))

    def _undo(self, n: str, who: str, _: None) -> None:
        pid = n + who
        if pid in self.model.merged:
            self.practice.undo(self.rows[pid].record, pid)
            self.done["links_undone"] += 1
            self.model.undo(pid)

    def _client(self, n: str, who: str, edit: dict[str, Any]) -> None:
        self._edit("client", n + who, edit)

    def _pet(self, n: str, who: str, edit: dict[str, Any]) -> None:
        self._edit("pet", n + who, edit)

    def _edit(self, record: str, name: str, edit: dict[str, Any]) -> None:
        if name in self.model.records:
            edit = values.with_day(edit, self.seq)
            self.practice.edit(record, self.practice.ids[name], edit)
            self.done["web_edits"] += 1
            self.model.do(("web", name, edit))

    # --- the practice --------------------------------------------------------------------------

    @rule(what=st.sampled_from(["pause", "broken", "broken, released", "again"]))
    def practice_step(self, what: str) -> None:
        """The practice is paused and resumed, sends a broken snapshot, or an old one again."""
        self._told(what)
        if what == "pause":
            self._pause()
        elif what == "again":
            again = self.practice.load(self.applied, [client("x")], [pet("y", "x")])
            assert not isinstance(again, list)
            assert again.state == "already_applied"
        else:
            self._broken_snapshot(released=what != "broken")

    def _pause(self) -> None:
        """Nothing is applied while the practice is paused."""
        with self.engine.begin() as connection:
            practices.pause(connection, self.practice.id, by=BY, reason="renovation")
        with pytest.raises(PracticeStateRefuses):
            self._load()
        self.state = "paused"
        self.compare()
        with self.engine.begin() as connection:
            practices.resume(connection, self.practice.id, by=BY)
        self.state = "active"

    def _broken_snapshot(self, *, released: bool) -> None:
        """A snapshot without clients changes nothing until it is released by name."""
        self.seq += 1
        pets = {p: r for p, r in self.rows.items() if r.record == "pet" and p not in self.away}
        cells = [self.cells[p] for p in pets]
        assert "client_table_empty" in (self.practice.load(self.seq, [], cells) or [])
        self.held.add(self.seq)
        self.done["held"] += 1
        self.compare()
        if released:
            holds.release(self.engine, self.practice.id, self.seq, by=BY)
            done = self.practice.load(self.seq, [], cells)
            assert not isinstance(done, list)
            self.applied = self.seq
            self.model.do(("load", copied(pets), read_time(self.seq).date().isoformat()))

    @invariant()
    def compare(self) -> None:
        """Everything that persons can see is what the model says."""
        if not hasattr(self, "practice"):
            return
        expected = picture_of(self.model) | {
            "state": self.state,
            "applied": self.applied or None,
            "emails asked for": int(self.applied > 0),
            "held": {n for n in self.held if n > self.applied},
        }
        seen = self.practice.picture()
        self.done["pictures"] += 1
        if differ := differences(seen, expected):
            stories = [s for n, s in self.story.items() if any(f" {n}" in d for d in differ)]
            pytest.fail("\n".join(itertools.chain(differ, *stories)))
