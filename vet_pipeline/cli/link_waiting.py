"""What waits for a person's word on who is who, as `link list` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vet_pipeline.cli.output import table

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.links import Candidate, LinkReview, RowInQuestion

_MOST = 10  # of a row's pets are named; an account of walk-ins has hundreds


def print_waiting(
    out: Console,
    practice: str,
    *,
    possible_matches: Sequence[Candidate],
    links_in_question: Sequence[LinkReview],
    rows_in_question: Sequence[RowInQuestion],
) -> None:
    """Rows and links in question, and possible matches, each with what to do."""
    if rows_in_question:
        _print_rows(out, practice, rows_in_question)
    if links_in_question:
        _print_questions(out, practice, links_in_question)
    if not possible_matches:
        out.print(f"{practice}: no possible match waits for a person")
        return
    lines = [
        (one.candidate_id, one.record, one.pims_id, one.record_id, one.score, one.since,
         "yes" if one.changed else "", one.missing_since)
        for one in possible_matches
    ]  # fmt: skip
    columns = (
        *("no.", "record", "PIMS id", "ScriptRight id", "bits", "since", "changed since"),
        "missing in the PIMS since",
    )
    out.print(table(f"{practice}: possible matches", columns, lines))
    out.print(f"look: {_look(practice, possible_matches[0])}")
    out.print(f"next: vet-pipeline link confirm {practice} NUMBER --by NAME   (or reject)")


def _print_rows(out: Console, practice: str, rows: Sequence[RowInQuestion]) -> None:
    lines = [
        (
            one.record,
            one.pims_id,
            one.record_id,
            "open" if one.is_asked else "none open",
            _pets(one),
        )
        for one in rows
    ]
    columns = ("record", "PIMS id", "ScriptRight id", "suggestions", "its new pets, which wait")
    title = f"{practice}: rows of the PIMS that may be another client's or animal's by now"
    out.print(table(title, columns, lines))
    every = f"--record {rows[0].record} --id {rows[0].record_id} --state all"
    out.print(f"look: vet-pipeline review list {practice} {every}")
    out.print(
        f"the same: confirm its name (one that was rejected: vet-pipeline review reopen {practice}"
        " NUMBER first; or have ScriptRight's client get it in the web shop, be it as a partner's),"
        " or keep its link if that is in question, too; a client's new pets come with the next load"
    )
    out.print(
        "another: reject all of it, and have the practice give the newcomer, and its pets, numbers"
        " of their own"
    )


def _pets(row: RowInQuestion) -> str:
    named, more = row.waiting[:_MOST], len(row.waiting) - _MOST
    return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")


def _print_questions(out: Console, practice: str, questions: Sequence[LinkReview]) -> None:
    lines = [
        (one.review_id, one.record, one.pims_id, one.record_id,
         ", ".join(one.reasons).replace("_", " "), one.opened_at)
        for one in questions
    ]  # fmt: skip
    columns = ("no.", "record", "PIMS id", "ScriptRight id", "why", "since")
    out.print(
        table(f"{practice}: links in question: still one client, one animal?", columns, lines)
    )
    out.print(f"look: {_look(practice, questions[0])}")
    out.print(f"still one: vet-pipeline link keep {practice} NUMBER --by NAME")
    out.print(f"they are two: vet-pipeline link undo {practice} client|pet PIMS-ID --by NAME")


def _look(practice: str, one: Candidate | LinkReview) -> str:
    from vet_pipeline.scriptright.decisions.candidate_list import how_to_look

    return how_to_look(practice, one.record, one.pims_id, one.record_id)
