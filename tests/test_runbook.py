"""docs/runbook.md: it has each message that an alert may bring, and each symptom in one order."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from vet_pipeline import errors
from vet_pipeline.oncall import causes

ROOT = Path(__file__).parents[1]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
TESTS_ALONE = {"VET_PIPELINE_FAILPOINT"}
FAMILIES = {"PipelineError", "RetryableError", "PermanentError"}  # never raised as such


def test_the_runbook_has_every_kind_of_error() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.PipelineError)
    }
    assert {kind for kind in kinds - FAMILIES if f"`{kind}`" not in RUNBOOK} == set()


def test_the_runbook_has_what_is_no_error_of_a_run() -> None:
    kinds = {
        causes.AUDIT_BROKEN, causes.LATE, causes.LEFT_IS_BACK, causes.NEVER_AGAIN, causes.PARKED,
        causes.WITNESS_LOST,
        "ClockWasAhead", "DaemonStopped", "TwoDaemons", "SensorStopped", "TimeZoneUnknown",
    }  # fmt: skip
    assert {kind for kind in kinds if f"`{kind}`" not in RUNBOOK} == set()


def test_each_symptom_says_what_is_seen_then_why_then_what_to_do() -> None:
    symptoms = RUNBOOK.partition("\n## What to do\n")[2].split("\n### ")[1:]
    order = {
        one.partition("\n")[0]: re.findall(r"^\*\*(You see|You hear|Why|Do)\*\*", one, re.MULTILINE)
        for one in symptoms
    }
    assert len(order) > 15
    right = (["You see", "Why", "Do"], ["You hear", "Why", "Do"])
    assert {name: parts for name, parts in order.items() if parts not in right} == {}


def test_each_symptom_is_found_from_the_table_of_what_is_seen() -> None:
    table = RUNBOOK.partition("\n## By symptom\n")[2].partition("\n## ")[0]
    headings = re.findall(r"^### (.+)$", RUNBOOK.partition("\n## What to do\n")[2], re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings]
    assert [one for one in anchors if f"(#{one})" not in table] == []


def test_the_place_of_snapshots_is_found_though_no_variable_is_set(tmp_path: Path) -> None:
    line = next(line for line in RUNBOOK.splitlines() if line.startswith("df -h"))
    (tmp_path / "var" / "snapshots").mkdir(parents=True)
    without = {n: v for n, v in os.environ.items() if not n.startswith("VET_PIPELINE_")}
    done = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=without, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_operating_has_each_variable_that_is_read() -> None:
    rooms = ("vet_pipeline", "assets", "automation", "expectations", "resources", "deploy")
    read = {
        name
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r"\bVET_PIPELINE_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    told: set[str] = set()
    for cell in re.findall(r"^\| (`[A-Z][^|]+) \|", page, re.MULTILINE):
        first, *others = re.findall(r"`(\w+)`", cell)
        told |= {first, *(first.rpartition("_")[0] + other for other in others)}
    assert sorted(read - told - TESTS_ALONE) == []
