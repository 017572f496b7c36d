"""What a load writes into existing records, gathered and then written in sets.

Decided value by value against the records as they will be, so two PIMS records that feed one
client see each other's changes; written as arrays, by one statement per table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from vet_pipeline.policy import RECORDS, Field, Record
from vet_pipeline.scriptright.load.apply_staging import VALUE_COLUMNS, LoadInHand
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.merge import Question
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.suggestions import refresh_suggestions
from vet_pipeline.scriptright.records.values import Value
from vet_pipeline.scriptright.records.writes import Row, held, read_records

Key = tuple[Record, int]


@dataclass
class PendingWrites:
    """Values, suggestions and shadows to be written together by `flush`."""

    load: LoadInHand
    _rows: dict[Key, Row] = field(default_factory=dict)
    _patches: dict[Key, Value] = field(default_factory=dict)
    _written: set[tuple[Record, int, str]] = field(default_factory=set)
    _changes: list[tuple[Any, ...]] = field(default_factory=list)
    _suggestions: list[tuple[Any, ...]] = field(default_factory=list)
    _answered: list[tuple[str, int, str, str]] = field(default_factory=list)
    _shadows: dict[tuple[Record, str], Shadow] = field(default_factory=dict)

    def read(self, record: Record, record_ids: Iterable[int]) -> None:
        """Fetch rows that aren't here yet; from here on nobody else changes them."""
        wanted = [i for i in record_ids if (record, i) not in self._rows]
        if wanted:
            connection, practice_id = self.load.connection, self.load.practice_id
            found = read_records(connection, practice_id, record, wanted, keep="values")
            self._rows |= {(record, i): row for i, row in found.items()}

    def row(self, record: Record, record_id: int) -> Row:
        """The row with everything that is to be written to it."""
        return self._rows[record, record_id]

    def write(self, field: Field, record_id: int, new: Value, *, cause: str, via: str) -> None:
        """The field gets this value, with its record_change."""
        key = (field.record, record_id)
        old = held(field, self._rows[key])
        self._rows[key] = self._rows[key] | new
        self._patches[key] = self._patches.get(key, {}) | new
        self._written.add((*key, field.name))
        load = self.load
        self._changes.append(
            (
                load.practice_id, *key, field.name, _json(old), _json(new), cause, load.load_id,
                via, load.now,
            )
        )  # fmt: skip

    def was_written(self, field: Field, record_id: int) -> bool:
        """Whether this load has given the field a value already."""
        return (field.record, record_id, field.name) in self._written

    def answered(self, field: Field, record_id: int, pims_id: str) -> None:
        """The open suggestion of this field from this PIMS record is past: superseded."""
        self._answered.append((field.record, record_id, field.name, pims_id))

    def suggest(self, question: Question) -> None:
        """The question takes the place of the open one of its field and PIMS record, if any."""
        field, record_id, pims_id = question.field, question.record_id, question.pims_id
        self.answered(field, record_id, pims_id)
        self._suggestions.append(
            (
                self.load.practice_id, field.record, record_id, pims_id, field.name,
                question.reason, _json(question.old), _json(question.new), question.load_id,
                question.since or self.load.now,
            )
        )  # fmt: skip

    def move_shadow(self, record: Record, pims_id: str, shadow: Shadow) -> None:
        """What the PIMS record would be by now if it stood alone."""
        self._shadows[record, pims_id] = shadow

    def flush(self) -> None:
        """Write everything and forget it; the counts of suggestions go to the load."""
        load = self.load
        for record in RECORDS:
            patches = {i: _json(patch) for (r, i), patch in self._patches.items() if r == record}
            if patches:
                load.run(_PATCH[record], records=list(patches), patches=list(patches.values()))
        load.append("scriptright.record_change", _CHANGE_COLUMNS, self._changes)
        if self._answered:
            columns = zip(*self._answered, strict=True)
            answered = dict(zip(("kinds", "records", "fields", "ids"), columns, strict=True))
            load.counts["suggestions_superseded"] += load.run(
                _SUPERSEDE, **{name: list(cells) for name, cells in answered.items()}
            )
        load.append("scriptright.suggestion", _SUGGESTION_COLUMNS, self._suggestions)
        load.counts["suggestions_opened"] += len(self._suggestions)
        for record in RECORDS:
            shadows = {i: _json(shadow) for (r, i), shadow in self._shadows.items() if r == record}
            if shadows:
                load.run(_SHADOW[record], ids=list(shadows), shadows=list(shadows.values()))
        if self._patches:
            self._refresh_older_suggestions()
        for done in (self._rows, self._patches, self._shadows):
            done.clear()
        for lines in (self._changes, self._suggestions, self._answered):
            lines.clear()

    def _refresh_older_suggestions(self) -> None:
        """Open suggestions on a value that this load changed must show the value as it is now."""
        load = self.load
        kinds, records = zip(*self._patches, strict=True)
        for row in load.fetch(_TOUCHED, kinds=list(kinds), records=list(records)):
            if (row.record, row.record_id, row.field) in self._written:
                refresh_suggestions(
                    load.connection, load.practice_id, row.record, row.record_id, row.field
                )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


_CHANGE_COLUMNS = (
    "practice_id", "record", "record_id", "field", "old_value", "new_value", "cause", "load_id",
    "via_pims_id", "changed_at",
)  # fmt: skip
_SUGGESTION_COLUMNS = (
    "practice_id", "record", "record_id", "pims_id", "field", "reason", "old_value", "new_value",
    "load_id", "opened_at",
)  # fmt: skip

_PATCH = of_each(
    """
    UPDATE scriptright.{record} AS t SET {sets}, version = t.version + 1
    FROM unnest(CAST(:records AS bigint[]), CAST(:patches AS jsonb[])) AS p (record_id, patch)
    JOIN scriptright.{record} b
      ON b.practice_id = :practice_id AND b.{record}_id = p.record_id
    CROSS JOIN LATERAL jsonb_populate_record(b, p.patch) r
    WHERE t.practice_id = :practice_id AND t.{record}_id = p.record_id
    """,
    sets={record: ", ".join(f"{c} = r.{c}" for c in VALUE_COLUMNS[record]) for record in RECORDS},
)
_SUPERSEDE = text("""
    UPDATE scriptright.suggestion s SET state = 'superseded', decided_at = :now
    FROM unnest(CAST(:kinds AS text[]), CAST(:records AS bigint[]), CAST(:fields AS text[]),
        CAST(:ids AS text[])) AS a (record, record_id, field, pims_id)
    WHERE s.practice_id = :practice_id AND s.record = a.record AND s.record_id = a.record_id
      AND s.field = a.field AND s.pims_id = a.pims_id AND s.state = 'open'
""")
_SHADOW = of_each("""
    UPDATE scriptright.{record}_link l SET standalone = s.standalone
    FROM unnest(CAST(:ids AS text[]), CAST(:shadows AS jsonb[])) AS s (pims_id, standalone)
    WHERE l.practice_id = :practice_id AND l.pims_id = s.pims_id
""")
_TOUCHED = text("""
    SELECT DISTINCT s.record, s.record_id, s.field
    FROM unnest(CAST(:kinds AS text[]), CAST(:records AS bigint[])) AS p (record, record_id)
    JOIN scriptright.suggestion s
      ON s.practice_id = :practice_id AND s.record = p.record AND s.record_id = p.record_id
    WHERE s.state = 'open'
""")
