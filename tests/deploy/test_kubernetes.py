"""The chart's values, read by dagster-k8s's and Dagster's own models. No cluster is involved."""

from __future__ import annotations

import functools
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
import yaml
from dagster._config import process_config
from dagster._daemon.monitoring.run_monitoring import monitor_started_run

from automation.coordinator import PracticeRunCoordinator
from automation.processes import PROCESS_TAG, this_process

# Imported where they are used: every worker of pytest-xdist reads this file, one runs it.
if TYPE_CHECKING:
    import kubernetes.client as k8s

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
VALUES: dict[str, Any] = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text())
DEPLOYMENT = VALUES["dagster-user-deployments"]["deployments"][0]
CUSTOM = VALUES["runLauncher"]["config"]["customRunLauncher"]
LAUNCHER = CUSTOM["config"]
PODS = {
    "webserver": VALUES["dagsterWebserver"],
    "daemon": VALUES["dagsterDaemon"],
    "code": DEPLOYMENT,
}
# The values' sections as fields of a container and of a pod.
CONTAINER = ("resources", "securityContext", "volumeMounts", "env")
POD = {"podSecurityContext": "securityContext", "volumes": "volumes"}


def model(kind: type[Any], values: dict[str, Any]) -> Any:
    """The Kubernetes object; raises for a field that it doesn't have."""
    from dagster_k8s.models import k8s_model_from_dict, k8s_snake_case_dict

    return k8s_model_from_dict(kind, k8s_snake_case_dict(kind, values))


def pod_of(values: dict[str, Any]) -> k8s.V1PodSpec:
    """The pod that the chart's template makes of a section, as far as we name its fields."""
    import kubernetes.client as k8s

    container = {"name": "c", **{name: values[name] for name in CONTAINER}}
    container["envFrom"] = [{"secretRef": secret} for secret in values["envSecrets"]]
    pod = {field: values[name] for name, field in POD.items()}
    return model(k8s.V1PodSpec, {"containers": [container], **pod})


@functools.cache
def run_job() -> k8s.V1Job:
    """The Kubernetes job that dagster-k8s starts for a run with these values."""
    from dagster_k8s.job import (
        DagsterK8sJobConfig,
        UserDefinedDagsterK8sConfig,
        construct_dagster_k8s_job,
    )

    image = DEPLOYMENT["image"]
    config = DagsterK8sJobConfig(
        job_image=f"{image['repository']}:{image['tag']}",
        dagster_home=VALUES["global"]["dagsterHome"],
        image_pull_policy=LAUNCHER["image_pull_policy"],
        instance_config_map=LAUNCHER["instance_config_map"],
        postgres_password_secret=LAUNCHER["postgres_password_secret"],
        env_secrets=LAUNCHER["env_secrets"],
    )
    return construct_dagster_k8s_job(
        config, ["dagster", "api", "execute_run"], "dagster-run-1",
        user_defined_k8s_config=UserDefinedDagsterK8sConfig(**LAUNCHER["run_k8s_config"]),
    )  # fmt: skip


def pod_named(name: str) -> k8s.V1PodSpec:
    return run_job().spec.template.spec if name == "run" else pod_of(PODS[name])


@pytest.mark.parametrize("name", [*PODS, "run"])
def test_no_pod_runs_as_root_or_writes_outside_its_own_tmp(name: str) -> None:
    pod = pod_named(name)
    assert pod.security_context.run_as_non_root
    assert pod.security_context.run_as_user == 10001
    assert pod.security_context.seccomp_profile.type == "RuntimeDefault"
    (container,) = pod.containers
    assert container.security_context.read_only_root_filesystem
    assert container.security_context.allow_privilege_escalation is False
    assert container.security_context.capabilities.drop == ["ALL"]
    assert {mount.mount_path for mount in container.volume_mounts} >= {"/tmp"}
    (tmp,) = [volume for volume in pod.volumes if volume.name == "tmp"]
    assert tmp.empty_dir.size_limit == "1Gi"


@pytest.mark.parametrize("name", [*PODS, "run"])
def test_every_pod_has_limits_and_takes_secrets_by_reference(name: str) -> None:
    pod = pod_named(name)
    (container,) = pod.containers
    assert container.resources.requests.keys() == {"cpu", "memory"}
    assert container.resources.limits.keys() == {"memory"}
    referred = [source.secret_ref.name for source in container.env_from if source.secret_ref]
    assert "vet-pipeline-environment" in referred
    named = [
        entry.name
        for entry in container.env or []
        if entry.value and ("URL" in entry.name or "PASSWORD" in entry.name)
    ]
    assert named == []


def test_a_run_is_one_pod_of_our_image_that_kubernetes_never_tries_again() -> None:
    job = run_job()
    assert job.spec.backoff_limit == 0
    assert job.spec.active_deadline_seconds == 3900
    assert job.spec.ttl_seconds_after_finished == 86_400
    (container,) = job.spec.template.spec.containers
    assert container.image == "registry.internal/vet-pipeline:0.1.0"
    password = next(entry for entry in container.env if entry.name == "DAGSTER_PG_PASSWORD")
    assert password.value_from.secret_key_ref.name == "vet-pipeline-dagster-postgres"
    assert container.resources.limits == {"memory": "1536Mi"}


