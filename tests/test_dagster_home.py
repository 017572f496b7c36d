"""The files Dagster starts from, and the environment that leads to them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import dagster as dg
import pytest
import yaml

from automation.coordinator import PracticeRunCoordinator
from tests.faults.test_disk_full import fill, small_disk
from vet_pipeline.dagster_home import CODE_LOCATION, CODE_MODULE, dagster_environment
from vet_pipeline.errors import SnapshotStoreFull

PROJECT = Path(__file__).resolve().parent.parent
URL = "postgresql+psycopg2://postgres@/dagster?host=/tmp/x"


def test_the_home_gets_the_projects_settings_and_an_older_copy_is_replaced(tmp_path: Path) -> None:
    environment = dagster_environment(tmp_path, dagster_url=URL)
    settings = Path(environment["DAGSTER_HOME"]) / "dagster.yaml"
    assert settings.read_bytes() == (PROJECT / "dagster.yaml").read_bytes()
    settings.write_bytes(settings.read_bytes()[:200])  # as an older release had it
    assert dagster_environment(tmp_path, dagster_url=URL) == environment
    assert settings.read_bytes() == (PROJECT / "dagster.yaml").read_bytes()


def test_commands_that_start_at_once_in_a_new_home_all_find_whole_settings(tmp_path: Path) -> None:
    settings = tmp_path / "dagster" / "dagster.yaml"
    wanted = (PROJECT / "dagster.yaml").read_bytes()
    start = partial(dagster_environment, tmp_path, dagster_url=URL)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(300):
            settings.unlink(missing_ok=True)
            for command in [pool.submit(start) for _ in range(8)]:
                command.result()
                assert settings.read_bytes() == wanted
    assert [path.name for path in settings.parent.iterdir()] == ["dagster.yaml"]


def test_a_disk_without_room_for_the_settings_is_named_and_nothing_is_left_on_it() -> None:
    with small_disk(1) as disk:
        (disk / "dagster").mkdir()
        fill(disk, leave=0)
        with pytest.raises(SnapshotStoreFull, match="Dagster's folder in the home") as full:
            dagster_environment(disk, dagster_url=URL)
        assert "ENOSPC" in full.value.what
        assert list((disk / "dagster").iterdir()) == []


@pytest.mark.parametrize("engine", ["one-machine", "celery"])
def test_productions_settings_in_the_home_are_left_alone(tmp_path: Path, engine: str) -> None:
    settings = tmp_path / "dagster" / "dagster.yaml"
    settings.parent.mkdir()
    productions = (PROJECT / "deploy" / engine / "dagster.yaml").read_bytes()
    settings.write_bytes(productions)
    dagster_environment(tmp_path, dagster_url=URL)
    assert settings.read_bytes() == productions


def test_the_environment_names_the_home_the_database_and_no_telemetry(tmp_path: Path) -> None:
    assert dagster_environment(tmp_path, dagster_url=URL) == {
        "VET_PIPELINE_HOME": str(tmp_path),
        "DAGSTER_HOME": str(tmp_path / "dagster"),
        "DAGSTER_PG_URL": URL,
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "GX_ANALYTICS_ENABLED": "false",
    }


def test_workspace_yaml_names_the_same_module_as_the_code() -> None:
    (entry,) = yaml.safe_load((PROJECT / "workspace.yaml").read_text())["load_from"]
    assert entry["python_module"]["module_name"] == CODE_MODULE
    assert entry["python_module"]["location_name"] == CODE_LOCATION


def test_dagster_accepts_the_settings_and_keeps_one_run_a_practice(
    tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty_database_url.replace("+psycopg:", ":")  # as people write it, without a driver
    for name, value in dagster_environment(tmp_path, dagster_url=url).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        assert instance.get_runs() == []
        limits = instance.get_concurrency_config().run_queue_config
        assert limits is not None
        assert limits.tag_concurrency_limits == [
            {"key": "practice", "value": {"applyLimitPerUniqueValue": True}, "limit": 1},
            {"key": "pims_server", "value": {"applyLimitPerUniqueValue": True}, "limit": 2},
            {"key": "pims", "value": {"applyLimitPerUniqueValue": True}, "limit": 4},
            {"key": "dagster/backfill", "limit": 2},
        ]
        assert isinstance(instance.run_coordinator, PracticeRunCoordinator)
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == 3600
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 2
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert not instance.telemetry_enabled
        assert type(instance.compute_log_manager).__name__ == "NoOpComputeLogManager"
    assert os.environ["DAGSTER_HOME"] == str(tmp_path / "dagster")


def test_an_installed_wheel_finds_dagsters_settings_as_a_checkout_does(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, tmp_path], cwd=PROJECT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site-packages")
    start = (
        "import sys; from pathlib import Path; from vet_pipeline.cli import dev;"
        "from vet_pipeline.dagster_home import dagster_environment;"
        "assert (dev._PROJECT / 'workspace.yaml').exists();"
        "dagster_environment(Path(sys.argv[1]), dagster_url='postgresql://'); print(dev.__file__)"
    )
    where = os.environ | {"PYTHONPATH": str(tmp_path / "site-packages")}
    done = subprocess.run(
        [sys.executable, "-c", start, tmp_path / "home"],
        cwd=tmp_path, env=where, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(tmp_path / "site-packages/vet_pipeline/cli/dev.py")
    settings = tmp_path / "home" / "dagster" / "dagster.yaml"
    assert settings.read_bytes() == (PROJECT / "dagster.yaml").read_bytes()
