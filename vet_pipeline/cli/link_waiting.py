"""What waits for a person's word on who is who, as `link list` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vet_pipeline.cli.output import table
from vet_pipeline.cli.reasons import plain, told_below
from vet_pipeline.cli.values import in_words

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.links import Candidate, LinkReview, RowInQuestion
    from vet_pipeline.scriptright.decisions.whose import Sides

_MOST = 10  # of a row's pets are named; an account of walk-ins has hundreds


def print_waiting(
    out: Console,
    practice: str,
    *,
    possible_matches: Sequence[tuple[Candidate, Sides]],
    links_in_question: Sequence[tuple[LinkReview, Sides]],
    rows_in_question: Sequence[tuple[RowInQuestion, Sides]],
) -> None:
    """Rows and links in question, and possible matches, each with what to do."""
    if rows_in_question:
        _print_rows(out, practice, rows_in_question)
    if links_in_question:
        rows = {(row.record, row.record_id) for row, _ in rows_in_question}
        both_asked = [q for q, _ in links_in_question if (q.record, q.record_id) in rows]
        _print_questions(out, practice, links_in_question, both_asked)
    if not possible_matches:
        out.print(f"{practice}: no possible match waits for a person")
        return
    from vet_pipeline.matching.contract import VETOES  # brings pandas, which --help needn't

    lines = [
        (one.candidate_id, one.record, *both(one, sides), one.score, _why(one), one.since)
        for one, sides in possible_matches
    ]
    columns = ("no.", "record", "PIMS", "ScriptRight", "bits", "why", "since")
    out.print(table(f"{practice}: possible matches", columns, lines))
    for line in told_below((_reason(one) for one, _ in possible_matches), VETOES):
        out.print(line)
    out.print(f"look: vet-pipeline link explain {practice} NUMBER")
    out.print(f"next: vet-pipeline link confirm {practice} NUMBER --by NAME   (or reject)")


def _why(one: Candidate) -> tuple[str, ...]:
    """Why a person is asked, and what has become of the two since."""
    lines = (
        plain(_reason(one)),
        "changed since" if one.changed else "",
        f"missing in the PIMS since {one.missing_since:%Y-%m-%d}" if one.missing_since else "",
    )
    return tuple(line for line in lines if line)


def _reason(one: Candidate) -> str:
    return str(one.evidence.get("reason") or "")


def both(one: Any, sides: Sides) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both sides of a pair, each by its id and by whom it is."""
    return (
        _who(one.pims_id, sides.pims_pet, in_words(sides.pims_client)),
        _who(str(one.record_id), sides.pet, in_words(sides.client)),
    )


def _who(number: str, pet: str | None, client: str) -> tuple[str, ...]:
    lines = (number, pet, f"of {client}") if pet else (number, client)
    return tuple(line for line in lines if line)


def _print_rows(out: Console, practice: str, rows: Sequence[tuple[RowInQuestion, Sides]]) -> None:
    lines = [(one.record, *both(one, sides), _stands(one), _pets(one)) for one, sides in rows]
    columns = ("record", "PIMS", "ScriptRight", "suggestions", "its new pets, which wait")
    title = f"{practice}: rows of the PIMS that may be another client's or animal's by now"
    out.print(table(title, columns, lines))
    first = rows[0][0]
    every = f"--record {first.record} --id {first.record_id} --state all"
    out.print(f"look: vet-pipeline review list {practice} {every}")
    out.print(
        f"the same: confirm its name (one that was rejected: vet-pipeline review reopen {practice}"
        " NUMBER --by NAME first; or have ScriptRight's client get it in the web shop, be it as a partner's),"
        " or keep its link if that is in question, too; a client's new pets come with the next load"
    )
    out.print(
        "another: reject all of it, and have the practice give the newcomer, and its pets, numbers"
        f" of their own; where it can't: vet-pipeline link part {practice} client|pet PIMS-ID --by NAME"
    )


def _stands(row: RowInQuestion) -> tuple[str, ...]:
    parted = f"parted: {row.read_as} from the next run on" if row.read_as else ""
    return tuple(line for line in ("open" if row.is_asked else "none open", parted) if line)


def _pets(row: RowInQuestion) -> tuple[str, ...]:
    before = f"came shortly before: {_some(row.came_before)}" if row.came_before else ""
    return tuple(line for line in (_some(row.waiting), before) if line)


def _some(pets: Sequence[str]) -> str:
    named, more = pets[:_MOST], len(pets) - _MOST
    return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")


def _print_questions(
    out: Console,
    practice: str,
    questions: Sequence[tuple[LinkReview, Sides]],
    both_asked: Sequence[LinkReview],
) -> None:
    """`both_asked`: of whose record a row is in question, too: undone, one would get a copy of it."""
    lines = [
        (f"Q{one.review_id}", one.record, *both(one, sides),
         plain(", ".join(one.reasons)), one.opened_at)
        for one, sides in questions
    ]  # fmt: skip
    columns = ("no.", "record", "PIMS", "ScriptRight", "why", "since")
    out.print(
        table(f"{practice}: links in question: still one client, one animal?", columns, lines)
    )
    out.print(f"look: vet-pipeline link explain {practice} NUMBER")
    out.print(f"still one: vet-pipeline link keep {practice} NUMBER --by NAME")
    undo = f"vet-pipeline link undo {practice} client|pet PIMS-ID --with ID --by NAME"
    out.print(f"they are two: {undo}   (ID: ScriptRight's)")
    if both_asked:
        numbers = ", ".join(f"Q{one.review_id}" for one in both_asked)
        out.print(
            f"{numbers}: a row of its record may be another's by now, see above: another's? leave the"
            " link, it is right again once that one has a number of its own; undo it if the two never"
            " were one"
        )
    for line in told_below((reason for one, _ in questions for reason in one.reasons), {}):
        out.print(line)
