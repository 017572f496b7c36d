"""The graph as people know it, and how quickly it loads. A rename shows here first."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import dagster as dg

from vet_pipeline.definitions import build_definitions

PROJECT = Path(__file__).resolve().parent.parent

GRAPH = {
    "raw_clients": ("pims", [], ["raw_clients_keep_the_contract"]),
    "raw_patients": ("pims", [], ["raw_patients_keep_the_contract"]),
    "clients": ("normalized", ["raw_clients"], ["clients_are_valid"]),
    "pets": ("normalized", ["raw_patients"], ["pets_are_valid"]),
    "change_deltas": (
        "changes",
        ["clients", "pets"],
        ["changes_follow_the_policy", "snapshot_is_plausible"],
    ),
    "scriptright_records": (
        "scriptright",
        ["change_deltas"],
        ["accounts_balance", "copied_in_time", "ledger_is_in_order"],
    ),
    "service_levels": ("fleet", [], []),
}


def test_the_asset_graph_is_the_one_people_know() -> None:
    graph = build_definitions().resolve_asset_graph()
    found = {
        key.to_user_string(): (
            graph.get(key).group_name,
            sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
            sorted(check.name for check in graph.get_check_keys_for_assets({key})),
        )
        for key in graph.get_all_asset_keys()
    }
    assert found == GRAPH


def test_every_asset_says_its_rule_has_an_owner_and_is_one_partition_a_practice() -> None:
    for spec in build_definitions().resolve_all_asset_specs():
        assert len(spec.description or "") > 100, spec.key
        assert spec.owners == ["team:data-platform"]
        assert spec.kinds
        if spec.key == dg.AssetKey("service_levels"):
            continue  # about all practices
        assert spec.partitions_def == dg.DynamicPartitionsDefinition(name="practices")


def test_every_check_of_a_copy_blocks_and_is_kept_by_practice() -> None:
    graph = build_definitions().resolve_asset_graph()
    for key in graph.asset_check_keys:
        node = graph.get(key)
        assert node.blocking == (key.name != "copied_in_time"), key
        assert node.partitions_def == dg.DynamicPartitionsDefinition(name="practices"), key


def test_jobs_sensors_and_schedules_are_the_ones_people_know() -> None:
    repository = build_definitions().get_repository_def()
    assert sorted(
        job.name for job in repository.get_all_jobs() if not job.name.startswith("__")
    ) == [
        "apply_stored_snapshot",
        "copy_practice",
        "look_at_fleet",
        "plan_practice",
        "remove_old_runs",
        "remove_old_snapshots",
        "send_confirmation",
        "verify_audit",
    ]
    assert {s.name: s.default_status.value for s in repository.sensor_defs} == {
        "confirmation_is_requested": "RUNNING",
        "practice_is_due": "STOPPED",
        "run_failed": "RUNNING",
    }
    assert {s.name: s.default_status.value for s in repository.schedule_defs} == {
        "daily_audit": "RUNNING",
        "daily_retention": "RUNNING",
        "daily_run_retention": "RUNNING",
        "hourly_service_levels": "RUNNING",
        "scheduled_refresh": "STOPPED",
    }


def test_raw_clients_and_raw_patients_are_read_together_or_not_at_all() -> None:
    graph = build_definitions().resolve_asset_graph()
    asset = graph.get(dg.AssetKey("raw_clients"))
    assert asset.execution_set_asset_keys == {
        dg.AssetKey("raw_clients"),
        dg.AssetKey("raw_patients"),
    }


def test_a_job_page_run_carries_the_practice_tag_that_dagster_yaml_limits() -> None:
    job = build_definitions().resolve_job_def("copy_practice")
    assert job.partitioned_config is not None
    tags = job.partitioned_config.get_tags_for_partition_key("elm", job_name="copy_practice")
    assert tags["practice"] == "elm"


def test_the_code_location_loads_without_any_heavy_import_and_without_a_warning() -> None:
    probe = (
        "import json, sys, vet_pipeline.definitions as d;"
        "d.defs.get_repository_def();"
        "print(json.dumps([m for m in ('pandas', 'great_expectations', 'sqlalchemy', 'pyodbc',"
        " 'pyarrow', 'psycopg', 'scipy') if m in sys.modules]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == []
    assert "Warning" not in ran.stderr


def test_a_copy_does_not_run_the_check_of_its_own_lateness() -> None:
    definitions = build_definitions()
    for job, expected in (("copy_practice", 8), ("apply_stored_snapshot", 6)):
        checks = definitions.resolve_job_def(job).asset_layer.asset_graph.asset_check_keys
        assert "copied_in_time" not in {key.name for key in checks}, job
        assert len(checks) == expected, job
