"""scriptright_records: the latest delta applied to ScriptRight, in one transaction."""

import dagster as dg

from assets.partitions import practices
from assets.report import Stopwatch, load_facts
from resources.failures import RETRIES, told_as_failures
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource, snapshot_at_hand


@dg.asset(
    deps=["change_deltas"],
    partitions_def=practices,
    group_name="scriptright",
    description=(
        "The practice's clients and pets in ScriptRight. New records are matched with Home Delivery"
        " clients (*linked*, *possible* for a person, or *new*), automatic changes are applied, the"
        " rest becomes suggestions. One load is one transaction: records, links, suggestions,"
        " baseline, audit, ledger and the confirmation's request become visible together or not at"
        " all. A snapshot is applied at most once, an older one never after a newer one."
        " Materialized alone, it applies the delta that is stored; to read a practice anew, start"
        " the job *copy_practice* for its partition."
    ),
    owners=["team:data-platform"],
    kinds={"postgres"},
    tags={"personal_data": "yes", "stage": "records"},
    retry_policy=RETRIES,
    op_tags={"step": "apply"},
)
@told_as_failures
def scriptright_records(
    context: dg.AssetExecutionContext,
    scriptright: ScriptRightResource,
    snapshots: SnapshotStoreResource,
) -> dg.MaterializeResult[None]:
    """Apply the snapshot's stored delta; a held or stale one is refused."""
    from vet_pipeline.job import apply_step
    from vet_pipeline.registry.practices import registered
    from vet_pipeline.scriptright.trail.audit_heads import keep_head_after_load

    watch, store = Stopwatch(), snapshots.open()
    with scriptright.connect() as engine:
        manifest = snapshot_at_hand(context, engine, store)
        practice = registered(engine, context.partition_key)
        load = apply_step(engine, store, practice, manifest, run_id=context.run.run_id)
        keep_head_after_load(engine, context.partition_key)
    return dg.MaterializeResult(metadata=load_facts(load, manifest, watch))
