"""The application: its commands, its exit codes, and what becomes of errors and Ctrl-C."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from vet_pipeline.cli import output
from vet_pipeline.cli.options import JSON_WANTED
from vet_pipeline.errors import PipelineError, UsageError
from vet_pipeline.interrupts import lose_no_interrupt
from vet_pipeline.memory import collect_garbage_seldom, leave_no_core

_HELP = """
Copies a veterinary practice's clients and patients into ScriptRight, and keeps the copy fresh.

Start with `vet-pipeline demo`, or register a practice (`vet-pipeline practice add -h` says how), look
at what a run would do with `plan`, and `run` it. Exit codes: 0 done, 1 failed, 2 wrong usage,
3 held for a person, 130 stopped by Ctrl-C.
"""
_UNDECODED = re.compile("[\ud800-\udfff]")  # how Python keeps a byte that it can't decode

# The commands as --help lists them: by what one is about to do.
_PANELS = {
    "Copying a practice": ("practice", "connector", "plan", "run", "status", "policy"),
    "Deciding what waits for a person": ("review", "link", "release", "history"),
    "On call": ("failed", "show", "retry", "watch", "email", "audit"),
    "Setting up and trying out": ("demo", "dev", "migrate", "match"),
}
_PANEL_OF = {name: panel for panel, names in _PANELS.items() for name in names}

# Those of a group in the order in which one comes to need them.
_ORDER = {
    "practice": ("add", "list", "show", "change", "set", "pause", "resume", "offboard"),
    "review": ("list", "confirm", "reject", "reopen", "labels", "misread"),
    "link": ("list", "explain", "confirm", "reject", "keep", "undo", "join", "part", "sample"),
}

# Loads and decisions are single transactions: what wasn't committed never happened.
_STOPPED = "\nstopped: nothing is half applied; the same command starts again\n"


class _Commands(TyperGroup):
    """Turns errors into one message and an exit code: no traceback, no value of a record."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=list(_PANEL_OF).index)

    def invoke(self, ctx: Any) -> Any:
        # Asked for, even where the words that follow can't be read any more.
        words = (*ctx._protected_args, *ctx.args)
        json_asked = "--json" in words
        try:
            _require_text(words)
            return super().invoke(ctx)
        except PipelineError as error:
            output.print_error(error, as_json=json_asked or self._json(ctx))
            raise typer.Exit(output.exit_code(error)) from None
        except KeyboardInterrupt:
            sys.stderr.write(_STOPPED)
            raise typer.Exit(output.INTERRUPTED) from None
        except SystemExit as end:
            if end.code == output.TERMINATED:
                sys.stderr.write(_STOPPED)
            raise
        except Exception as error:
            if type(error).__module__.startswith(("typer", "click")):
                if json_asked and hasattr(error, "format_message"):
                    said = error.format_message()
                    output.print_json_error(UsageError(said, next_step="see --help"))
                raise  # usage errors and exits, which typer itself prints
            output.print_unexpected(error, as_json=self._json(ctx))
            raise typer.Exit(output.FAILED) from None

    @staticmethod
    def _json(ctx: Any) -> bool:
        return bool(ctx.find_root().meta.get(JSON_WANTED))


def _require_text(words: Sequence[str]) -> None:
    """Raise UsageError for bytes that are no UTF-8: no database takes them, no name has them."""
    if any(not word.isascii() and _UNDECODED.search(word) for word in words):
        raise UsageError(
            "the command holds bytes that aren't UTF-8",
            next_step="type it in a terminal that is set to UTF-8 (`locale` says what yours is)",
        )


class Ordered(TyperGroup):
    """A group whose commands stand in `_ORDER`, whichever module brings them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """As click calls it for the group's help."""
        return sorted(super().list_commands(ctx), key=_ORDER[str(self.name)].index)


app = typer.Typer(
    cls=_Commands,
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vet-pipeline {version('vet-pipeline')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


def _register() -> None:
    """Every module of this package adds its commands to `app`."""
    from vet_pipeline.cli import (  # noqa: F401
        audit,
        connector,
        demo,
        dev,
        email,
        failed,
        history,
        link,
        link_explain,
        link_join,
        link_part,
        link_sample,
        match,
        migrate,
        plan,
        policy,
        practice,
        practice_change,
        practice_offboard,
        practice_set,
        retry,
        review,
        review_labels,
        review_misread,
        run,
        show,
        status,
        watch,
    )

    listed: list[Any] = [*app.registered_commands, *app.registered_groups]
    for command in listed:
        command.rich_help_panel = _PANEL_OF[command.name]


def main() -> None:
    """Entry point of the console script; SIGTERM ends it as cleanly as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(output.TERMINATED))
    lose_no_interrupt()
    collect_garbage_seldom()
    leave_no_core()
    output.watched("stderr")
    written = output.watched("stdout")
    try:
        app()
    except KeyboardInterrupt:  # before a command has begun, or after it has ended
        sys.exit(output.INTERRUPTED)
    finally:
        output.require_written(written)


_register()
