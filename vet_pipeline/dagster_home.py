"""Where Dagster keeps its settings, and the environment its processes need.

No Dagster import here: the environment has to stand before Dagster is imported.
"""

from __future__ import annotations

import secrets
from pathlib import Path

# What workspace.yaml says: location_name and module_name.
CODE_LOCATION = "vet_pipeline"
CODE_MODULE = "vet_pipeline.definitions"

_OURS = b"# Dagster's instance. `vet-pipeline dev`"  # how the project's dagster.yaml begins
_PROJECT = Path(__file__).resolve().parent.parent


def dagster_environment(home: Path, *, dagster_url: str) -> dict[str, str]:
    """Environment variables for a process that uses the Dagster instance of `home`.

    Creates `home/dagster` with the project's dagster.yaml in it. An older copy of that one is
    replaced; another one, such as production's, stays.
    `dagster_url` names Dagster's own database and the driver: postgresql+psycopg2://...
    """
    folder = (home / "dagster").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (_PROJECT / "dagster.yaml").read_bytes()
    settings = folder / "dagster.yaml"
    found = settings.read_bytes() if settings.exists() else b""
    if found != wanted and (not found or found.startswith(_OURS)):
        # By rename, so that a process that starts now never reads half a file; each has its own draft.
        draft = folder / f"dagster.yaml.{secrets.token_hex(4)}.new"
        draft.write_bytes(wanted)
        draft.replace(settings)
    return {
        "VET_PIPELINE_HOME": str(home.resolve()),
        "DAGSTER_HOME": str(folder),
        "DAGSTER_PG_URL": dagster_url,
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "GX_ANALYTICS_ENABLED": "false",
    }
