"""Progress displays; silent where nobody is looking, so that logs and pipes stay clean."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from vet_pipeline.cli.output import console, marked


@contextmanager
def reading(practice_id: str, *, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each table of the PIMS, called with (table, rows read, rows in all)."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    out = console(stderr=True)
    if quiet or not out.is_terminal:
        yield lambda _table, _read, _total: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out, transient=True) as display:
        tasks = {
            part: display.add_task(f"{practice_id}: reading {part}", total=None)
            for part in ("clients", "patients")
        }

        def advance(part: str, read: int, total: int) -> None:
            if part not in tasks:  # phones in rows of their own
                tasks[part] = display.add_task(f"{practice_id}: reading {part}", total=None)
            display.update(tasks[part], completed=read, total=total)

        yield advance


def _in_words(step: str, earlier: Iterable[str]) -> str:
    """Dagster puts the asset before a check's name: `clients_clients_are_valid`."""
    for asset in earlier:
        step = step.removeprefix(f"{asset}_")
    return re.sub(r"^(\w+)_\1_", r"\1_", step).replace("_", " ")


@contextmanager
def steps(practice_id: str, *, quiet: bool) -> Iterator[Callable[[str, str], None]]:
    """A line for each step of a run, called with (step, started | done | failed)."""
    out = console(stderr=True)
    if quiet:
        yield lambda _step, _word: None
        return
    started: dict[str, float] = {}
    with out.status(f"{practice_id}: starting") as status:

        def tell(step: str, word: str) -> None:
            name = _in_words(step, started)
            if word == "started":
                started[step] = time.monotonic()
                status.update(f"{practice_id}: {name}")
                return
            took = time.monotonic() - started.get(step, time.monotonic())
            mark = (word, "green") if word == "done" else ("failed", "red")
            out.print(marked("  ", mark, f"  {name}  ", (f"{took:.1f} s", "dim")))

        yield tell
