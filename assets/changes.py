"""change_deltas: everything the snapshot would change, before anything is changed."""

import dagster as dg

from assets.partitions import practices
from assets.report import Stopwatch, delta_facts
from expectations.guards import is_preview
from resources.failures import RETRIES, told_as_failures
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource, snapshot_at_hand


@dg.asset(
    deps=["clients", "pets"],
    partitions_def=practices,
    group_name="changes",
    description=(
        "Snapshot minus baseline, field by field, each change with what may happen to it: *apply*"
        " (email, weight, deceased), *suggest* (a person decides) or *keep*. A value that merely"
        " differs from ScriptRight is no change: an unchanged PIMS never undoes what a client"
        " edited. A snapshot that looks broken changes nothing and waits for a person. This is the"
        " preview: up to here nothing is changed."
    ),
    owners=["team:data-platform"],
    kinds={"pandas", "parquet"},
    tags={"personal_data": "yes", "stage": "delta"},
    retry_policy=RETRIES,
    op_tags={"step": "compare"},
)
@told_as_failures
def change_deltas(
    context: dg.AssetExecutionContext,
    scriptright: ScriptRightResource,
    snapshots: SnapshotStoreResource,
) -> dg.MaterializeResult[None]:
    """Compare the snapshot's normalized tables with the baseline and store the delta."""
    from vet_pipeline.guards_opinion import look_at
    from vet_pipeline.job import delta_step
    from vet_pipeline.registry.practices import registered

    watch, store = Stopwatch(), snapshots.open()
    with scriptright.connect() as engine:
        manifest = snapshot_at_hand(context, engine, store)
        delta = delta_step(engine, store, manifest)
        practice = registered(engine, context.partition_key)
        breaches, delta = look_at(engine, practice, delta)
    facts = delta_facts(delta, breaches, manifest, watch, is_look=is_preview(context))
    return dg.MaterializeResult(metadata=facts)