def test_the_launcher_takes_what_the_chart_hands_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from automation.k8s_launcher import WatchedK8sRunLauncher

    assert VALUES["runLauncher"]["type"] == "CustomRunLauncher"
    assert (CUSTOM["module"], CUSTOM["class"]) == (
        WatchedK8sRunLauncher.__module__,
        WatchedK8sRunLauncher.__name__,
    )
    monkeypatch.setenv("DAGSTER_K8S_PIPELINE_RUN_NAMESPACE", "pharmacy")
    schema = dg.Shape(WatchedK8sRunLauncher.config_type())
    taken = process_config(schema, LAUNCHER)
    assert taken.success, taken.errors
    assert taken.value is not None
    assert taken.value["job_namespace"] == "pharmacy"
    assert not process_config(schema, {**LAUNCHER, "imagePullPolicy": "Always"}).success


def test_the_launcher_names_what_the_chart_makes() -> None:
    name = VALUES["fullnameOverride"]
    assert LAUNCHER["instance_config_map"] == f"{name}-instance"
    assert LAUNCHER["service_account_name"] == VALUES["serviceAccount"]["name"]
    assert LAUNCHER["dagster_home"] == VALUES["global"]["dagsterHome"]
    assert LAUNCHER["postgres_password_secret"] == VALUES["global"]["postgresqlSecretName"]


def test_run_monitoring_fails_no_run_that_lives_in_a_commands_own_process(tmp_path: Path) -> None:
    """The cluster answers as it does for a job that it doesn't have; nothing else is faked."""
    cluster = {"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}
    kubeconfig = {
        "apiVersion": "v1", "kind": "Config", "current-context": "c", "clusters": [cluster],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": {}}],
    }  # fmt: skip
    (tmp_path / "kube").write_text(yaml.safe_dump(kubeconfig))
    config = LAUNCHER | {
        "job_namespace": "pharmacy",
        "load_incluster_config": False,
        "kubeconfig_file": str(tmp_path / "kube"),
    }
    settings = {
        "run_launcher": {"module": CUSTOM["module"], "class": CUSTOM["class"], "config": config},
        **VALUES["additionalInstanceConfig"],
    }
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(settings))
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        instance.run_launcher._api_client = NoJobs()  # type: ignore[attr-defined]
        own, lost = (
            instance.create_run_for_job(
                nothing_to_do, status=dg.DagsterRunStatus.STARTED, tags={PROCESS_TAG: process}
            ).run_id
            for process in (this_process(), "")
        )
        for run_id in (own, lost):
            record = instance.get_run_record_by_id(run_id)
            assert record is not None
            monitor_started_run(instance, None, record, logging.getLogger("monitoring"))  # type: ignore[arg-type]
        ended = {run.run_id: run.status.value for run in instance.get_runs()}
    assert ended == {own: "STARTED", lost: "FAILURE"}


class NoJobs:
    """A cluster's answer to who asks after a job that it doesn't have."""

    def get_job_status(self, **_: object) -> None:
        """No such job."""


@dg.job
def nothing_to_do() -> None:
    """Never run."""


def test_the_queue_takes_its_limits_and_a_wrong_key_would_show() -> None:
    coordinator = VALUES["dagsterDaemon"]["runCoordinator"]
    assert coordinator["type"] == "CustomRunCoordinator"
    custom = coordinator["config"]["customRunCoordinator"]
    assert (custom["module"], custom["class"]) == (
        PracticeRunCoordinator.__module__,
        PracticeRunCoordinator.__name__,
    )
    schema = dg.Shape(PracticeRunCoordinator.config_type())
    assert process_config(schema, custom["config"]).success
    assert not process_config(schema, {**custom["config"], "max_runs": 1}).success
    made = PracticeRunCoordinator.from_config_value(None, custom["config"])  # type: ignore[arg-type]
    assert made.get_run_queue_config().max_concurrent_runs == 16


def test_dagster_takes_the_settings_that_the_chart_passes_on_as_they_are(tmp_path: Path) -> None:
    settings = {
        **VALUES["additionalInstanceConfig"],
        "telemetry": {"enabled": VALUES["telemetry"]["enabled"]},
        "retention": {
            kind: {"purge_after_days": VALUES["retention"][kind]["purgeAfterDays"]}
            for kind in ("sensor", "schedule")
        },
        "compute_logs": {
            "module": "dagster.core.storage.noop_compute_log_manager",
            "class": VALUES["computeLogManager"]["type"],
        },
    }
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(settings))
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.run_monitoring_max_runtime_seconds == 3600
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert not instance.telemetry_enabled
    daemon = VALUES["dagsterDaemon"]
    for section, name in (("run_monitoring", "runMonitoring"), ("run_retries", "runRetries")):
        assert section in VALUES["additionalInstanceConfig"]
        assert daemon[name] == {"enabled": False}, "two sections of one name in dagster.yaml"
    assert VALUES["postgresql"]["postgresqlScheme"] == "postgresql+psycopg2"
    assert VALUES["generatePostgresqlPasswordSecret"] is False
    assert "postgresqlPassword" not in VALUES["postgresql"]
