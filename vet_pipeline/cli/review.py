"""`vet-pipeline review list|confirm|reject|reopen`: suggestions, decided by a named person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

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
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.session import opened
from vet_pipeline.cli.suggested import as_data, print_suggestions
from vet_pipeline.errors import UsageError
from vet_pipeline.policy import FIELDS

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.review import Outcome

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
        print_suggestions(out, practice, found, whose, more=more, part=part)
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


@review_app.command("reopen", epilog=example('review reopen oak-creek 19 --by "Dana Field"'))
def reopen(
    practice: PracticeId, numbers: Ids, by: By, home: Home = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """Take back a no: it waits again, as long as the PIMS still says that value."""
    numbers = list(dict.fromkeys(numbers))
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import reopening

        each = reopening.reopen_many(session.engine, practice, numbers, by=by)
        outcomes = reached(as_json, practice, numbers, each)
    finish(as_json, practice, outcomes)
