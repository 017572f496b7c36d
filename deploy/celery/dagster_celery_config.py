"""Settings of the Celery workers; dagster-celery reads the module of this name from PYTHONPATH.

The broker's address stands in the environment, as for Dagster: it may hold a password.
"""

import os

broker_url = os.environ["VET_PIPELINE_CELERY_BROKER"]
result_backend = os.environ["VET_PIPELINE_CELERY_BACKEND"]
broker_connection_retry_on_startup = True

# A run waits in Redis until a process is free, not in the hands of a worker that may die.
worker_disable_prefetch = True
worker_prefetch_multiplier = 1
# Long enough for runs that wait behind others, short enough to forget: Dagster's storage knows all.
result_expires = 86_400

# Before the pool's processes are forked: a child starts with all that a run imports in memory.
imports = ("automation.preload",)
