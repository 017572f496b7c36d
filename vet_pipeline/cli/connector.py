"""`vet-pipeline connector list|check|new`: how PIMS are read, and whether one can be."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import AsJson, Odbc, OdbcEnv, example
from vet_pipeline.cli.output import FAILED, emit, marked, table
from vet_pipeline.cli.progress import reading
from vet_pipeline.registry.odbc_variable import require_one_source, string_in

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.pims.check import CheckReport
    from vet_pipeline.pims.profile import Profile

connector_app = typer.Typer(
    no_args_is_help=True, help="How each PIMS is read; check whether one can be."
)
app.add_typer(connector_app, name="connector")

_CHECK_EXAMPLE = """
**Example**

`vet-pipeline connector check openvpms --odbc-env OAK_CREEK_ODBC`

Exit code 0: it can be read. 1: it can't, with the reasons. Nothing is stored or changed.
"""


@connector_app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """The connectors there are, and what of each was seen on a real system."""
    from vet_pipeline.pims.connector import list_connectors, load_connector

    files = [load_connector(name).file for name in list_connectors()]
    data = [
        {
            "name": file.name,
            "version": file.version,
            "title": file.title,
            "kind": file.kind,
            "engines": list(file.engines),
            "confirmed": file.confirmed,
        }
        for file in files
    ]
    columns = ("name", "PIMS", "by", "engines", "confirmed")
    rows = [(f.name, f.title, f.kind, ", ".join(f.engines), f.confirmed) for f in files]
    emit(as_json, {"connectors": data}, lambda out: out.print(table("Connectors", columns, rows)))


@connector_app.command("check", epilog=_CHECK_EXAMPLE)
def check(
    pims: Annotated[
        str, typer.Argument(metavar="PIMS", help="A connector's name, or a folder's path.")
    ],
    odbc: Odbc = None,
    odbc_env: OdbcEnv = None,
    header: Annotated[
        list[str] | None,
        typer.Option(
            "--header",
            metavar="EXPORT.COLUMN=HEADER",
            help="Which header of an export is a column's, as clients.client_key='Account No'.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a PIMS database as a run would, and say what is missing or odd: counts, no values."""
    from vet_pipeline.pims.check import check_connector
    from vet_pipeline.pims.connector import load_connector
    from vet_pipeline.pims.reader import ReadOptions
    from vet_pipeline.registry.practice_settings import Settings, changed

    string = _string(odbc, odbc_env)
    stated = changed(Settings(), [f"headers.{one}" for one in header or ()]).headers
    options = ReadOptions(headers=stated)
    with reading(pims, quiet=as_json) as progress:
        report = check_connector(load_connector(pims), string, options=options, progress=progress)
    emit(as_json, report.to_json(), lambda out: _print(out, report))
    if not report.ready:
        raise typer.Exit(FAILED)


@connector_app.command("new", epilog=example("connector new mypims --in ./connectors"))
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, 0-9 and _.")],
    folder: Annotated[Path, typer.Option("--in", help="Where to put it.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Start a connector of your own: a folder that reads from the first day, and its test."""
    from vet_pipeline.pims.scaffold import scaffold_connector

    written = scaffold_connector(name, folder)

    def render(out: Console) -> None:
        for path in written:
            out.print(str(path))
        own = folder / name
        shown = shlex.quote(str(own) if own.is_absolute() else f"./{own}")  # else it's a name
        out.print(f"next: edit them, then vet-pipeline connector check {shown} --odbc ...")

    emit(as_json, {"written": written}, render)


def _string(odbc: str | None, odbc_env: str | None) -> str:
    """The connection string to use; UsageError unless exactly one source has one."""
    require_one_source(odbc, odbc_env)
    return odbc or string_in(odbc_env or "")


def _print(out: Console, report: CheckReport) -> None:
    verdict = ("can be read", "green") if report.ready else ("can't be read", "red")
    out.print(marked((report.connector, "bold"), ": ", verdict))
    if report.database:
        out.print(f"{report.database} by {report.driver}")
    for word, lines in (("why not", report.reasons), ("mind", report.warnings)):
        for line in lines:
            out.print(f"{word}: {line}")
    if report.profile:
        _print_profile(out, report.profile)


def _print_profile(out: Console, found: Profile) -> None:
    out.print(
        f"{found.clients:,} clients, {found.patients:,} patients, {found.deceased:,} of them deceased"
    )
    filled = [(column, f"{share:.0%}") for column, share in found.filled.items()]
    out.print(table("Filled", ("column", "rows with a value"), filled))
    words = [
        (column, ", ".join(f"{word} ({rows:,})" for word, rows in vocabulary.words.items()))
        for column, vocabulary in found.vocabularies.items()
    ]
    out.print(table("Code words", ("column", "words on the animals of several clients"), words))
    left_out = [*found.quarantined.items(), *found.not_taken.items()]
    if left_out:
        out.print(table("Would not be taken", ("what", "count"), left_out))
