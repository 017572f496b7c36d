"""Importing the code location in a fresh process. Prints one JSON line."""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Import the definitions and resolve the repository, as Dagster does on start."""
    started = time.perf_counter()
    from vet_pipeline.definitions import defs

    defs.get_repository_def()
    heavy = [
        m for m in ("pandas", "sqlalchemy", "pyodbc", "great_expectations") if m in sys.modules
    ]
    print(json.dumps({"seconds": round(time.perf_counter() - started, 3), "heavy": heavy}))


if __name__ == "__main__":
    main()
