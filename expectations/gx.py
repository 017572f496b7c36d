"""Run Great Expectations on one frame, and tell bad data from a broken check.

Great Expectations turns an exception inside an expectation (a missing column, a bound of the wrong
type) into success=False: without a closer look on-call reads "bad data" for "broken check".
Its messages and unexpected values may be cells, so only counts leave this module.
"""

import importlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.expectations.expectation import Expectation

State = Literal["ok", "bad data", "broken check"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one expectation came to; counts only."""

    expectation: str
    columns: str
    state: State
    unexpected: int | None  # None: the expectation is about the table, or could not be evaluated
    evaluated: int | None

    @property
    def words(self) -> str:
        """For people: what was expected of which columns, and how many rows fail it."""
        of = "" if self.unexpected is None else f" ({self.unexpected} of {self.evaluated} rows)"
        return f"{self.expectation} {self.columns}{of}".strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings of one suite."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Every expectation was evaluated and holds."""
        return all(finding.state == "ok" for finding in self.findings)

    @property
    def broken(self) -> bool:
        """No expectation says the data are bad, and at least one could not be evaluated."""
        states = {finding.state for finding in self.findings}
        return "broken check" in states and "bad data" not in states

    def of(self, state: State) -> list[Finding]:
        """The findings of one state, in the suite's order."""
        return [finding for finding in self.findings if finding.state == state]

    @property
    def description(self) -> str:
        """For people: what is wrong, and whether it is the data or the check."""
        if self.passed:
            return f"All {len(self.findings)} expectations hold."
        unevaluated = self.of("broken check")
        if self.broken:
            return (
                "The check itself is broken; this says nothing about the data. Next step: correct"
                f" the suite in expectations/. Broken: {_words(unevaluated)}"
            )
        more = f" Could not be evaluated: {_words(unevaluated)}" if unevaluated else ""
        return f"Bad data: {_words(self.of('bad data'))}.{more}"


# One expectation we don't use (KL divergence) brings these two in: 1.4 of 3.3 CPU-seconds.
_ONLY_FOR_ONE_EXPECTATION = ("altair", "scipy.stats")
_IMPORTING = threading.Lock()


def great_expectations() -> Any:
    """The package, imported on first use (about two seconds) with its usage reports off.

    Untyped: it re-exports its expectation classes in a way that strict typing doesn't accept.
    """
    # Before the first import: the package reports its use over the network otherwise.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _IMPORTING:
        if "great_expectations" not in sys.modules:
            with _imported_when_used(_ONLY_FOR_ONE_EXPECTATION):
                importlib.import_module("great_expectations")
            _let_expectations_tell_once()
        return sys.modules["great_expectations"]


@contextmanager
def _imported_when_used(names: Sequence[str]) -> Iterator[None]:
    """Let what is imported inside take the modules `names` without running them.

    It holds stand-ins that import the real module on their first attribute; importlib's
    LazyLoader would run the module at once, since a second `import` looks at its __spec__. Who
    imports them later gets the real ones.
    """
    stand_ins = {name: _stand_in(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    def real_attribute(attribute: str) -> Any:
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return getattr(importlib.import_module(name), attribute)

    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    vars(module)["__getattr__"] = real_attribute
    return module


# Expectation's id -> it, so that no other gets its id meanwhile, and its configuration.
_told: ContextVar[dict[int, tuple[Any, Any]] | None] = ContextVar("_told", default=None)


def _let_expectations_tell_once() -> None:
    """While a suite is validated each expectation works out its configuration once.

    Great Expectations has it worked out some seventy times for each: a third of a suite's CPU, and
    suites are the greatest part of a small practice's run. Elsewhere all is as it was.
    """
    module = importlib.import_module("great_expectations.expectations.expectation")
    work_out = module.Expectation.configuration.fget

    def configuration(expectation: Any) -> Any:
        told = _told.get()
        if told is None:
            return work_out(expectation)
        if id(expectation) not in told:
            told[id(expectation)] = expectation, work_out(expectation)
        return told[id(expectation)][1]

    module.Expectation.configuration = property(configuration)


@cache
def _any_frame() -> Any:
    """GX's word for "a whole data frame", made once a process: that costs a third of a suite."""
    gx = great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    return (
        context.data_sources.add_pandas("frames")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
    )


def evaluate(frame: "pd.DataFrame", expectations: Sequence["Expectation"]) -> Verdict:
    """Validate `frame`, which is not changed; an empty list of expectations always holds."""
    gx = great_expectations()
    batch = _any_frame().get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name="suite", expectations=list(expectations))
    before = _told.set({})
    try:
        # Counting what is unexpected costs as much again as knowing whether anything is.
        result = batch.validate(suite, result_format="BOOLEAN_ONLY")
        if not result.success:
            counted = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
            result = batch.validate(suite, result_format=counted)
    finally:
        _told.reset(before)
    return Verdict(tuple(_finding(found) for found in result.results))


def _finding(found: Any) -> Finding:
    config = found.expectation_config
    columns = config.kwargs.get("column") or " ".join(
        str(config.kwargs[name])
        for name in ("column_A", "column_B", "column_list")
        if name in config.kwargs and config.type != "expect_table_columns_to_match_ordered_list"
    )
    state: State = "ok" if found.success else "bad data"
    if _raised(found.exception_info):
        state = "broken check"
    counts = found.result or {}
    return Finding(
        expectation=str(config.type).removeprefix("expect_"),
        columns=str(columns),
        state=state,
        unexpected=counts.get("unexpected_count"),
        evaluated=counts.get("element_count"),
    )


def _raised(info: dict[str, Any] | None) -> bool:
    # Either one report, or one for each metric that the expectation needed.
    if not info:
        return False
    reports = [info] if "raised_exception" in info else list(info.values())
    return any(isinstance(r, dict) and r.get("raised_exception") for r in reports)


def _words(findings: Sequence[Finding]) -> str:
    return "; ".join(finding.words for finding in findings)
