"""One partition per practice. No time dimension: when things ran is in the ledger and the runs."""

from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from vet_pipeline.practices import Practice

PRACTICES = "practices"

# Keys are practice ids: opaque, chosen at registration, never a name.
practices = dg.DynamicPartitionsDefinition(name=PRACTICES)

PRACTICE_TAG = "practice"  # dagster.yaml: never two runs of one practice at a time
PIMS_TAG = "pims"  # for a limit per PIMS vendor


def tag_run(context: dg.AssetExecutionContext, practice: "Practice") -> None:
    """Give the run its practice and PIMS as tags: runs started by hand in the UI have neither."""
    tags = {PRACTICE_TAG: practice.practice_id, PIMS_TAG: practice.pims}
    if not tags.items() <= context.run.tags.items():
        context.instance.add_run_tags(context.run.run_id, tags)
