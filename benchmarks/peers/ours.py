"""Our side: the database as it is before the first load, and one run of the whole core job.

python -m benchmarks.peers.ours prepare URL HOME_JSON
python -m benchmarks.peers.ours run URL STORE_FOLDER      the PIMS is named by $BENCH_PIMS
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

PRACTICE, PIMS = "bench", "BENCH_PIMS"


def main() -> None:
    """Prepare the database, or run the job once."""
    word, url, path = sys.argv[1:]
    (prepare if word == "prepare" else run)(url, Path(path))


def prepare(url: str, home: Path) -> None:
    """Schema, practice, and the Home Delivery clients that a first load has to be matched with."""
    import pandas as pd

    from vet_pipeline.demo.home_delivery import HomeDelivery
    from vet_pipeline.demo.scenario import add_home_delivery
    from vet_pipeline.registry import practices
    from vet_pipeline.registry.practice_settings import MatchingSettings, Settings
    from vet_pipeline.scriptright.postgres.database import open_engine
    from vet_pipeline.scriptright.postgres.migrate import migrate

    found = json.loads(home.read_text())
    clients = pd.DataFrame(found["clients"], dtype="str")
    patients = pd.DataFrame(found["patients"], dtype="str")
    prescriptions = tuple((pet, drug) for pet, drug in found["prescriptions"])
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        practices.add(
            connection,
            PRACTICE,
            name="Bench",
            pims="generic",
            contact_email="bench@example.org",
            timezone="America/Chicago",
            by="benchmark",
            odbc_env=PIMS,
            # At 100,000 invented clients the scores look unlike those the model knows, and every
            # refresh would ask about 831 clients again: measured is a practice where a person has looked.
            settings=Settings(matching=MatchingSettings(accept_drift=True)),
        )
        add_home_delivery(connection, PRACTICE, HomeDelivery(clients, patients, prescriptions, {}))
    engine.dispose()


def run(url: str, store: Path) -> None:
    """Read, normalize, match, compare and apply; prints what the load counted."""
    from vet_pipeline.memory import collect_garbage_seldom

    collect_garbage_seldom()  # as `vet-pipeline` does
    from vet_pipeline import job
    from vet_pipeline.errors import PipelineError, SnapshotHeld
    from vet_pipeline.registry import practices
    from vet_pipeline.scriptright.postgres.database import open_engine
    from vet_pipeline.snapshots.store import SnapshotStore

    engine = open_engine(url)
    with engine.connect() as connection:
        practice = practices.get(connection, PRACTICE)
    try:
        result = job.run_core_job(engine, SnapshotStore(store), practice)
    except PipelineError as error:  # as `vet-pipeline run` ends: 3 when a person has to look
        print(f"bench: {'held' if isinstance(error, SnapshotHeld) else 'refused'}: {error.what}")
        sys.exit(3 if isinstance(error, SnapshotHeld) else 1)
    engine.dispose()
    print(json.dumps({"state": result.state, **result.counts}))


def odbc(source: Path) -> dict[str, str]:
    """The environment in which `run` reads this file."""
    return {**os.environ, PIMS: f"DRIVER=SQLite3;Database={source};NoCreat=1"}


if __name__ == "__main__":
    main()
