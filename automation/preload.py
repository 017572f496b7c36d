"""All that a run imports, imported at once: a long-lived worker reads this before it forks.

Its processes then start with everything in memory, and what Great Expectations costs is paid once a
worker. Only deploy/celery names this module; the code location must stay quick to load.
"""

import importlib

from expectations.gx import great_expectations

MODULES = (
    "vet_pipeline.definitions",
    "vet_pipeline.job",
    "vet_pipeline.scriptright.migrate",
    "pyodbc",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.postgresql.psycopg2",
)

for _name in MODULES:
    importlib.import_module(_name)
great_expectations()
