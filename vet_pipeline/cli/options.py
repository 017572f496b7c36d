"""Options and arguments that several commands share."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

JSON_WANTED = "vet_pipeline.json"  # key of the context's meta: errors are printed as JSON, too


def _remember_json(context: typer.Context, wanted: bool) -> bool:
    context.find_root().meta[JSON_WANTED] = wanted
    return wanted


Home = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="VET_PIPELINE_HOME",
        help="Folder of the embedded database, snapshots and Dagster's settings.",
        show_default="./var",
    ),
]
DEFAULT_HOME = Path("var")
LARGEST = 2**63 - 1  # number that the database gives
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print JSON for programs instead of tables.",
        callback=_remember_json,
        is_eager=True,
    ),
]
Odbc = Annotated[
    str | None, typer.Option("--odbc", help="ODBC connection string without a password.")
]
OdbcEnv = Annotated[
    str | None,
    typer.Option("--odbc-env", help="Environment variable that holds the ODBC string."),
]
PracticeId = Annotated[
    str, typer.Argument(metavar="PRACTICE", help="The practice's id in the registry.")
]
By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Your name: it is kept with what you decide.",
        envvar="VET_PIPELINE_BY",
    ),
]


def example(*commands: str) -> str:
    """The end of a command's help; each line is given without the program's own name."""
    lines = (f"`vet-pipeline {one}`" for one in commands)
    return "\n\n".join(("**Example**" if len(commands) == 1 else "**Examples**", *lines))


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "operator"


# For the registry, where the act is routine; decisions about records ask for the name itself.
Who = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Your name, for the audit trail.",
        envvar="VET_PIPELINE_BY",
        default_factory=_login_name,
        show_default="your login",
    ),
]
