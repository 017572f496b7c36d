"""The guards as a blocking check: a snapshot that looks broken is held (docs/rules.md, 6)."""

from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.deltas.guards import GuardBreach
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore

DESCRIPTION = (
    "A snapshot that looks broken changes nothing and waits for a person: more than 10 % of known"
    " records missing, refused, or with another value in a field about which a person would be"
    " asked; 10 % emails changed or blanked, 10 % of the weights doubtful (twice or half as much, or"
    " another on the same day), 50 % of them the same on another day, or others of no later day, 5 % newly deceased, 5 % of the"
    " dead alive, 50 % new, 5 % of the rows without a key of their own, or a table empty. Fewer than"
    " 25 records never trigger a percentage. The numbers are the defaults; each practice may have its"
    " own. A named person releases a held snapshot."
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
    from vet_pipeline.guards_opinion import look_at
    from vet_pipeline.job import guard_step
    from vet_pipeline.registry.practices import registered
    from vet_pipeline.stages import load_delta

    practice = registered(engine, manifest.practice_id)
    delta = load_delta(store, manifest)
    is_look = is_preview(context)
    judge = look_at if is_look else guard_step
    breaches = judge(engine, practice, delta).breaches
    return result(manifest.practice_id, manifest.seq, breaches, is_look=is_look)


def is_preview(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> bool:
    """Whether the run only looks: what it would have held isn't there to be released."""
    return PREVIEW_TAG in context.run.tags


def result(
    practice_id: str, seq: int, breaches: list["GuardBreach"], *, is_look: bool = False
) -> dg.AssetCheckResult:
    """The breaches in numbers, and what to do next. `is_look`: nothing was recorded."""
    from vet_pipeline.scriptright.decisions.holds import step_when_held

    lines = "".join(
        f"\n| {b.rule} | {b.counted} | {b.of} | {b.threshold_percent or ''} |" for b in breaches
    )
    head = "| rule | counted | of | more than % |\n|---|---|---|---|"
    reasons = "; ".join(str(breach) for breach in breaches)
    if not breaches:
        said = (
            f"Snapshot {seq} is plausible, or a person released it, or it is applied,"
            " or a newer one is."
        )
    elif is_look:
        said = (
            f"Snapshot {seq} would be held: {reasons}. Next step: look at the PIMS; this was a look,"
            f" so nothing is held yet, and a copy reads anew: vet-pipeline run {practice_id}"
        )
    else:
        said = f"Snapshot {seq} is held: {reasons}. Next step: {step_when_held(practice_id, seq)}"
    return dg.AssetCheckResult(
        passed=not breaches,
        description=said,
        metadata={
            "snapshot": seq,
            "held": bool(breaches) and not is_look,
            "breaches": dg.MetadataValue.md(head + lines if breaches else "none"),
        },
    )
