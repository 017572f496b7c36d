"""raw_clients and raw_patients: one consistent read of the practice's PIMS, as text."""

from typing import TYPE_CHECKING

import dagster as dg

from assets.columns import raw_columns
from assets.partitions import is_asked_by_itself, practices, tag_run
from assets.report import Stopwatch, read_facts
from resources.failures import RETRIES, told_as_failures
from resources.pims import PimsResource
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource, hold_to
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TOGETHER = (
    "Read together with its sister: both tables come from one consistent moment, so neither can"
    " be read alone. Text exactly as the PIMS holds it, never edited; nothing else leaves the PIMS:"
    " no notes, no invoices, no medical record. Kept for 30 days as Parquet with a manifest."
)


def _spec(key: str, what: str, columns: tuple[str, ...]) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        description=f"{what} {_TOGETHER}",
        group_name="pims",
        owners=["team:data-platform"],
        kinds={"odbc", "parquet"},
        tags={"personal_data": "yes", "stage": "raw"},
        metadata={"dagster/column_schema": raw_columns(columns)},
    )


@dg.multi_asset(
    name="read_pims",
    specs=[
        _spec("raw_clients", "The practice's clients.", RAW_CLIENT_COLUMNS),
        _spec("raw_patients", "The practice's patients.", RAW_PATIENT_COLUMNS),
    ],
    partitions_def=practices,
    can_subset=False,
    retry_policy=RETRIES,
    op_tags={"step": "read"},
)
@told_as_failures
def raw_snapshot(
    context: dg.AssetExecutionContext,
    pims: PimsResource,
    scriptright: ScriptRightResource,
    snapshots: SnapshotStoreResource,
) -> tuple[dg.MaterializeResult[None], dg.MaterializeResult[None]]:
    """Read both tables under one snapshot number; a paused practice is refused, nothing is read.

    So is a refresh that waited in the queue while another run has copied the practice.
    A held snapshot that a person has released and that wasn't applied yet goes first.
    """
    from vet_pipeline.at_hand import released_manifest
    from vet_pipeline.registry import practices as registry
    from vet_pipeline.scriptright.postgres.roles import connected

    watch = Stopwatch()
    with scriptright.connect() as engine:
        with connected(engine, "load", context.partition_key) as connection:
            practice = registry.get(connection, context.partition_key)
            if is_asked_by_itself(context.run.tags):
                _refuse_if_copied_lately(connection, practice.practice_id)
        tag_run(context, practice)
        store = snapshots.open()
        # Who accepts a new shape wants it read.
        released = (
            None if pims.accept_shape else released_manifest(engine, store, practice.practice_id)
        )
        manifest = released or pims.read(practice, engine=engine, store=store)
    hold_to(context, manifest)
    context.log.info(
        "snapshot %s is released: it goes before a new read"
        if released
        else "snapshot %s is complete",
        manifest.seq,
    )
    return tuple(  # type: ignore[return-value]
        dg.MaterializeResult(
            asset_key=name,
            metadata=read_facts(manifest, name, watch),
            data_version=dg.DataVersion(manifest.files[name].sha256[:16]),
        )
        for name in ("raw_clients", "raw_patients")
    )


def _refuse_if_copied_lately(connection: "Connection", practice_id: str) -> None:
    from vet_pipeline.errors import CopiedMeanwhile
    from vet_pipeline.scriptright.load.ledger import copied_lately

    if copied_lately(connection, [practice_id]):
        raise CopiedMeanwhile(
            "another run has copied the practice within the last 48 hours: nothing is read",
            next_step=f"none; to read it all the same: vet-pipeline run {practice_id}",
            practice_id=practice_id,
        )
