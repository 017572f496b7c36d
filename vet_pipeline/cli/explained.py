"""Why two records are, or may be, one, as a table for people who may see both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vet_pipeline.cli.output import marked, table
from vet_pipeline.cli.reasons import all_ask, asks, plain
from vet_pipeline.cli.values import both_in_words, in_words

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.links import Explanation

_TOLD_APART = ("reason", "start")


def print_explained(out: Console, practice: str, told: Explanation) -> None:
    """State and reason, each field of both sides with its evidence in bits, rivals, words."""
    by = f" by {told.decided_by}" if told.decided_by else ""
    title = f"{told.record} {told.pims_id} in the PIMS, {told.record_id} in ScriptRight"
    out.print(marked((title, "bold"), f": {told.state}{by}, {_bits(told.score)}"))
    if told.veto:
        from vet_pipeline.matching.contract import VETOES  # brings pandas, which --help needn't

        word = plain(told.veto)
        out.print(f"veto: {VETOES[told.veto]} ({word}); no machine links these, whatever the bits")
    elif told.reason:
        out.print(f"why: {asks(told.reason) if told.number is not None else plain(told.reason)}")
    if told.in_question:
        out.print(f"in question: {all_ask(told.in_question)}")
    out.print(_sides(told))
    if told.rival:
        out.print(f"next best: {told.record} {told.rival[0]} ({_bits(told.rival[1])})")
    if told.state != "two records":
        out.print(f"model: {told.model_version or 'none: created from the PIMS'}")
    _print_steps(out, practice, told)
    for same, who, when in told.words:
        out.print(f"{who} said {'the same' if same else 'not the same'} on {when:%Y-%m-%d %H:%M}Z")


def _print_steps(out: Console, practice: str, told: Explanation) -> None:
    """What a person who has looked may decide, as it is typed."""
    from vet_pipeline.scriptright.decisions.candidate_list import as_typed

    record = [practice, told.record, told.pims_id]
    decide = f"--shown {told.shown} --by NAME"
    if told.question is not None:
        out.print(f"still one: vet-pipeline link keep {practice} Q{told.question} {decide}")
    if told.state == "linked":
        undo = as_typed("link undo", record, f"--with {told.record_id} --by NAME")
        out.print(f"if they are two: {undo}")
    elif told.number is not None:
        out.print(f"the same: vet-pipeline link confirm {practice} {told.number} {decide}")
        out.print(f"not the same: vet-pipeline link reject {practice} {told.number} {decide}")
    elif told.linked_with is not None:
        undo = as_typed("link undo", record, f"--with {told.linked_with} --by NAME")
        out.print(f"it is linked with {told.record} {told.linked_with}; if those are two: {undo}")
    elif told.shown is not None and told.question is None:
        join = as_typed("link join", [*record, str(told.record_id)], decide)
        out.print(f"if they are one: {join}")


# The sides are as they are now, the evidence is of what was compared then.
_COLUMNS = ("field", "ScriptRight", "PIMS", "merging would", "evidence at the match", "bits")
_VERDICT = _COLUMNS.index("merging would")


def _sides(told: Explanation) -> Any:
    """The table of both sides; of a link nothing is said of what merging would do."""
    lines = [_COLUMNS, *_of_fields(told), *_beside_fields(told)]
    if told.state in ("linked", "created"):
        lines = [(*line[:_VERDICT], *line[_VERDICT + 1 :]) for line in lines]
    columns, *rows = lines
    return table("", columns, rows)


def _of_fields(told: Explanation) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for one in told.fields:
        said = tuple(_says(name, evidence) for name, evidence in one.evidence.items())
        bits = tuple(_signed(evidence) for evidence in one.evidence.values())
        sides = both_in_words(one.scriptright, one.pims)
        if not (any(sides) or said):  # neither side says anything
            continue
        rows.append((one.label, *sides, one.verdict, said, bits))
    return rows


def _beside_fields(told: Explanation) -> list[tuple[Any, ...]]:
    """What is no field: pets, rivals, where the count starts, and the sum."""
    shown = {name for one in told.fields for name in one.evidence} | {*_TOLD_APART, "pets"}
    rows: list[tuple[Any, ...]] = []
    sides = [_pets(pets) for pets in told.pets]
    pets = told.evidence.get("pets")
    if any(sides) or pets is not None:
        rows.append(("pets", *sides, "", _says("", pets), _signed(pets)))
    rows += [
        (plain(name), "", "", "", _says("", evidence), _signed(evidence))
        for name, evidence in told.evidence.items()
        if name not in shown
    ]
    if "start" in told.evidence:
        rows.append(("start", "", "", "", "any two records", _number(told.evidence["start"])))
    if told.score is not None and told.evidence:
        rows.append(("sum", "", "", "", "", _number(told.score)))
    return rows


def _pets(pets: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    from vet_pipeline.scriptright.decisions.whose import SHOWN

    named = tuple(in_words(pet) for pet in pets)
    return named if len(named) <= SHOWN else (*named[:SHOWN], "and more")


def _says(name: str, evidence: Any) -> str:
    if isinstance(evidence, Mapping):
        said = ", ".join(
            str(v) if k == "level" else f"{k} {v}" for k, v in evidence.items() if k != "bits"
        )
    elif isinstance(evidence, list):
        said = " ".join(str(part) for part in evidence)
    else:
        said = "" if evidence is None else str(evidence)
    return plain(f"{name}: {said}" if name else said)


def _signed(evidence: Any) -> str:
    return _number(evidence.get("bits")) if isinstance(evidence, Mapping) else ""


def _number(bits: Any) -> str:
    return f"{bits:+.1f}" if isinstance(bits, int | float) else ""


def _bits(score: float | None) -> str:
    return "no score" if score is None else f"{score:+.1f} bits"
