"""Deciding on suggestions: confirm, reject. docs/rules.md section 4. What they show is in shown.py.

Confirming writes exactly the value that was shown or nothing at all. Every act is one transaction
under the practice's lock, with its entry in the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine

from vet_pipeline.errors import DecisionRefused, PipelineError, StaleDecision
from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.decisions.shown import (
    Suggestion,
    get_suggestion,
    list_suggestions,
    with_numbers,
)
from vet_pipeline.scriptright.decisions.whose import logins_of_others, namesakes_there
from vet_pipeline.scriptright.load.link_reviews import look_again
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.records.consequences import (
    Consequence,
    attest_same_animal,
    mark_for_new_name,
    mark_owner_changed,
    no_statement_on,
    require_attestation,
    require_new_owner,
)
from vet_pipeline.scriptright.records.shadows import shadow_after_decision
from vet_pipeline.scriptright.records.suggestions import ask_anew, close, refresh_suggestions
from vet_pipeline.scriptright.records.writes import (
    Cause,
    Keep,
    held,
    move_shadow,
    read_record,
    write_field,
)
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.acts import act, named

__all__ = [
    "Consequence",
    "Decided",
    "Outcome",
    "Suggestion",
    "confirm",
    "confirm_many",
    "each_by_itself",
    "get_suggestion",
    "list_suggestions",
    "reject",
    "reject_many",
]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did."""

    suggestion_id: int
    record: Record
    record_id: int
    field: str
    state: str  # confirmed | rejected | open: a no was taken back
    prescriptions: tuple[Consequence, ...] = ()
    # Pairs (PIMS id, record id) of a pet that was moved and a pet of that client's: one pet?
    alike: tuple[tuple[str, int], ...] = ()


Outcome = tuple[int, Decided | PipelineError]  # the suggestion, and what was done or why nothing


