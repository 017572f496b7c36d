"""The guards of DOMAIN.md section 6 as a blocking check: a snapshot that looks broken is held."""

from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.deltas.guards import GuardBreach
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore

DESCRIPTION = (
    "A snapshot that looks broken changes nothing and waits for a person: more than 10 % of known"
    " records missing, 5 % newly deceased, 10 % emails changed or blanked, 50 % new, 5 % of the rows"
    " without a key of their own, or a table empty. Fewer than 25 records never trigger a percentage."
    " The numbers are the defaults; each practice may have its own. A named person releases a held snapshot."
)

PREVIEW_TAG = "vet_pipeline/preview"  # a run that only looks: nothing is recorded


def look(
    context: dg.AssetCheckExecutionContext,
    engine: "Engine",
    store: "SnapshotStore",
    manifest: "Manifest",
) -> dg.AssetCheckResult:
    """Passes when no rule is broken, or a person has released the snapshot; else holds it.

    Looked at again after the snapshot was applied it passes: the baseline has moved on to it.
    """
    from vet_pipeline import practices as registry
    from vet_pipeline.job import find_breaches, guard_step
    from vet_pipeline.scriptright.roles import connected
    from vet_pipeline.stages import load_delta

    with connected(engine, "load", manifest.practice_id) as connection:
        practice = registry.get(connection, manifest.practice_id)
    delta = load_delta(store, manifest)
    judge = find_breaches if PREVIEW_TAG in context.run.tags else guard_step
    breaches = judge(engine, practice, delta)
    return result(manifest.practice_id, manifest.seq, breaches)


def result(practice_id: str, seq: int, breaches: list["GuardBreach"]) -> dg.AssetCheckResult:
    """The breaches in numbers, and what to do next."""
    from vet_pipeline.scriptright.holds import release_command

    lines = "".join(
        f"\n| {b.rule} | {b.counted} | {b.of} | {b.threshold_percent or ''} |" for b in breaches
    )
    head = "| rule | counted | of | more than % |\n|---|---|---|---|"
    reasons = "; ".join(str(breach) for breach in breaches)
    return dg.AssetCheckResult(
        passed=not breaches,
        description=(
            f"Snapshot {seq} is held: {reasons}. Next step: look at the PIMS; if the snapshot is"
            f" right: {release_command(practice_id, seq)}"
            if breaches
            else f"Snapshot {seq} is plausible, or a person released it, or it is applied."
        ),
        metadata={
            "snapshot": seq,
            "held": bool(breaches),
            "breaches": dg.MetadataValue.md(head + lines if breaches else "none"),
        },
    )
