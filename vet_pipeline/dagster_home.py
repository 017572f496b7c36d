"""Where Dagster keeps its settings, and the environment its processes need.

No Dagster import here: the environment has to stand before Dagster is imported.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from vet_pipeline.errors import UsageError

# What workspace.yaml says: location_name and module_name.
CODE_LOCATION = "vet_pipeline"
CODE_MODULE = "vet_pipeline.definitions"

_OURS = b"# Dagster's instance. `vet-pipeline dev`"  # how the project's dagster.yaml begins
_NO_EMBEDDED = re.compile(
    r"^ *embedded: *false\b", re.MULTILINE
)  # as automation/storage.py reads it
_PROJECT = Path(__file__).resolve().parent.parent


def require_database(home: Path) -> None:
    """Raise UsageError where the home's settings want a database of their own and none is named.

    Before the embedded server is asked for its address: in production it would be a second, empty
    database, in which no daemon beats and nobody finds a command's runs.
    """
    if os.environ.get("DAGSTER_PG_URL"):
        return
    step = "set it to Dagster's database, as Dagster's processes have it"
    if _NO_EMBEDDED.search(_settings(home / "dagster")):
        raise UsageError("DAGSTER_PG_URL isn't set", next_step=step)
    if _is_beside_another():
        raise UsageError(
            "DAGSTER_PG_URL isn't set, and DAGSTER_HOME leads to settings of its own",
            next_step=f"{step}; where that folder is another project's: unset DAGSTER_HOME",
        )


def _is_beside_another() -> bool:
    """Whether this is the environment of Dagster's processes with their own settings: a pod's."""
    folder = os.environ.get("DAGSTER_HOME") if os.environ.get("SCRIPTRIGHT_URL") else None
    settings = _settings(Path(folder)) if folder else ""
    return bool(settings) and not settings.startswith(_OURS.decode())


def _settings(folder: Path) -> str:
    file = folder / "dagster.yaml"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def dagster_environment(home: Path, *, dagster_url: str) -> dict[str, str]:
    """Environment variables for a process that uses the Dagster instance of `home`.

    Creates `home/dagster` with the project's dagster.yaml in it. An older copy of that one is
    replaced; another one, such as production's, stays. Raises SnapshotStoreFull: no room or right.
    `dagster_url` names Dagster's own database and the driver: postgresql+psycopg2://...
    """
    folder = (home / "dagster").resolve()
    _keep_settings(folder)
    return {
        "VET_PIPELINE_HOME": str(home.resolve()),
        "DAGSTER_HOME": str(folder),
        "DAGSTER_PG_URL": dagster_url,
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "GX_ANALYTICS_ENABLED": "false",
    }


def _keep_settings(folder: Path) -> None:
    wanted = (_PROJECT / "dagster.yaml").read_bytes()
    settings = folder / "dagster.yaml"
    found = settings.read_bytes() if settings.exists() else b""
    if found == wanted or (found and not found.startswith(_OURS)):
        return
    from vet_pipeline.snapshots.files import translate_os_errors

    # By rename, so that a process that starts now never reads half a file; each has its own draft.
    draft = folder / f"dagster.yaml.{secrets.token_hex(4)}.new"
    with translate_os_errors(None, "dagster.yaml", place="Dagster's folder in the home"):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(wanted)
            draft.replace(settings)
        finally:
            draft.unlink(missing_ok=True)
