"""Runs as Kubernetes jobs, with an eye for those that live in a command's own process.

Needs the extra `kubernetes`; only deploy/kubernetes/values.yaml names it.
"""

import dagster as dg
from dagster_k8s import K8sRunLauncher

from automation.processes import PROCESS_TAG, health_of_process, interrupt


class WatchedK8sRunLauncher(K8sRunLauncher):
    """dagster-k8s's launcher, which takes no run of `vet-pipeline run` for a job that is lost.

    Run monitoring asks after each run, and the cluster knows no job of a command's: it would be
    failed within half a minute, while its process goes on.
    """

    # The return type is Dagster's own and isn't exported.
    def check_run_worker_health(self, run: dg.DagsterRun):  # type: ignore[no-untyped-def]
        """As the base class; a command's own run is told by its process."""
        if run.tags.get(PROCESS_TAG):
            return health_of_process(run)
        return super().check_run_worker_health(run)

    def terminate(self, run_id: str) -> bool:
        """As the base class; a command's own run is interrupted where its process is."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or not run.tags.get(PROCESS_TAG):
            return bool(super().terminate(run_id))
        self._instance.report_run_canceling(run)
        return interrupt(run.tags[PROCESS_TAG])