def confirm(
    engine: Engine,
    practice_id: str,
    suggestion_id: int,
    *,
    by: str,
    shown: str | None = None,
    same_animal: bool = False,
    statement: str | None = None,
) -> Decided:
    """Write the suggested value, in one transaction.

    `shown`: the fingerprint from the list; without it the decision is about what the suggestion
    meant when it got its number.

    Raises:
        StaleDecision: it is closed, or isn't what was shown any more. Or what it is about has
            changed since: the record's value, the client to whom a new owner's key leads, the
            animal to be renamed. Then a new suggestion, with a new number, takes its place.
        DecisionRefused: a pet's name without `same_animal`, a statement on anything else, an
            owner whom ScriptRight doesn't know.
        UsageError: without `by`.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as connection:
        suggestion = _require_open(connection, practice_id, suggestion_id, keep="meaning")
        if suggestion.is_stale:  # committed, so that the next look shows the present value
            why = "the record has changed since it was opened"
            refresh_suggestions(
                connection, practice_id, suggestion.record, suggestion.record_id, suggestion.field
            )
        elif suggestion.means_another and shown is None:
            why = f"its {suggestion.meant} isn't what it was when it got this number"
            ask_anew(connection, practice_id, suggestion_id)
        else:
            _require_shown(practice_id, suggestion, shown)
            return _confirm(connection, practice_id, suggestion, actor, same_animal, statement)
    raise _stale(practice_id, suggestion, why)


def reject(
    engine: Engine, practice_id: str, suggestion_id: int, *, by: str, shown: str | None = None
) -> Decided:
    """Close the suggestion and leave the record; it comes back only if the PIMS changes again.

    Raises StaleDecision when it is closed already or isn't what was shown any more.
    """
    actor = named(by, practice_id)
    with act(engine, practice_id) as connection:
        suggestion = _require_open(connection, practice_id, suggestion_id)
        _require_shown(practice_id, suggestion, shown)
        close(connection, practice_id, suggestion_id, "rejected", actor)
        _settle_shadow(connection, practice_id, suggestion, confirmed=False)
        return _decided(connection, practice_id, suggestion, actor, "rejected", ())


def confirm_many(
    engine: Engine,
    practice_id: str,
    decisions: Sequence[tuple[int, str | None]],
    *,
    by: str,
) -> Iterator[Outcome]:
    """Confirm suggestions given as (id, shown), each in a transaction of its own, when asked.

    Whatever refuses one, be it unknown or the practice's lock taken meanwhile, the others are
    tried. Raises DecisionRefused, before anything is done, when one of them is a pet's name, may be
    another's, whose street would be this one's, or is another client's login.
    """
    named(by, practice_id)
    with connected(engine, "review", practice_id) as connection:
        numbers = [i for i, _ in decisions]
        alone = {
            *(
                one.suggestion_id
                for one in with_numbers(connection, practice_id, numbers)
                if one.goes_alone
            ),
            *logins_of_others(connection, practice_id, numbers),
        }
    if alone:
        raise DecisionRefused(
            "pet names, what may be another's (another record) and another client's login are never"
            " confirmed in bulk",
            next_step=f"leave out {', '.join(map(str, sorted(alone)))}, and look at each by itself",
            practice_id=practice_id,
        )
    shown = dict(decisions)
    return each_by_itself(
        lambda i: confirm(engine, practice_id, i, by=by, shown=shown[i]), [i for i, _ in decisions]
    )


def reject_many(
    engine: Engine,
    practice_id: str,
    decisions: Sequence[tuple[int, str | None]],
    *,
    by: str,
) -> Iterator[Outcome]:
    """Reject suggestions given as (id, shown), each by itself, as `confirm_many`."""
    named(by, practice_id)
    shown = dict(decisions)
    return each_by_itself(
        lambda i: reject(engine, practice_id, i, by=by, shown=shown[i]), [i for i, _ in decisions]
    )


def each_by_itself(
    decide: Callable[[int], Decided], suggestion_ids: Iterable[int]
) -> Iterator[Outcome]:
    """Decide one after the other as they are asked for; what refuses one is its outcome."""
    for suggestion_id in suggestion_ids:
        outcome: Decided | PipelineError
        try:
            outcome = decide(suggestion_id)
        except PipelineError as error:
            outcome = error
        yield suggestion_id, outcome


def _confirm(
    connection: Connection,
    practice_id: str,
    suggestion: Suggestion,
    actor: str,
    same_animal: bool,
    statement: str | None,
) -> Decided:
    field = FIELD[suggestion.record, suggestion.field]
    row = read_record(connection, practice_id, suggestion.record, suggestion.record_id)
    cause = Cause(
        "confirmed",
        actor=actor,
        load_id=suggestion.load_id,
        suggestion_id=suggestion.suggestion_id,
        via_pims_id=suggestion.pims_id,
    )
    new = suggestion.new
    alike: tuple[int, ...] = ()
    if field.name == "owner":
        there = namesakes_there(connection, practice_id, [suggestion.suggestion_id])
        alike = there.get(suggestion.suggestion_id, ())
        new = {"client_id": require_new_owner(connection, practice_id, suggestion.new, row)}
    if suggestion.needs_attestation:
        require_attestation(practice_id, suggestion.new, same_animal=same_animal)
    elif statement:
        raise no_statement_on(practice_id, suggestion.suggestion_id, field)
    marked: tuple[Consequence, ...] = ()
    if field.name != "owner" or new != held(field, row):  # else by another of its PIMS records
        write_field(connection, practice_id, field, row, new, cause)
        if suggestion.needs_attestation:
            marked = mark_for_new_name(connection, practice_id, row, new["name"], cause)
            attest_same_animal(connection, practice_id, row, new["name"], marked, cause, statement)
        elif field.name == "owner":
            marked = mark_owner_changed(connection, practice_id, row["pet_id"], cause)
    close(connection, practice_id, suggestion.suggestion_id, "confirmed", actor)
    _settle_shadow(connection, practice_id, suggestion, confirmed=True)
    refresh_suggestions(
        connection, practice_id, suggestion.record, suggestion.record_id, field.name
    )
    look_again(connection, practice_id, suggestion.record, record_ids=[suggestion.record_id])
    done = _decided(connection, practice_id, suggestion, actor, "confirmed", marked)
    return replace(done, alike=tuple((suggestion.pims_id, pet) for pet in alike))


def _decided(
    connection: Connection,
    practice_id: str,
    suggestion: Suggestion,
    actor: str,
    state: str,
    marked: tuple[Consequence, ...],
) -> Decided:
    detail = suggestion.ids | {"prescriptions": [m.prescription_id for m in marked]}
    audit.append(connection, practice_id, actor, f"suggestion_{state}", detail)
    of = suggestion
    return Decided(of.suggestion_id, of.record, of.record_id, of.field, state, marked)


def _settle_shadow(
    connection: Connection, practice_id: str, suggestion: Suggestion, *, confirmed: bool
) -> None:
    field = FIELD[suggestion.record, suggestion.field]
    move_shadow(
        connection,
        practice_id,
        suggestion.record,
        suggestion.pims_id,
        suggestion.record_id,
        lambda shadow: shadow_after_decision(
            shadow, field, suggestion.said, suggestion.reason, confirmed=confirmed
        ),
    )


def _require_open(
    connection: Connection, practice_id: str, suggestion_id: int, *, keep: Keep | None = None
) -> Suggestion:
    suggestion = get_suggestion(connection, practice_id, suggestion_id, keep=keep)
    if suggestion.state != "open":
        tells = f"`vet-pipeline history {practice_id} --{suggestion.record} {suggestion.record_id}`"
        next_step = f"{tells} tells by whom; how a slip is put right stands in docs/review.md"
        if suggestion.state == "superseded":  # by nobody: another may stand in its place
            next_step = ""
        elif suggestion.state == "rejected":
            again = f"`vet-pipeline review reopen {practice_id} {suggestion_id} --by NAME`"
            next_step = f"if the no was a slip, {again}; {tells} tells by whom"
        raise _stale(practice_id, suggestion, f"it is {suggestion.state} already", next_step)
    return suggestion


def _require_shown(practice_id: str, suggestion: Suggestion, shown: str | None) -> None:
    if shown is not None and shown != suggestion.shown:
        raise _stale(practice_id, suggestion, "it isn't what was shown any more")


def _stale(practice_id: str, of: Suggestion, why: str, next_step: str = "") -> StaleDecision:
    its = f"--record {of.record} --id {of.record_id} --state all"
    again = f"look again with `vet-pipeline review list {practice_id} {its}` and decide anew"
    what = f"suggestion {of.suggestion_id}: {why}"
    return StaleDecision(what, next_step=next_step or again, practice_id=practice_id)
