"""clients and pets: the rows that differ from the baseline, typed, with what was not taken."""

import dagster as dg

from assets.columns import normalized_columns
from assets.partitions import practices
from assets.report import Stopwatch, stage_facts
from resources.failures import RETRIES, told_as_failures
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource, snapshot_at_hand
from vet_pipeline.policy import Record

_RULE = (
    "Typed and tidied: only rows that differ from the baseline (or wait for a person's decision)"
    " are normalized, the rest is counted by hash. A bad row is quarantined with its reason and"
    " counted; the rest goes on. Rows are never dropped in silence: rows read = unchanged +"
    " normalized + quarantined."
)


def _build(name: str, upstream: str, record: Record) -> dg.AssetsDefinition:
    @dg.asset(
        name=name,
        deps=[upstream],
        partitions_def=practices,
        group_name="normalized",
        description=_RULE,
        owners=["team:data-platform"],
        kinds={"pandas", "parquet"},
        tags={"personal_data": "yes", "stage": "normalized"},
        retry_policy=RETRIES,
        op_tags={"step": "normalize"},
    )
    @told_as_failures
    def normalized(
        context: dg.AssetExecutionContext,
        scriptright: ScriptRightResource,
        snapshots: SnapshotStoreResource,
    ) -> dg.MaterializeResult[None]:
        from vet_pipeline.job import normalize_step

        watch, store = Stopwatch(), snapshots.open()
        with scriptright.connect() as engine:
            manifest = snapshot_at_hand(context, engine, store)
            stage = normalize_step(engine, store, manifest, record)
        facts = stage_facts(stage, manifest, watch)
        return dg.MaterializeResult(
            metadata={**facts, "dagster/column_schema": normalized_columns(record)}
        )

    return normalized


clients = _build("clients", "raw_clients", "client")
pets = _build("pets", "raw_patients", "pet")
