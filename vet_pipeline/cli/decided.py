"""What decisions have done, on the screen: of one, of many, and of a list that was stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from vet_pipeline.cli.output import FAILED, emit
from vet_pipeline.errors import PipelineError

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.review import Decided, Refused, Tell
    from vet_pipeline.scriptright.records.consequences import Consequence


def finish(
    as_json: bool, practice: str, done: Sequence[Decided], refused: Sequence[Refused]
) -> None:
    """Print what was decided; one refusal alone is an error, among others it is a line."""
    if len(refused) == 1 and not done:
        raise refused[0][1]
    _print(as_json, practice, done, refused)
    if refused:
        raise typer.Exit(FAILED)


@contextmanager
def told_so_far(as_json: bool, practice: str, numbers: Sequence[int]) -> Iterator[Tell]:
    """Should the list be stopped (Ctrl-C, SIGTERM, a defect), print what was decided by then.

    Each decision is for good, so nobody may be left without a word of it.
    """
    told: dict[int, Decided | PipelineError] = {}
    try:
        yield told.__setitem__
    except BaseException:
        if told:
            done = [one for one in told.values() if not isinstance(one, PipelineError)]
            refused = [(n, one) for n, one in told.items() if isinstance(one, PipelineError)]
            left = [number for number in dict.fromkeys(numbers) if number not in told]
            _print(as_json, practice, done, refused, not_reached=left)
        raise


def print_marked(out: Console, prescriptions: Iterable[Consequence]) -> None:
    """The prescriptions whose state a decision has changed, each as it is left."""
    left = {effect.prescription_id: effect for effect in prescriptions}
    for effect in left.values():
        number, state = effect.prescription_id, effect.new_state.replace("_", " ")
        owner = ", and its client isn't the pet's owner any more" if effect.owner_changed else ""
        out.print(f"   prescription {number}: {state}{owner}")


def _print(
    as_json: bool,
    practice: str,
    done: Sequence[Decided],
    refused: Sequence[Refused],
    not_reached: Sequence[int] = (),
) -> None:
    data: dict[str, Any] = {
        "practice": practice,
        "decided": [asdict(one) for one in done],
        "refused": [
            {"suggestion_id": number, "what": error.what, "next_step": error.next_step}
            for number, error in refused
        ],
    }
    if not_reached:
        data["not_reached"] = list(not_reached)

    def render(out: Console) -> None:
        for one in done:
            out.print(
                f"{one.suggestion_id}: {one.state} ({one.record} {one.record_id}, {one.field})"
            )
            print_marked(out, one.prescriptions)
        for number, error in refused:
            out.print(f"{number}: refused, {error.what}")
            out.print(f"   next step: {error.next_step}")
        if not_reached:
            of = len(done) + len(refused) + len(not_reached)
            out.print(
                f"{len(not_reached)} of {of} not reached, from {not_reached[0]} on"
                f" (that one may be decided): vet-pipeline review list {practice}"
            )

    emit(as_json, data, render)
