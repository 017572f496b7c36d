"""What Dagster gets to see of an error: our words, never a driver's."""

from typing import Any

import dagster as dg
import pytest

from resources import failures
from resources.failures import (
    NO_RETRIES_TAG,
    RETRIES,
    UnlessStopped,
    as_failure,
    told_as_failures,
)
from vet_pipeline.errors import PimsUnavailable, StaleDelta

CANARY = "Zebedee Canary, 12 Elm St"


def run(error: BaseException, **tags: str) -> tuple[dg.ExecuteInProcessResult, str]:
    """Run an op that raises `error` with a client's value as its cause; and all that is stored."""

    @dg.op(retry_policy=UnlessStopped(max_retries=RETRIES.max_retries))
    @told_as_failures
    def failing(context: dg.OpExecutionContext) -> None:
        try:
            raise ValueError(CANARY)
        except ValueError:
            raise error  # noqa: B904 - the chain is what this is about

    @dg.job
    def one() -> None:
        failing()

    with dg.DagsterInstance.ephemeral() as instance:
        result = one.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        entries = instance.all_logs(result.run_id)
        return result, "\n".join(dg.serialize_value(entry) for entry in entries)


def told(result: dg.ExecuteInProcessResult) -> Any:
    (event,) = [e for e in result.all_events if e.is_step_failure]
    return event.step_failure_data.user_failure_data


def attempts(result: dg.ExecuteInProcessResult) -> int:
    starts = {"STEP_START", "STEP_RESTARTED"}
    return sum(event.event_type_value in starts for event in result.all_events)


def test_a_retryable_error_is_retried_and_keeps_its_message_and_next_step() -> None:
    error = PimsUnavailable("no answer", next_step="check the server", practice_id="elm")
    result, _ = run(error)
    assert attempts(result) == 4
    assert told(result).description == "practice elm: no answer. Next step: check the server"
    assert told(result).metadata["error"].value == "PimsUnavailable"


def test_the_first_words_of_an_error_that_outlived_all_retries_are_ours() -> None:
    result, _ = run(PimsUnavailable("no answer", next_step="check the server", practice_id="elm"))
    (event,) = [e for e in result.all_events if e.is_step_failure]
    _, _, first = event.step_failure_data.error.message.partition(".Failure: ")
    assert first == "practice elm: no answer. Next step: check the server\n"


def test_a_permanent_error_is_never_retried() -> None:
    result, _ = run(StaleDelta("the baseline has moved", next_step="compute it again"))
    assert attempts(result) == 1


def test_a_step_that_is_stopped_is_not_tried_again() -> None:
    result, stored = run(dg.DagsterExecutionInterruptedError())
    assert attempts(result) == 1
    assert "Canary" not in stored


def test_a_run_in_front_of_a_person_gives_up_at_once() -> None:
    error = PimsUnavailable("no answer", next_step="check the server")
    result, _ = run(error, **{NO_RETRIES_TAG: "yes"})
    assert attempts(result) == 1


@pytest.mark.parametrize(
    "error",
    [
        KeyError(CANARY),
        PimsUnavailable("no answer", next_step="check the server"),
        dg.Failure("known"),
        SystemExit(143),
    ],
)
def test_nothing_of_the_original_error_is_stored(error: BaseException) -> None:
    _, stored = run(error)
    assert "Canary" not in stored
    assert "Zebedee" not in stored


def test_a_step_that_is_stopped_while_its_error_is_looked_at_tells_nothing_of_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Finding the error's place reads files, and a signal may come meanwhile."""

    def stopped(error: Exception) -> str:
        raise dg.DagsterExecutionInterruptedError

    monkeypatch.setattr(failures, "_place", stopped)
    result, stored = run(KeyError(CANARY))
    assert "DagsterExecutionInterruptedError" in stored
    assert attempts(result) == 1
    assert "Canary" not in stored


def test_an_unexpected_error_tells_its_class_and_its_place_in_our_code() -> None:
    result, _ = run(KeyError(CANARY))
    description = told(result).description
    assert description.startswith("unexpected KeyError at tests/resources/test_failures.py:")
    assert attempts(result) == 1


def test_an_error_without_a_traceback_is_told_too() -> None:
    assert "unexpected ValueError at unknown" in str(as_failure(ValueError(CANARY)).description)


def test_a_run_for_no_practice_is_told_as_that() -> None:
    @dg.op
    @told_as_failures
    def reading(context: dg.OpExecutionContext) -> None:
        context.log.info(context.partition_key)

    @dg.job
    def one() -> None:
        reading()

    result = one.execute_in_process(raise_on_error=False)
    assert told(result).metadata["error"].value == "UsageError"
    assert told(result).description == (
        "no practice was chosen, or several for one run. Next step: choose the partition of one"
        " practice; for several start a backfill"
    )
