"""`vet-pipeline link list|confirm|reject|keep|undo`: which PIMS record is which here."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from vet_pipeline.cli.app import Ordered, app
from vet_pipeline.cli.decided import print_marked
from vet_pipeline.cli.link_waiting import both, print_waiting
from vet_pipeline.cli.options import (
    DEFAULT_HOME,
    MOST,
    AsJson,
    By,
    Home,
    Limit,
    PracticeId,
    example,
    match,
    number,
    question,
)
from vet_pipeline.cli.output import emit, table
from vet_pipeline.cli.session import Session, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from vet_pipeline.scriptright.decisions.links import CandidateDecided, Undone
    from vet_pipeline.scriptright.decisions.whose import Sides
    from vet_pipeline.scriptright.load.apply_matching import Matcher

link_app = typer.Typer(
    cls=Ordered,
    no_args_is_help=True,
    help="Matches between the PIMS and Home Delivery. Shows client data on your screen.",
)
app.add_typer(link_app, name="link")

Number = Annotated[
    int,
    typer.Argument(metavar="NUMBER", parser=match, help="As `link list` shows."),
]
Kind = Annotated[
    Literal["client", "pet"], typer.Argument(metavar="client|pet", help="Which of the two it is.")
]
PimsId = Annotated[str, typer.Argument(metavar="PIMS-ID", help="The record's id in the PIMS.")]
Shown = Annotated[
    str | None,
    typer.Option(
        "--shown", help="The mark in `link explain`: refuses if a side changed since you looked."
    ),
]


@link_app.command("list", epilog=example("link list oak-creek"))
def list_pairs(
    practice: PracticeId,
    made: Annotated[
        bool, typer.Option("--made", help="Links that were made, instead of possible ones.")
    ] = False,
    limit: Limit = 100,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Possible matches, links and PIMS rows in question; with --made the links there are.

    A link is in question when its two sides have drifted apart since it was made; a row when it
    may be another client's by now, with whom its new pets wait.
    """
    with opened(home) as session:
        from vet_pipeline.registry import practices
        from vet_pipeline.registry.practice_settings import parted_to
        from vet_pipeline.scriptright.decisions import links
        from vet_pipeline.scriptright.decisions.whose import sides_of_pairs
        from vet_pipeline.scriptright.records.identity import Pair

        lists: dict[str, Callable[..., list[Any]]] = (
            {"links": links.list_links}
            if made
            else {
                "possible_matches": links.list_candidates,
                "links_in_question": links.list_link_reviews,
                "rows_in_question": links.list_rows_in_question,
            }
        )
        with session.records_of(practice) as connection:
            # One more than is shown tells whether a list is cut off.
            found = {name: of(connection, practice, limit=limit + 1) for name, of in lists.items()}
            if not made:
                now = practices.get(connection, practice).settings
                found["rows_in_question"] = [
                    replace(row, read_as=parted_to(now, row.record, row.pims_id))
                    for row in found["rows_in_question"]
                ]
            more = any(len(rows) > limit for rows in found.values())
            listed: dict[str, list[tuple[Any, Sides]]] = {}
            for name, rows in found.items():
                pairs = [Pair(one.record, one.pims_id, one.record_id) for one in rows[:limit]]
                sides = sides_of_pairs(connection, practice, pairs)
                listed[name] = list(zip(rows, sides, strict=False))

    def render(out: Console) -> None:
        if made:
            _print_made(out, practice, listed["links"])
        else:
            print_waiting(out, practice, **listed)
        if more:
            after = "see `link sample`" if made else "decide some, and look again"
            then = "give a higher --limit" if limit < MOST else after
            out.print(f"there are more than the {limit:,} shown: {then}")

    as_rows = {
        name: [asdict(one) | {"who": asdict(sides)} for one, sides in rows]
        for name, rows in listed.items()
    }
    emit(as_json, {"practice": practice, "more": more, **as_rows}, render)


