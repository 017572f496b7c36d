"""The jobs, named after what people do. Each runs for one practice, in one process."""

import dagster as dg

from assets.partitions import PRACTICE_TAG, practices
from expectations.guards import PREVIEW_TAG
from expectations.service_levels import NAME

READ = dg.AssetSelection.assets("raw_clients", "raw_patients")
COMPARE = dg.AssetSelection.assets("clients", "pets", "change_deltas")
# Without the service level: a copy can't be late to itself (expectations/service_levels.py).
APPLY = dg.AssetSelection.assets("scriptright_records") - dg.AssetSelection.checks(
    dg.AssetCheckKey(dg.AssetKey("scriptright_records"), NAME)
)

# Runs started from a job's page get the practice's tag too, not only those of a sensor.
_one_practice = dg.PartitionedConfig(
    partitions_def=practices,
    run_config_for_partition_key_fn=lambda _: {},
    tags_for_partition_key_fn=lambda practice_id: {PRACTICE_TAG: practice_id},
)

copy_practice = dg.define_asset_job(
    "copy_practice",
    selection=READ | COMPARE | APPLY,
    config=_one_practice,
    description="Read a practice's PIMS and bring ScriptRight up to date: first copy and refresh.",
)

plan_practice = dg.define_asset_job(
    "plan_practice",
    selection=READ | COMPARE,
    config=_one_practice,
    tags={PREVIEW_TAG: "yes"},
    description="Read a practice's PIMS and show what a copy would change. Changes nothing.",
)

apply_stored_snapshot = dg.define_asset_job(
    "apply_stored_snapshot",
    selection=COMPARE | APPLY,
    config=_one_practice,
    description="Apply the practice's latest stored snapshot without reading the PIMS again: after"
    " a held snapshot was released, or a run died half-way.",
)
