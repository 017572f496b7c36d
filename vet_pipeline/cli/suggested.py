"""Suggestions as a table, for people who decide on them: whose, old and new, why, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from vet_pipeline.cli.output import table
from vet_pipeline.cli.reasons import plain, told_below
from vet_pipeline.cli.values import BLANK, both_in_words, in_words

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.shown import Suggestion
    from vet_pipeline.scriptright.decisions.whose import Whose

# A PIMS that doesn't say dead any more hasn't said alive.
_NOT_SAID = {"became_blank": BLANK, "unreadable": "(unreadable)"}


def as_data(suggestion: Suggestion, whose: Mapping[int, Whose]) -> dict[str, Any]:
    """A suggestion with what a list shows beside its columns."""
    about = asdict(whose[suggestion.suggestion_id])
    return {**asdict(suggestion), "stale": suggestion.is_stale, "whose": about}


def print_suggestions(
    out: Console,
    practice: str,
    found: list[Suggestion],
    whose: Mapping[int, Whose],
    *,
    more: bool,
    part: bool,
) -> None:
    """`part`: only some were asked for, so that an empty list says nothing of the others."""
    if not found:
        none = "no such suggestion" if part else "nothing waits for a person"
        out.print(f"{practice}: {none}")
        return
    rows = [
        (
            s.suggestion_id,
            _about(s, whose[s.suggestion_id]),
            s.label,
            *_sides(s, whose[s.suggestion_id]),
            plain(s.reason) + (" (stale)" if s.is_stale or s.means_another else ""),
            (s.since, f"snapshot {s.snapshot}"),
            _state(s),
        )
        for s in found
    ]
    columns = ("no.", "record", "field", "ScriptRight", "PIMS", "why", "since", "state")
    out.print(table(f"{practice}: suggestions", columns, rows))
    if more:
        out.print(f"more: the same with --after {found[-1].suggestion_id}")
        if not part:
            out.print(
                "so many at once? docs/runbook.md; what differs in capitals only: --same-words"
            )
    _print_steps(out, practice, found)


def _print_steps(out: Console, practice: str, found: list[Suggestion]) -> None:
    """What a person who has looked may decide, as it is typed."""
    waiting = [s for s in found if _waits(s)]
    for line in told_below((s.reason for s in waiting), {}):
        out.print(line)
    if waiting:
        out.print(f"next: vet-pipeline review confirm {practice} NUMBER --by NAME   (or reject)")
    elif any(s.state == "rejected" for s in found):
        out.print(f"a no that was a slip: vet-pipeline review reopen {practice} NUMBER --by NAME")


def _state(suggestion: Suggestion) -> str:
    if _waits(suggestion) and suggestion.needs_attestation:
        return "open, needs --same-animal"
    by = f" by {suggestion.decided_by}" if suggestion.decided_by else ""
    return suggestion.state + by


def _waits(suggestion: Suggestion) -> bool:
    return suggestion.state == "open"


def _about(suggestion: Suggestion, whose: Whose) -> tuple[str, ...]:
    """The record by its number and name, whose it is, and what it is called in the PIMS."""
    owner = in_words({k: v for k, v in whose.client.items() if k not in ("address_line1", "city")})
    named = (owner,) if suggestion.record == "client" else (whose.pet, owner and f"of {owner}")
    gone = suggestion.missing_since
    lines = (
        f"{suggestion.record} {suggestion.record_id}",
        *named,
        *_animal(suggestion),
        whose.deceased and "deceased",
        whose.prescriptions and f"prescriptions: {whose.prescriptions}",
        f"in the PIMS {suggestion.pims_id}",
        gone and f"where it is missing since {gone:%Y-%m-%d}",
    )
    return tuple(line for line in lines if line)


def _sides(suggestion: Suggestion, whose: Whose) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both values, and what tells of them: of an owner who that is, of an email whose login."""
    old, new = both_in_words(suggestion.old, suggestion.new)
    if suggestion.field == "owner":
        pets = ", ".join(map(str, whose.namesakes))
        theirs = (f"who has pet {pets} of that name: one pet?",) if pets else ()
        return (old, in_words(whose.client)), (new or BLANK, in_words(whose.new_owner), *theirs)
    if suggestion.field == "deceased" and suggestion.reason in _NOT_SAID:
        return (old,), (_NOT_SAID[suggestion.reason], f"confirmed: {new}")
    saved = (f"saved in the web shop {whose.saved_at:%Y-%m-%d}",) if whose.saved_at else ()
    logins = (f"login of {in_words(client)}, too" for client in whose.login_of)
    return (old, *saved), (new or BLANK, *logins)


def _animal(suggestion: Suggestion) -> tuple[str, ...]:
    """Which animal the statement would be about."""
    found = suggestion.animal or {}
    return tuple(str(found[c]) for c in ("species", "breed", "birth_date") if found.get(c))
