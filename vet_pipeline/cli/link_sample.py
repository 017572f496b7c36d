"""`vet-pipeline link sample`: a sheet of links to check by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.link import link_app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, PracticeId
from vet_pipeline.cli.output import emit, table, visible
from vet_pipeline.cli.session import opened
from vet_pipeline.counted import counted
from vet_pipeline.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

_EXAMPLE = """
**Examples**

`vet-pipeline link sample oak-creek --count 40 --out sheet.csv`

`vet-pipeline link sample oak-creek --possible` (what waits for a person, the best of each)
"""


@link_app.command("sample", epilog=_EXAMPLE)
def sample(
    practice: PracticeId,
    count: Annotated[int, typer.Option("--count", min=1, max=10_000, help="So many links.")] = 20,
    possible: Annotated[
        bool, typer.Option("--possible", help="Possible matches instead of the machine's links.")
    ] = False,
    salt: Annotated[
        str, typer.Option("--salt", help="Any word: another word draws other links at random.")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", dir_okay=False, help="Write a CSV file that only you can read."),
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Client links to check by hand: half the weakest, half at random. Shows client data."""
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions.link_sample import link_sheet

        with session.records_of(practice) as connection:
            sheet = link_sheet(
                connection,
                practice,
                count=count,
                possible=possible,
                salt=salt,
            ).astype(object)
    sheet = sheet.where(sheet.notna(), None)
    if out is not None:
        _write(out, sheet)
        data = {"practice": practice, "file": str(out), "links": len(sheet)}
        emit(
            as_json,
            data,
            lambda to: to.print(f"{practice}: {counted(len(sheet), 'link')} in {out}"),
        )
        return
    lines = sheet.drop(columns="same").to_dict("records")
    emit(
        as_json,
        {"practice": practice, "links": lines},
        lambda to: _print(to, practice, lines, possible=possible),
    )


def _write(path: Path, sheet: pd.DataFrame) -> None:
    """A file for its owner's eyes; one that is there already stays."""
    try:
        opened_file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise UsageError(
            f"the sheet can't be written: {error.strerror}",
            next_step="give --out the name of a new file in a folder that is there",
        ) from None
    with os.fdopen(opened_file, "w", encoding="utf-8", newline="") as file:
        sheet.map(_no_formula).to_csv(file, index=False)


def _no_formula(value: Any) -> Any:
    """Text that a spreadsheet would run, behind an apostrophe; what would break a line, written."""
    if not isinstance(value, str):
        return value
    shown = visible(value)  # a bare carriage return isn't quoted and would begin a row of its own
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown


def _print(out: Console, practice: str, lines: list[dict[Any, Any]], *, possible: bool) -> None:
    if not lines:
        out.print(f"{practice}: no link to check")
        return
    for line in lines:
        score = line["score"]
        bits = f", {score:+.1f} bits" if isinstance(score, float) else ""
        title = f"PIMS client {line['pims_id']}, ScriptRight client {line['home_id']}"
        names = [name.removeprefix("home_") for name in line if name.startswith("home_")]
        rows = [
            (name.replace("_", " "), line[f"home_{name}"], line[f"pims_{name}"])
            for name in names
            if name != "id" and (line[f"home_{name}"] or line[f"pims_{name}"])
        ]
        out.print(table(f"{title} ({line['drawn']}{bits})", ("field", "ScriptRight", "PIMS"), rows))
    if possible:
        out.print(f"their numbers: vet-pipeline link list {practice}")
        out.print(f"next: vet-pipeline link confirm {practice} NUMBER --by NAME   (or reject)")
        return
    out.print(
        "the share of wrong ones among those drawn at random estimates the rate of false links"
    )
    out.print(f"wrong: vet-pipeline link undo {practice} client PIMS-ID --by NAME")
