"""Taking back a no to a suggestion: what was rejected by a slip is open again, as it was.

Only as long as it still is the question that it was: the PIMS record says that value, nothing has
been asked or decided about the field since, and ScriptRight holds another value. Where the PIMS
record feeds another by now, as its link was undone, that one is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, text

from vet_pipeline.deltas.changes import UNREADABLE
from vet_pipeline.errors import DecisionRefused
from vet_pipeline.policy import FIELD, Field
from vet_pipeline.scriptright.decisions.review import Decided, Outcome, each_by_itself
from vet_pipeline.scriptright.decisions.shown import Suggestion, get_suggestion
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.merge import Question, is_past
from vet_pipeline.scriptright.records.pims_values import pims_values_and_slips
from vet_pipeline.scriptright.records.shadows import shadow_after_reopening
from vet_pipeline.scriptright.records.suggestions import (
    close,
    open_suggestion,
    refresh_suggestions,
    settled,
)
from vet_pipeline.scriptright.records.values import Value, canonical, unchanged
from vet_pipeline.scriptright.records.writes import (
    held,
    move_shadow,
    read_record,
    records_fed,
)
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import act, named


def reopen(engine: Engine, practice_id: str, suggestion_id: int, *, by: str) -> Decided:
    """Open a rejected suggestion again, in one transaction; the audit trail keeps both words.

    It is as if it had never been rejected, for loads and for undoing a link, too. Where the record
    has changed since, or another is fed, it shows that under a new number, which is returned.
    Raises UnknownItem, DecisionRefused when it isn't that question any more.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as connection:
        asked = get_suggestion(connection, practice_id, suggestion_id, keep="meaning")
        field = FIELD[asked.record, asked.field]
        found = _of_the_record_fed_now(connection, practice_id, asked, field)
        _require_the_same(connection, practice_id, found, field)
        connection.execute(_REOPEN, {"practice_id": practice_id, "id": suggestion_id})
        if found.record_id != asked.record_id:
            close(connection, practice_id, suggestion_id, "superseded")
            open_suggestion(connection, practice_id, _question(found, field))
        _move_shadow(connection, practice_id, found, field)
        refresh_suggestions(connection, practice_id, found.record, found.record_id, field.name)
        audit.append(connection, practice_id, actor, "suggestion_reopened", asked.ids)
        number = connection.execute(_NUMBER, _key(practice_id, found)).scalar_one()
        return Decided(int(number), found.record, found.record_id, field.name, "open")


def reopen_many(
    engine: Engine, practice_id: str, suggestion_ids: Sequence[int], *, by: str
) -> Iterator[Outcome]:
    """Open suggestions again, each by itself, whatever refuses another."""
    named(by, practice_id)
    return each_by_itself(lambda i: reopen(engine, practice_id, i, by=by), suggestion_ids)


def _of_the_record_fed_now(
    connection: Connection, practice_id: str, asked: Suggestion, field: Field
) -> Suggestion:
    """The suggestion beside the record that its PIMS record feeds by now."""
    fed = records_fed(connection, practice_id, asked.record, [asked.pims_id])[asked.pims_id]
    if fed == asked.record_id:
        return asked
    row = read_record(connection, practice_id, asked.record, fed, keep="meaning")
    return replace(asked, record_id=fed, current=held(field, row))


def _question(found: Suggestion, field: Field) -> Question:
    old, new = found.old | found.current, found.said
    return Question(
        field, found.record_id, found.pims_id, old, new, found.reason, found.load_id, found.since
    )


def _require_the_same(
    connection: Connection, practice_id: str, found: Suggestion, field: Field
) -> None:
    """Refuse where it isn't the question any more that was rejected, or none at all."""
    number, of = found.suggestion_id, f"{found.record} {found.record_id}"
    look = f"`vet-pipeline review list {practice_id} --record {found.record} --id {found.record_id}"
    if found.state != "rejected":
        what = "it is open" if found.state == "open" else f"it was {found.state}"
        next_step = f"{look} --state all` lists what was asked of {of}, with its numbers"
        raise _refused(practice_id, number, f"{what}, not rejected", next_step)
    later = connection.execute(_LATER, _key(practice_id, found)).one_or_none()
    if later is not None:
        instead = f"decide on {later.suggestion_id} instead"
        if later.state != "open":
            instead = f"that is {later.suggestion_id}, which was {later.state}"
        next_step = f"{instead} ({look} --state all` shows both)"
        raise _refused(practice_id, number, "the same field was asked about since", next_step)
    feeding = connection.execute(_FEEDING[found.record], _key(practice_id, found)).all()
    telling = _telling(found, feeding)
    said, slips = pims_values_and_slips(connection, practice_id, found.record, telling)
    if not any(
        _is_still_asked(field, found.said, values, is_slip=(pims_id, field.name) in slips)
        for pims_id, values in said.items()
    ):
        why = "the PIMS says something else by now"
        tells = f"`vet-pipeline history {practice_id} --{found.record} {found.record_id}`"
        raise _refused(practice_id, number, why, f"{tells} tells what came of that")
    if settled(connection, practice_id, field, found.current, found.said):
        raise _refused(
            practice_id, number, "ScriptRight has that value already", "nothing is left to decide"
        )


def _is_still_asked(field: Field, new: Value, said: Mapping[str, object], *, is_slip: bool) -> bool:
    """Whether it would be open, had nobody answered it, beside what the row says by now."""
    reason = UNREADABLE if is_slip else ""
    return unchanged(field, said, new) or not is_past(field, new, canonical(field, said), reason)


def _telling(found: Suggestion, feeding: Sequence[Any]) -> list[str]:
    """The PIMS rows that count: the one asked about, or while it is missing those in its place."""
    there = [row.pims_id for row in feeding if row.missing_since is None]
    return there if there and found.pims_id not in there else [found.pims_id]


def _move_shadow(connection: Connection, practice_id: str, found: Suggestion, field: Field) -> None:
    move_shadow(
        connection,
        practice_id,
        found.record,
        found.pims_id,
        found.record_id,
        lambda shadow: shadow_after_reopening(
            shadow, field, found.said, found.reason, found.load_id
        ),
    )


def _key(practice_id: str, found: Suggestion) -> dict[str, Any]:
    return found.ids | {"practice_id": practice_id, "pims_id": found.pims_id}


def _refused(practice_id: str, number: int, why: str, next_step: str) -> DecisionRefused:
    return DecisionRefused(
        f"suggestion {number} isn't opened again: {why}",
        next_step=next_step,
        practice_id=practice_id,
    )


_REOPEN = text("""
    UPDATE scriptright.suggestion SET state = 'open', decided_by = NULL, decided_at = NULL
    WHERE practice_id = :practice_id AND suggestion_id = :id
""")
_ON_THE_SAME = """
    FROM scriptright.suggestion
    WHERE practice_id = :practice_id AND record = :record AND record_id = :record_id AND field = :field
      AND pims_id = :pims_id
"""
# One that was superseded was the machine's alone: the PIMS went back, say.
_LATER = text(f"""
    SELECT suggestion_id, state {_ON_THE_SAME} AND suggestion_id > :suggestion_id AND state <> 'superseded'
    ORDER BY suggestion_id DESC LIMIT 1
""")
_NUMBER = text(f"SELECT suggestion_id {_ON_THE_SAME} AND state = 'open'")
_FEEDING = of_each("""
    SELECT pims_id, missing_since FROM scriptright.pims_{record}
    WHERE practice_id = :practice_id AND record_id = :record_id
""")
