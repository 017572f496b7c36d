"""The files under deploy/ say what their readers understand, and say the same everywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from automation.coordinator import PracticeRunCoordinator

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
LAUNCHERS = {"one-machine": "ForkedRunLauncher", "celery": "WatchedCeleryRunLauncher"}


def read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / name).read_text()))


def limits(runs: dict[str, Any]) -> dict[str, int]:
    return {limit["key"]: limit["limit"] for limit in runs["tag_concurrency_limits"]}


@pytest.mark.parametrize("engine", ["one-machine", "celery"])
def test_dagster_takes_the_production_settings(
    engine: str, tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(DEPLOY / engine / "dagster.yaml", tmp_path / "dagster.yaml")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_PG_URL", empty_database_url.replace("+psycopg:", ":"))
    for name in ("BROKER", "BACKEND"):
        monkeypatch.setenv(f"VET_PIPELINE_CELERY_{name}", "redis://127.0.0.1:1/0")
    with dg.DagsterInstance.get() as instance:
        assert instance.get_runs() == []
        assert isinstance(instance.run_coordinator, PracticeRunCoordinator)
        assert instance.run_coordinator.dequeue_interval_seconds == 1
        launcher = type(instance.run_launcher).__name__
        assert launcher == LAUNCHERS[engine]
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == 3600
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.run_retries_max_retries == 2
        assert not instance.telemetry_enabled
        assert type(instance.compute_log_manager).__name__ == "NoOpComputeLogManager"


def test_production_never_starts_a_database_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(DEPLOY / "one-machine" / "dagster.yaml", tmp_path / "dagster.yaml")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("VET_PIPELINE_HOME", str(tmp_path))
    monkeypatch.delenv("DAGSTER_PG_URL", raising=False)
    with pytest.raises(Exception, match="DAGSTER_PG_URL isn't set"), dg.DagsterInstance.get():
        pass
    assert not (tmp_path / "postgres").exists()


def test_the_engines_differ_in_the_launcher_and_in_how_many_runs_at_a_time() -> None:
    one, celery = read("one-machine/dagster.yaml"), read("celery/dagster.yaml")
    kubernetes = read("kubernetes/values.yaml")
    launchers = [settings.pop("run_launcher")["class"] for settings in (one, celery)]
    assert launchers == list(LAUNCHERS.values())
    queues = [settings.pop("concurrency")["runs"] for settings in (one, celery)]
    assert one == celery
    custom = kubernetes["dagsterDaemon"]["runCoordinator"]["config"]["customRunCoordinator"]
    queues.append(custom["config"])
    for runs in queues:
        room = runs["max_concurrent_runs"]
        assert limits(runs) == {
            "practice": 1,
            "pims_server": 2,
            "pims": room * 3 // 4,  # a vendor that hangs leaves a quarter
            "dagster/backfill": room // 2,  # a backfill leaves half
        }
        each = [one for one in runs["tag_concurrency_limits"] if "value" in one]
        assert [one["key"] for one in each] == ["practice", "pims_server", "pims"]
        assert all(one["value"] == {"applyLimitPerUniqueValue": True} for one in each)
    for section in ("run_monitoring", "run_retries"):
        there = dict(kubernetes["additionalInstanceConfig"][section])
        if section == "run_monitoring":
            assert there.pop("start_timeout_seconds") > one[section].pop("start_timeout_seconds")
        assert there == one[section]


def test_each_celery_process_takes_one_run_and_no_run_waits_in_a_workers_hands() -> None:
    probe = "import dagster_celery_config as c; print(c.worker_disable_prefetch, c.imports)"
    said = subprocess.run(
        [sys.executable, "-c", probe],
        env={**os.environ, "PYTHONPATH": str(DEPLOY / "celery"),
             "VET_PIPELINE_CELERY_BROKER": "redis://x/0", "VET_PIPELINE_CELERY_BACKEND": "redis://x/1"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said == "True ('automation.preload',)\n"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze isn't here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """The units as they are, save for where they are installed: here, not in /opt."""
    for unit in (DEPLOY / "systemd").glob("*.service"):
        there = unit.read_text().replace(
            "/opt/vet-pipeline/.venv/bin", str(Path(sys.executable).parent)
        )
        (tmp_path / unit.name.replace("@", "@1")).write_text(there)
    assert len(list(tmp_path.iterdir())) == 4
    assert complaints(tmp_path) == []
    wrong = tmp_path / "vet-pipeline-web.service"
    wrong.write_text(wrong.read_text().replace("StateDirectory=", "StateFolder="))
    assert len(complaints(tmp_path)) == 1


def complaints(folder: Path) -> list[str]:
    """What systemd says about our units; of the machine's own it may say what it likes."""
    units = sorted(str(unit) for unit in folder.iterdir())
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True, text=True, check=False,
    ).stderr  # fmt: skip
    return [line for line in said.splitlines() if "vet-pipeline" in line]


def test_no_file_holds_a_secret_or_the_name_of_a_real_host() -> None:
    texts = {path: path.read_text() for path in DEPLOY.rglob("*") if path.is_file()}
    for path, text in texts.items():
        for line in text.splitlines():
            assert not ("assword:" in line and "env" not in line and "#" not in line), path