@link_app.command("confirm", epilog=example('link confirm oak-creek 3 --by "Dana Field"'))
def confirm(
    practice: PracticeId,
    number: Number,
    by: By,
    shown: Shown = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """The same: link the two records now. Blanks are filled, differences become suggestions."""
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import links

        decided = links.confirm_candidate(
            session.engine,
            practice,
            number,
            by=by,
            match=matcher_of(session, practice),
            shown=shown,
        )
    emit(as_json, asdict(decided), lambda out: _print_decided(out, decided))


@link_app.command("reject", epilog=example('link reject oak-creek 3 --by "Dana Field"'))
def reject(
    practice: PracticeId,
    number: Number,
    by: By,
    shown: Shown = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Not the same: remembered, and not proposed again unless the data of a side change."""
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import links

        decided = links.reject_candidate(
            session.engine,
            practice,
            number,
            by=by,
            shown=shown,
        )
    emit(as_json, asdict(decided), lambda out: _print_decided(out, decided))


@link_app.command("keep", epilog=example('link keep oak-creek Q5 --by "Dana Field"'))
def keep(
    practice: PracticeId,
    number: Annotated[
        int,
        typer.Argument(
            metavar="NUMBER",
            parser=question,
            help="Of the link in question, as `link list` shows: Q5.",
        ),
    ],
    by: By,
    shown: Annotated[
        str | None,
        typer.Option(
            "--shown", help="The mark in `link list --json`: refuses if a side changed since."
        ),
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """It still is one client or pet: the link stays, and isn't put up again until data change.

    To take it apart: vet-pipeline link undo PRACTICE client|pet PIMS-ID --by NAME
    """
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions.links import keep_link

        kept = keep_link(session.engine, practice, number, by=by, shown=shown)
    said = f"PIMS {kept.record} {kept.pims_id} goes on feeding {kept.record} {kept.record_id}"
    emit(as_json, asdict(kept), lambda out: out.print(said))


@link_app.command("undo", epilog=example('link undo oak-creek client C17 --by "Dana Field"'))
def undo(
    practice: PracticeId,
    kind: Kind,
    pims_id: PimsId,
    by: By,
    record_id: Annotated[
        int | None,
        typer.Option(
            "--with",
            metavar="ID",
            parser=number,
            help="The ScriptRight record that it is linked with: refuses if it is another by now.",
        ),
    ] = None,
    shown: Annotated[
        str | None,
        typer.Option(
            "--shown", help="The mark of the prescriptions that it changes, as it told them before."
        ),
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Take a link apart: both records as if they had never been one, suggestions included.

    Where that changes prescriptions it tells which first, and is done with --shown.
    """
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import links
        from vet_pipeline.scriptright.records.consequences import require_seen

        undone = links.undo_link(
            session.engine,
            practice,
            kind,
            pims_id,
            by=by,
            record_id=record_id,
            agree=lambda would: require_seen(practice, would.prescriptions, shown),
        )
    emit(as_json, asdict(undone), lambda out: _print_undone(out, practice, undone))


def matcher_of(session: Session, practice_id: str) -> Matcher:
    """The matcher by the practice's settings. Raises UnknownPractice."""
    from vet_pipeline.registry import practices

    with session.connected("review", practice_id) as connection:
        return practices.get(connection, practice_id).settings.matching.matcher()


def _print_made(out: Console, practice: str, found: list[tuple[Any, Sides]]) -> None:
    rows = [
        (one.record, *both(one, sides), one.method, one.decided_by, one.score, one.linked_at,
         one.missing_since)
        for one, sides in found
    ]  # fmt: skip
    if not rows:
        out.print(f"{practice}: no link with a Home Delivery record")
        return
    columns = ("record", "PIMS", "ScriptRight", "by", "who", "bits", "linked", "missing since")
    out.print(table(f"{practice}: links with Home Delivery records", columns, rows))


def _print_decided(out: Console, decided: CandidateDecided) -> None:
    leads = f", it feeds {decided.record} {decided.record_id}" if decided.record_id else ""
    if decided.outcome == "missing":
        leads = " in the PIMS, so it gets no record; should it come back, that load decides"
    out.print(f"PIMS {decided.record} {decided.pims_id}: {decided.outcome}{leads}")


def _print_undone(out: Console, practice: str, undone: Undone) -> None:
    _print_parted(out, practice, undone)
    print_marked(out, undone.prescriptions)


def _print_parted(out: Console, practice: str, undone: Undone) -> None:
    from vet_pipeline.scriptright.decisions.candidate_list import how_to_look
    from vet_pipeline.scriptright.records.identity import Pair

    restored = ", ".join(undone.restored) or "nothing to restore"
    out.print(
        f"PIMS {undone.record} {undone.pims_id} now feeds {undone.record} {undone.new_id}; "
        f"{undone.record} {undone.home_id} is as before ({restored})"
    )
    for asked in undone.asked_before:
        out.print(f"one {undone.record}? {how_to_look(practice, Pair(undone.record, *asked))}")
    for pet in undone.pets:
        _print_parted(out, practice, pet)
