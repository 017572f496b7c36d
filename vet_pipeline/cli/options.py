"""Options and arguments that several commands share."""

from __future__ import annotations

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
# Two nights on they are over by the 48 hours, and three nights on it is too late.
_QUIET = "When reading disturbs nobody; of less than 90 minutes some reads fall outside"
QuietHours = Annotated[
    str | None, typer.Option("--quiet-hours", metavar="HH:MM-HH:MM", help=f"{_QUIET}.")
]
QuietHoursOrNone = Annotated[
    str | None, typer.Option("--quiet-hours", metavar="HH:MM-HH:MM", help=f"{_QUIET}. Or none.")
]
MOST = 10_000  # that a list shows at once
Limit = Annotated[int, typer.Option("--limit", min=1, max=MOST, help="So many at most.")]
After = Annotated[
    int,
    typer.Option("--after", metavar="NUMBER", min=0, max=LARGEST, help="Go on after this number."),
]


def number(typed: str | int) -> int:
    """A number that the database gave something; raises typer.BadParameter."""
    text = str(typed)
    if text.isdecimal() and 1 <= int(text) <= LARGEST:
        return int(text)
    raise typer.BadParameter(f"{text} is no number as a list shows them")


def one_of_several(typed: str | int) -> int:
    """One of the numbers in a row; what is no number may be half of a name, too."""
    try:
        return number(typed)
    except typer.BadParameter as error:
        several = any(letter.isdecimal() for letter in str(typed))
        hint = "type each one: 3 4 7" if several else 'two words are one name so: --by "Dana Field"'
        raise typer.BadParameter(f"{error.message}; {hint}") from None


def question(typed: str | int) -> int:
    """The number of a link in question, Q5; 5 is a possible match: another two records."""
    text = str(typed)
    if text.isdecimal():
        raise typer.BadParameter(
            f"{text} alone is a possible match, of other records perhaps; a link in question has a Q:"
            f" Q{text}, if `link list` shows it so"
        )
    return number(text.lstrip("Qq"))


def match(typed: str | int) -> int:
    """The number of a possible match; Q5 is a link in question, for `keep` and `undo`."""
    if str(typed)[:1] in ("Q", "q"):
        raise typer.BadParameter(f"{typed} is a link in question: `link keep` it, or `link undo`")
    return number(typed)


def example(*commands: str) -> str:
    """The end of a command's help; each line is given without the program's own name."""
    lines = (f"`vet-pipeline {one}`" for one in commands)
    return "\n\n".join(("**Example**" if len(commands) == 1 else "**Examples**", *lines))
