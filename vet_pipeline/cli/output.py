"""Printing: tables for people, JSON for programs, one clear message for what went wrong."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vet_pipeline.errors import DatabaseUnavailable, PipelineError, SnapshotHeld, UsageError
from vet_pipeline.normalize.text import INVISIBLE

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer
    from rich.console import Console
    from rich.text import Text

# Control characters, what nobody can see, direction marks, line separators, halves of surrogates.
_STEERS = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\u2800\ud800-\udfff{INVISIBLE}]")
_NAMING = {"no.", "ScriptRight id", "snapshot"}  # columns of a table
_LOST = {"OperationalError", "InterfaceError", "ReadOnlySqlTransaction"}
# Keys of the JSON that people know by another name.
_LABELS = {
    "due_at": "next due at",
    "latest": "latest by",
    "open_matches": "possible matches",
    "open_link_reviews": "links in question",
}
DONE, FAILED, USAGE, HELD, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143


class Unfailing(io.FileIO):
    """Output that never fails: the first trouble is kept, and what follows goes nowhere.

    So a command does all it was asked to, whoever reads. An act that is done isn't told as failed
    because `| head` has seen enough; no run ends with the reader of its progress; no library tells
    of a full disk in its own way.
    """

    trouble: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        """All of it, as far as the caller can tell."""
        size = memoryview(data).nbytes
        if self.trouble is None:
            try:
                return super().write(data)
            except OSError as error:
                self.trouble = error
        return size


def watched(name: Literal["stdout", "stderr"]) -> Unfailing | None:
    """Put an `Unfailing` under sys.stdout or sys.stderr, if that is a file, pipe or terminal."""
    before = getattr(sys, name)
    if not isinstance(before, io.TextIOWrapper):
        return None
    before.flush()
    below = Unfailing(before.fileno(), "wb", closefd=False)
    wrapped = io.TextIOWrapper(
        io.BufferedWriter(below),
        encoding=before.encoding,
        errors="backslashreplace",  # a terminal that can't write a name says how
        line_buffering=before.line_buffering,
    )
    setattr(sys, name, wrapped)
    return below


def require_written(below: Unfailing | None) -> None:
    """Exit as failed, with one line, where the output isn't whole though its reader wanted it."""
    sys.stdout.flush()
    trouble = below.trouble if below else None
    if trouble is not None and not isinstance(trouble, BrokenPipeError):
        code = errno.errorcode.get(trouble.errno or 0, "no code")
        sys.stderr.write(
            f"error: the output isn't whole, it couldn't be written ({code});"
            " the command itself went on to its end\n"
        )
        sys.exit(FAILED)


def console(*, stderr: bool = False) -> Console:
    """A terminal; 140 columns wide where nobody is looking, so that pipes get whole lines.

    Nothing printed is taken for markup: a name or an id of a PIMS may hold `[/b]` or `:dog:`. What
    is to be bold or coloured is a Text (`marked`) or has a style. Nothing steers the terminal.
    """
    from vet_pipeline.cli.terminal import Terminal

    stream = sys.stderr if stderr else sys.stdout
    asked = os.environ.get("COLUMNS", "")  # some shells and services leave it blank, or 0
    wide = int(asked) if asked.isdecimal() else 0
    width = None if stream.isatty() else wide or 140
    return Terminal(
        file=stream, width=width, highlight=False, soft_wrap=False, markup=False, emoji=False
    )


def marked(*parts: str | tuple[str, str]) -> Text:
    """One line for `print`: plain parts, and parts with their style."""
    from rich.text import Text

    return Text.assemble(
        *(visible(p) if isinstance(p, str) else (visible(p[0]), p[1]) for p in parts)
    )


def emit(as_json: bool, data: Any, render: Callable[[Console], None]) -> None:
    """Print `data` as JSON, or let `render` print it for people."""
    if as_json:
        sys.stdout.write(to_json(data) + "\n")
    else:
        render(console())


