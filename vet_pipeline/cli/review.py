"""`vet-pipeline review list|confirm|reject`: suggestions, decided by a named person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from vet_pipeline.cli.app import Ordered, app
from vet_pipeline.cli.decided import finish, reached
from vet_pipeline.cli.options import (
    DEFAULT_HOME,
    After,
    AsJson,
    By,
    Home,
    Limit,
    PracticeId,
    example,
    number,
    one_of_several,
)
from vet_pipeline.cli.output import emit, table
from vet_pipeline.cli.session import opened
from vet_pipeline.cli.values import both_in_words, in_words
from vet_pipeline.errors import UsageError
from vet_pipeline.policy import FIELDS

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.review import Outcome, Suggestion
    from vet_pipeline.scriptright.decisions.whose import Whose

review_app = typer.Typer(
    cls=Ordered,
    no_args_is_help=True,
    help="Changes that wait for a person. Shows client data on your screen.",
)
app.add_typer(review_app, name="review")

Ids = Annotated[
    list[int],
    typer.Argument(
        metavar="NUMBER",
        parser=one_of_several,
        help="As `review list` shows, with blanks between.",
    ),
]
Shown = Annotated[
    str | None,
    typer.Option(
        "--shown", help="The mark in `review list --json`: refuses if anything changed since."
    ),
]
BLANK = "(blank)"  # what confirming would leave of the value
_CONFIRM_EXAMPLE = """
**Examples**

`vet-pipeline review confirm oak-creek 17 --by "Dana Field"`

`vet-pipeline review confirm oak-creek 17 18 21 --by "Dana Field"` (no pet names, no *another record*)

`vet-pipeline review confirm oak-creek 22 --by "Dana Field" --same-animal
--statement "Owner renamed the dog; microchip checked"`
"""


@review_app.command(
    "list",
    epilog=example(
        "review list oak-creek", "review list oak-creek --record client --field address"
    ),
)
def list_open(
    practice: PracticeId,
    state: Annotated[
        Literal["open", "confirmed", "rejected", "superseded", "all"],
        typer.Option("--state", help="Those in this state."),
    ] = "open",
    record: Annotated[
        Literal["client", "pet"] | None, typer.Option("--record", help="Only of clients, or pets.")
    ] = None,
    record_id: Annotated[
        int | None,
        typer.Option("--id", parser=number, metavar="ID", help="Only of the --record of this id."),
    ] = None,
    field: Annotated[str | None, typer.Option("--field", help="Such as address.")] = None,
    snapshot: Annotated[
        int | None,
        typer.Option(
            "--snapshot", metavar="NUMBER", parser=number, help="Only what this snapshot brought."
        ),
    ] = None,
    same_words: Annotated[
        bool,
        typer.Option("--same-words", help="Only what differs in capitals or spaces at most."),
    ] = False,
    limit: Limit = 100,
    after: After = 0,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Suggestions with old and new value, oldest first."""
    if record_id is not None and record is None:
        raise UsageError("--id is of a client or a pet", next_step="say which by --record")
    known = dict.fromkeys(f.name for f in FIELDS if record in {None, f.record})
    if field is not None and field not in known:
        raise UsageError("no such field", next_step=f"one of {', '.join(known)}")
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions.labels import count_held
        from vet_pipeline.scriptright.decisions.review import list_suggestions
        from vet_pipeline.scriptright.decisions.whose import whose_they_are

        with session.records_of(practice) as connection:
            found = list_suggestions(
                connection,
                practice,
                state=None if state == "all" else state,
                record=record,
                record_id=record_id,
                field=field,
                snapshot=snapshot,
                same_words=same_words,
                limit=limit + 1,  # one more tells whether the list is cut off
                after=after,
            )
            whose = whose_they_are(connection, practice, [s.suggestion_id for s in found])
            held = count_held(connection, practice)
    more, found = len(found) > limit, found[:limit]
    part = state != "open" or bool(record or field or snapshot or same_words or after)
    data = {
        "practice": practice,
        "more": more,
        "suggestions": [as_data(s, whose) for s in found],
        "held_prescriptions": held,
    }

    def render(out: Console) -> None:
        _print_list(out, practice, found, whose, more=more, part=part)
        if held and not part:
            out.print(
                f"prescriptions that are held: {held:,}   vet-pipeline review labels {practice}"
            )

    emit(as_json, data, render)


