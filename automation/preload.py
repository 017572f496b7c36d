"""All that a run imports, imported at once: a long-lived process reads this before it forks.

Its children then start with everything in memory, and what Great Expectations costs is paid once.
Read by the forked launcher and by Celery's workers; the code location must stay quick to load.
"""

import gc
import importlib
import pkgutil

import vet_pipeline
from automation.compat import EXECUTES_RUNS
from expectations.gx import great_expectations
from vet_pipeline.interrupts import lose_no_interrupt
from vet_pipeline.memory import collect_garbage_seldom

MODULES = (
    EXECUTES_RUNS,
    "vet_pipeline.definitions",
    "pyodbc",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.postgresql.psycopg2",
)
# No part of a run. Of all else a step imports what it needs, and took it from the release that had
# been put in place since the run began.
LEFT_OUT = ("vet_pipeline.cli", "vet_pipeline.demo", "vet_pipeline.scriptright.migrations")

collect_garbage_seldom()
lose_no_interrupt()  # Terminate in the UI, a time limit
for _name in MODULES:
    importlib.import_module(_name)
for _module in pkgutil.walk_packages(vet_pipeline.__path__, "vet_pipeline."):
    if not _module.name.startswith(LEFT_OUT):
        importlib.import_module(_module.name)
great_expectations()
gc.freeze()  # or the children's first collection would copy every page they share
