"""What decisions have done, on the screen: of one, of many, and of a list that was stopped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from vet_pipeline.cli.output import FAILED, emit
from vet_pipeline.errors import PipelineError

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.review import Outcome
    from vet_pipeline.scriptright.records.consequences import Consequence


def reached(
    as_json: bool, practice: str, numbers: Sequence[int], each: Iterable[Outcome]
) -> list[Outcome]:
    """Decide one after the other, and return what became of each.

    Should the list be stopped (Ctrl-C, SIGTERM, a defect), what was decided by then is printed:
    each decision is for good, so nobody may be left without a word of it.
    """
    outcomes: list[Outcome] = []
    try:
        for outcome in each:
            outcomes.append(outcome)  # noqa: PERF402 - one by one: what is there when it is stopped
    except BaseException:
        if outcomes:
            told = {number for number, _ in outcomes}
            left = [number for number in numbers if number not in told]
            _print(as_json, practice, outcomes, not_reached=left)
        raise
    return outcomes


def finish(as_json: bool, practice: str, outcomes: Sequence[Outcome]) -> None:
    """Print what was decided; one refusal alone is an error, among others it is a line."""
    refused = [outcome for _, outcome in outcomes if isinstance(outcome, PipelineError)]
    if refused and len(outcomes) == 1:
        raise refused[0]
    _print(as_json, practice, outcomes)
    if refused:
        raise typer.Exit(FAILED)


def print_marked(out: Console, prescriptions: Iterable[Consequence]) -> None:
    """Print the prescriptions whose state a decision has changed, each as it is left."""
    from vet_pipeline.scriptright.records.consequences import as_left, in_words

    for effect in as_left(prescriptions):
        out.print(f"   {in_words(effect)}")


def _print(
    as_json: bool,
    practice: str,
    outcomes: Sequence[Outcome],
    *,
    not_reached: Sequence[int] = (),
) -> None:
    from vet_pipeline.scriptright.decisions.candidate_list import how_to_look
    from vet_pipeline.scriptright.records.identity import Pair

    refused = [(n, outcome) for n, outcome in outcomes if isinstance(outcome, PipelineError)]
    done = [outcome for _, outcome in outcomes if not isinstance(outcome, PipelineError)]
    data: dict[str, Any] = {
        "practice": practice,
        "decided": [asdict(one) for one in done],
        "refused": [
            {"suggestion_id": number, "kind": type(error).__name__, "what": error.what,
             "next_step": error.next_step}
            for number, error in refused
        ],
    }  # fmt: skip
    if not_reached:
        data["not_reached"] = list(not_reached)

    def render(out: Console) -> None:
        for one in done:
            out.print(
                f"{one.suggestion_id}: {one.state} ({one.record} {one.record_id}, {one.field})"
            )
            print_marked(out, one.prescriptions)
            for asked in one.alike:
                out.print(f"   one pet? {how_to_look(practice, Pair('pet', *asked))}")
        for number, error in refused:
            out.print(f"{number}: refused, {error.what}")
            out.print(f"   next step: {error.next_step}")
        if not_reached:
            of = len(outcomes) + len(not_reached)
            out.print(
                f"{len(not_reached)} of {of} not reached, from {not_reached[0]} on"
                f" (that one may be decided): vet-pipeline review list {practice}"
            )

    emit(as_json, data, render)
