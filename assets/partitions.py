"""One partition per practice. No time dimension: when things ran is in the ledger and the runs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from vet_pipeline.registry.practices import Practice

PRACTICES = "practices"

# Keys are practice ids: opaque, chosen at registration, never a name. No asset has a backfill
# policy: so a backfill is a run for each practice, as one that fails stops no other. With one it
# would be a run of a range, even of a single practice, and Dagster tells what checks say in such a
# run of no practice.
practices = dg.DynamicPartitionsDefinition(name=PRACTICES)

PRACTICE_TAG = "practice"  # dagster.yaml: never two runs of one practice at a time
PIMS_TAG = "pims"  # for a limit per PIMS vendor
PIMS_SERVER_TAG = "pims_server"  # for a limit per machine: an opaque name, pims/server_name.py

_ASKED_BY = ("dagster/sensor_name", "dagster/schedule_name")
_AGAIN = "dagster/parent_run_id"
# Of a run that died: on Dagster's own retry, never copied from it.
_BY_DAGSTER = "dagster/retry_number"


def is_asked_by_itself(tags: Mapping[str, str]) -> bool:
    """Whether the sensor or the schedule has asked for a run, not a person, once more or at all.

    Dagster's own retry is still the sensor's: the daemon may start it hours after the run has died.
    """
    by_a_person = _AGAIN in tags and _BY_DAGSTER not in tags
    return any(name in tags for name in _ASKED_BY) and not by_a_person


def practice_tags(practice: "Practice") -> dict[str, str]:
    """The tags by which runs are found and limited; none names a person or tells a secret.

    Without a server where its name isn't known here: the variable of --odbc-env isn't set.
    """
    from vet_pipeline.errors import UsageError
    from vet_pipeline.pims.server_name import server_name

    try:
        server = server_name(practice.odbc_string())
    except UsageError:
        server = None
    tags = {PRACTICE_TAG: practice.practice_id, PIMS_TAG: practice.pims}
    return tags | ({PIMS_SERVER_TAG: server} if server else {})


def tag_run(context: dg.AssetExecutionContext, practice: "Practice") -> None:
    """Give the run its practice's tags: one in the caller's own process hasn't passed the queue."""
    tags = practice_tags(practice)
    if not tags.items() <= context.run.tags.items():
        context.instance.add_run_tags(context.run.run_id, tags)
