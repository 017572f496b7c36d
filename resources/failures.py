"""Our errors as Dagster's: what a person must read is kept, what nobody may see is not.

Dagster stores an exception with its text, its causes and its traceback. A driver's or a library's
exception may quote a cell, so none of those ever leaves an asset, check or op.
"""

import functools
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import dagster as dg

from vet_pipeline.errors import PipelineError, UsageError

P = ParamSpec("P")
T = TypeVar("T")

# A run with this tag gives up at the first error: somebody sits in front of it.
NO_RETRIES_TAG = "vet_pipeline/no_retries"


class Told(NamedTuple):
    """A failure in words, as an error of ours has them."""

    error: str
    what: str
    next_step: str


# Ctrl-C and SIGTERM.
INTERRUPTED = Told("Interrupted", "stopped by a person", "run it again; nothing was half applied")

_STOPPED = (dg.DagsterExecutionInterruptedError, KeyboardInterrupt)


class UnlessStopped(dg.RetryPolicy):
    """Dagster's policy, but a step that is stopped ends its run: Terminate in the UI, a time limit.

    Dagster itself takes that for one more error and starts the step again, in the same process: a
    run that a person had cancelled went on, and was applied.
    """

    # The return type is Dagster's own and isn't exported.
    def calculate_delay(self, attempt_num: int):  # type: ignore[no-untyped-def]
        """Asked by Dagster while it handles what the step has raised."""
        stopped = sys.exception()
        if isinstance(stopped, _STOPPED):
            raise stopped
        return super().calculate_delay(attempt_num)


# PIMS and databases come back within minutes or not today; a day's retry is the refresh sensor's.
RETRIES = UnlessStopped(
    max_retries=3, delay=15, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)


def as_failure(error: Exception, *, may_retry: bool = True) -> dg.Failure:
    """The Dagster failure for an error of ours, or of anybody's.

    Ours keep their message and next step; retryable ones leave retrying to the RetryPolicy.
    Of any other only the class and the place in our code are told, and it is never retried.
    """
    if isinstance(error, PipelineError):
        return dg.Failure(
            description=str(error),
            metadata={
                "error": type(error).__name__,
                "what": error.what,
                "next_step": error.next_step,
            },
            allow_retries=error.retryable and may_retry,
        )
    name, place = type(error).__name__, _place(error)
    next_step = "report it; nothing was half applied"
    return _failure(name, f"unexpected {name} at {place}", next_step, place=place)


def _failure(error: str, what: str, next_step: str, **more: str) -> dg.Failure:
    """A failure that is never retried, told as an error of ours would be."""
    return dg.Failure(
        description=f"{what}. Next step: {next_step}",
        metadata={"error": error, "what": what, "next_step": next_step, **more},
        allow_retries=False,
    )


def told_as_failures(body: Callable[P, T]) -> Callable[P, T]:
    """Let nothing but dg.Failure out of an asset's, check's or op's body (context comes first)."""

    @functools.wraps(body)
    def careful(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return body(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - this is the one place that must catch all
            caught = error
        # Outside the except block: what is raised inside carries the original as its context, be it
        # our failure or a signal that comes while it is made.
        told = _told(caught, args[0] if args else None)
        del caught  # its traceback holds what the body had in hand
        told.__context__ = None  # what a step that is stopped came upon may be a driver's error
        raise told

    return careful


def _told(caught: BaseException, context: Any) -> BaseException:
    """What Dagster gets to see for what a body has raised."""
    if isinstance(caught, dg.Failure):
        return caught
    if isinstance(caught, Exception):
        error = NO_PARTITION if _lacks_partition(caught, context) else caught
        return as_failure(error, may_retry=_may_retry(context) and not _is_last_try(context))
    if isinstance(caught, _STOPPED) and not _may_retry(context):
        return _failure(*INTERRUPTED)  # for the person in front of it
    return caught


# The launchpad of a job starts it without one, too, and GraphQL with a range of them.
NO_PARTITION = UsageError(
    "no practice was chosen, or several for one run",
    next_step="choose the partition of one practice; for several start a backfill",
)


def _lacks_partition(error: Exception, context: Any) -> bool:
    """Whether a step asked for the run's one partition, and there is none."""
    return isinstance(error, dg.DagsterInvariantViolationError) and not context.has_partition_key


def _may_retry(context: Any) -> bool:
    return not context.run.tags.get(NO_RETRIES_TAG)  # blank: copied, automation/coordinator.py


def _is_last_try(context: Any) -> bool:
    """Whether no try would follow: asked, Dagster puts *Exceeded max_retries* above our words."""
    return bool(context.retry_number >= RETRIES.max_retries)


def _place(error: Exception) -> str:
    """Innermost file and line of this project in the traceback, else the innermost of all."""
    project = Path(__file__).resolve().parent.parent
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        path = Path(frame.filename)
        if path.is_relative_to(project) and "site-packages" not in path.parts:
            return f"{path.relative_to(project)}:{frame.lineno}"
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