@review_app.command("confirm", epilog=_CONFIRM_EXAMPLE)
def confirm(
    practice: PracticeId,
    numbers: Ids,
    by: By,
    shown: Shown = None,
    same_animal: Annotated[
        bool,
        typer.Option("--same-animal", help="For a pet's name: I state that it is the same animal."),
    ] = False,
    statement: Annotated[
        str | None, typer.Option("--statement", help="How you know; kept for good.")
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Write exactly the suggested values; a pet's name needs --same-animal and goes alone."""
    numbers = list(dict.fromkeys(numbers))
    if len(numbers) > 1 and (shown or same_animal or statement):
        raise UsageError(
            "--shown, --same-animal and --statement are about one suggestion",
            next_step="give one number",
        )
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import review

        if len(numbers) == 1:
            only = review.confirm(
                session.engine,
                practice,
                numbers[0],
                by=by,
                shown=shown,
                same_animal=same_animal,
                statement=statement,
            )
            outcomes: list[Outcome] = [(numbers[0], only)]
        else:
            pairs = [(number, None) for number in numbers]
            each = review.confirm_many(session.engine, practice, pairs, by=by)
            outcomes = reached(as_json, practice, numbers, each)
    finish(as_json, practice, outcomes)


@review_app.command("reject", epilog=example('review reject oak-creek 17 18 --by "Dana Field"'))
def reject(
    practice: PracticeId,
    numbers: Ids,
    by: By,
    shown: Shown = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Leave the record as it is; the same value isn't suggested again."""
    numbers = list(dict.fromkeys(numbers))
    if len(numbers) > 1 and shown:
        raise UsageError("--shown is about one suggestion", next_step="give one number")
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import review

        pairs = [(number, shown) for number in numbers]
        each = review.reject_many(session.engine, practice, pairs, by=by)
        outcomes = reached(as_json, practice, numbers, each)
    finish(as_json, practice, outcomes)


def as_data(suggestion: Suggestion, whose: Mapping[int, Whose]) -> dict[str, Any]:
    """A suggestion with what a list shows beside its columns."""
    about = asdict(whose[suggestion.suggestion_id])
    return {**asdict(suggestion), "stale": suggestion.is_stale, "whose": about}


def _print_list(
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
            s.reason.replace("_", " ") + (" (stale)" if s.is_stale or s.means_another else ""),
            s.since,
            s.state + (", needs --same-animal" if s.needs_attestation and _waits(s) else ""),
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
    if any(_waits(s) and s.may_be_anothers for s in found):
        out.print(
            "another record: look who it is by now; still the same one: confirm its name first, then"
            " the rest; another one: reject all of it"
        )
    if any(_waits(s) for s in found):
        out.print(f"next: vet-pipeline review confirm {practice} NUMBER --by NAME   (or reject)")
    elif any(s.state == "rejected" for s in found):
        out.print(f"a no that was a slip: vet-pipeline review reopen {practice} NUMBER --by NAME")


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
        f"in the PIMS {suggestion.pims_id}",
        gone and f"where it is missing since {gone:%Y-%m-%d}",
    )
    return tuple(line for line in lines if line)


def _sides(suggestion: Suggestion, whose: Whose) -> tuple[str | tuple[str, ...], ...]:
    """Both values; of a question about an owner, who that is."""
    old, new = both_in_words(suggestion.old, suggestion.new)
    if suggestion.field == "owner":
        return (old, in_words(whose.client)), (new or BLANK, in_words(whose.new_owner))
    return old, new or BLANK


def _animal(suggestion: Suggestion) -> tuple[str, ...]:
    """Which animal the statement would be about."""
    found = suggestion.animal or {}
    return tuple(str(found[c]) for c in ("species", "breed", "birth_date") if found.get(c))
