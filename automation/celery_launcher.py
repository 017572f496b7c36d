"""Runs as Celery tasks, with a watch over the worker as well as over the task.

Needs the extra `celery`; only deploy/celery/dagster.yaml names it.
"""

import dagster as dg
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from automation.processes import PROCESS_TAG, health_of_process, interrupt

ANSWERS_WITHIN = 5.0  # seconds; a worker answers from its main process, however busy its pool is
ASKED = 3  # times before it is taken for dead


class WatchedCeleryRunLauncher(CeleryRunLauncher):
    """dagster-celery's launcher, which sees a worker that is gone.

    A killed pool process makes its task fail, and Celery says so. A worker that is killed whole, or
    whose machine dies, says nothing: its tasks stay STARTED in the result store, and the run would
    wait for max_runtime_seconds. Here run monitoring asks the worker itself.
    """

    # The return type is Dagster's own and isn't exported.
    def check_run_worker_health(self, run: dg.DagsterRun):  # type: ignore[no-untyped-def]
        """As the base class says, save that a run whose worker doesn't answer is failed.

        A worker that was only cut off goes on; its load is then refused or the same one, and the
        retry's finds it in the ledger. Never two loads (vet_pipeline.scriptright.load.apply).
        """
        if DAGSTER_CELERY_TASK_ID_TAG not in run.tags:  # a command's: it runs in its own process
            return health_of_process(run)
        health = super().check_run_worker_health(run)
        if health.status.name != "RUNNING":
            return health
        told = self.celery.AsyncResult(run.tags[DAGSTER_CELERY_TASK_ID_TAG]).info
        worker = told.get("hostname") if isinstance(told, dict) else None
        if worker is None or self._answers(worker):
            return health
        return health._replace(
            status=type(health.status).FAILED, msg=f"Celery worker {worker} doesn't answer."
        )

    def terminate(self, run_id: str) -> bool:
        """As the base class; a command's own run is interrupted where its process is."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or DAGSTER_CELERY_TASK_ID_TAG in run.tags:
            return bool(super().terminate(run_id))
        self._instance.report_run_canceling(run)
        return interrupt(run.tags.get(PROCESS_TAG, ""))

    def _answers(self, worker: str) -> bool:
        ping = self.celery.control.ping
        return any(ping(destination=[worker], timeout=ANSWERS_WITHIN) for _ in range(ASKED))