def to_json(data: Any) -> str:
    """JSON text of dataclasses, times (ISO 8601), decimals and paths (as text)."""
    return visible(json.dumps(data, default=_plain, ensure_ascii=False, indent=2), keep="\n")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """A table whose columns of whole numbers stand on the right; None is left blank.

    Numbers that name something stand as commands take them: 12345, where a count is 12,345.
    """
    from vet_pipeline.cli.terminal import Rows

    listed = [list(row) for row in rows]
    made = Rows(title=title or None, title_justify="left", title_style="bold")
    for place, name in enumerate(columns):
        values = [row[place] for row in listed if row[place] is not None]
        numbers = bool(values) and all(isinstance(value, int | float) for value in values)
        made.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in listed:
        made.add_row(
            *(
                cell(str(value) if name in _NAMING and value is not None else value)
                for name, value in zip(columns, row, strict=True)
            )
        )
    return made


def label(key: str) -> str:
    """A key of the JSON as tables for people name it: one thing has one name on all of them."""
    words = (word.upper() if word in {"pims", "odbc"} else word for word in key.split("_"))
    return _LABELS.get(key) or " ".join(words)


def cell(value: Any) -> str:
    """A value as a person reads it in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}Z"
    if isinstance(value, tuple):
        return "\n".join(cell(line) for line in value)  # our own lines; each may hold a value
    return visible(str(value))


def visible(text: str, *, keep: str = "") -> str:
    """The text with all that nobody sees, or that would steer a terminal, as JSON escapes it.

    Tabs and line ends go the same way, unless kept.
    """
    return _STEERS.sub(lambda found: found[0] if found[0] in keep else written(found[0]), text)


def written(character: str) -> str:
    """A character as JSON escapes it."""
    units = character.encode("utf-16-be", "surrogatepass").hex()  # two of four digits beyond U+FFFF
    return re.sub("(....)", r"\\u\1", units)


def exit_code(error: PipelineError) -> int:
    """0 done, 1 failed, 2 usage, 3 held for a person."""
    if isinstance(error, SnapshotHeld):
        return HELD
    return USAGE if isinstance(error, UsageError) else FAILED


def print_error(error: PipelineError, *, as_json: bool) -> None:
    """What went wrong and the next step: on stderr, and as JSON on stdout where JSON is wanted."""
    if as_json:
        print_json_error(error)
    where = f"practice {error.practice_id}: " if error.practice_id else ""
    sys.stderr.write(f"error: {where}{error.what}\nnext step: {error.next_step}\n")


def print_json_error(error: PipelineError) -> None:
    """What went wrong, on stdout for programs alone."""
    said = {
        "kind": type(error).__name__,
        "practice": error.practice_id,
        "what": error.what,
        "next_step": error.next_step,
        "retryable": error.retryable,
    }
    sys.stdout.write(to_json({"error": said}) + "\n")


def print_unexpected(error: BaseException, *, as_json: bool) -> None:
    """A defect of the program: its type and place only, since its text may quote a record.

    None where Dagster's database has gone meanwhile: what asks it is Dagster, in errors of its own.
    """
    if _of_dagsters_database(error):
        away = "Dagster's database doesn't answer, has no connection left or may only be read"
        step = "check that the server of DAGSTER_PG_URL runs, has room and is no standby, then try again"
        print_error(DatabaseUnavailable(away, next_step=step), as_json=as_json)
        return
    if os.environ.get("VET_PIPELINE_TRACEBACK"):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "vet_pipeline" in frame.filename] or list(frames)
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "unknown place"
    hint = "report this; VET_PIPELINE_TRACEBACK=1 shows more, possibly with client data"
    defect = PipelineError(f"unexpected {type(error).__name__} at {place}", next_step=hint)
    print_error(defect, as_json=as_json)


def _of_dagsters_database(error: BaseException) -> bool:
    """Whether Dagster's driver, which nothing else uses, was refused, or lost a connection."""
    cause = getattr(error, "orig", None) or error
    package = type(cause).__module__.partition(".")[0]
    lost = any(kind.__name__ in _LOST for kind in type(cause).__mro__)
    return package == "dagster_postgres" or (package == "psycopg2" and lost)
