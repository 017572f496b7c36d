"""The asset checks: one factory for all of them, and the list of what is checked where."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from expectations import accounts, frames, guards, suites
from expectations.frames import Read
from expectations.gx import Verdict, evaluate
from resources.failures import RETRIES, told_as_failures
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource, snapshot_at_hand

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation
    from sqlalchemy import Engine

    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore

Suite = Callable[["Manifest"], "Sequence[Expectation]"]
# What on-call does about a red check, unless the check itself knows better (docs/runbook.md). Never
# to try again: what has a person look at it comes out the same, and a load could come on top.
_SEE_PIMS = (
    "nothing was applied; see with vet-pipeline connector check and the practice what its PIMS holds"
    " now, then vet-pipeline run {practice}"
)
_REPORT = "nothing was applied; report it with the run's id"
_PAUSE = (
    "vet-pipeline practice pause {practice} --by NAME --reason ledger, so that no other load comes on"
    " top; then report it with the run's id"
)

Look = Callable[
    [dg.AssetCheckExecutionContext, "Engine", "SnapshotStore", "Manifest"], dg.AssetCheckResult
]


def blocking_check(
    asset: str,
    name: str,
    description: str,
    look: Look,
    *,
    next_step: str,
    partitions_def: dg.PartitionsDefinition[str],
) -> dg.AssetChecksDefinition:
    """A check of one practice's snapshot that stops only that practice's run.

    `next_step`: what is told of a failed one that tells none of its own.
    """

    @dg.asset_check(
        asset=asset,
        name=name,
        description=description,
        blocking=True,
        partitions_def=partitions_def,
        retry_policy=RETRIES,
        op_tags={"step": "check"},
    )
    @told_as_failures
    def check(
        context: dg.AssetCheckExecutionContext,
        scriptright: ScriptRightResource,
        snapshots: SnapshotStoreResource,
    ) -> dg.AssetCheckResult:
        store = snapshots.open()
        with scriptright.connect() as engine:
            manifest = snapshot_at_hand(context, engine, store)
            found = look(context, engine, store, manifest)
        return with_next_step(found, next_step.format(practice=manifest.practice_id))

    return check


def with_next_step(found: dg.AssetCheckResult, next_step: str) -> dg.AssetCheckResult:
    """The result; of a failed one that names no next step, with this one behind its description."""
    said = found.description or ""
    if found.passed or "Next step: " in said:
        return found
    return found._replace(description=f"{said.rstrip('.')}. Next step: {next_step}")


def meets(frame: Read, suite: Suite) -> Look:
    """Look at a frame with a Great Expectations suite."""

    def look(
        context: dg.AssetCheckExecutionContext,
        engine: "Engine",
        store: "SnapshotStore",
        manifest: "Manifest",
    ) -> dg.AssetCheckResult:
        verdict = evaluate(frame(engine, store, manifest), suite(manifest))
        return check_result(verdict, {"snapshot": manifest.seq})

    return look


def check_result(verdict: Verdict, facts: Mapping[str, Any]) -> dg.AssetCheckResult:
    """The verdict as Dagster shows it: counts and names of columns, never a value."""
    lines = [
        f"| {f.expectation} | {f.columns} | {f.state} |"
        f" {'' if f.unexpected is None else f.unexpected} |"
        for f in verdict.findings
        if f.state != "ok"
    ]
    head = "| expectation | columns | state | rows |\n|---|---|---|---|\n"
    return dg.AssetCheckResult(
        passed=verdict.passed,
        description=verdict.description,
        metadata={
            **facts,
            "broken": verdict.broken,
            "expectations": len(verdict.findings),
            "bad_data": len(verdict.of("bad data")),
            "broken_expectations": len(verdict.of("broken check")),
            "findings": dg.MetadataValue.md(head + "\n".join(lines) if lines else "none"),
        },
    )


def _raw_suite(kind: str) -> Suite:
    return lambda manifest: suites.raw_table(kind, rows=manifest.files[f"raw_{kind}"].rows)


def build_checks(partitions_def: dg.PartitionsDefinition[str]) -> list[dg.AssetChecksDefinition]:
    """Every check, in the order of the graph."""

    def made(
        asset: str, name: str, description: str, look: Look, next_step: str = _REPORT
    ) -> dg.AssetChecksDefinition:
        return blocking_check(
            asset, name, description, look, next_step=next_step, partitions_def=partitions_def
        )

    return [
        *(
            made(
                f"raw_{kind}",
                f"raw_{kind}_keep_the_contract",
                "The columns every connector delivers, as text.",
                meets(frames.raw(kind), _raw_suite(kind)),
                _SEE_PIMS,
            )
            for kind in ("clients", "patients")
        ),
        made(
            "clients",
            "clients_are_valid",
            "Normalized columns, unique ids, tidy text, parseable phones, well-formed emails.",
            meets(frames.stage("clients"), lambda _: suites.normalized_clients()),
        ),
        made(
            "pets",
            "pets_are_valid",
            "Normalized columns, unique ids, tidy text, possible dates, weights with their unit.",
            meets(
                frames.stage("pets"),
                lambda manifest: suites.normalized_pets(manifest.read_started_at.date()),
            ),
        ),
        made(
            "change_deltas",
            "changes_follow_the_policy",
            "Only fields of the field policy, and nothing manual is ever applied by itself.",
            meets(frames.changes, lambda _: suites.change_deltas()),
        ),
        made("change_deltas", "snapshot_is_plausible", guards.DESCRIPTION, guards.look),
        made(
            "scriptright_records",
            "ledger_is_in_order",
            "A snapshot is applied at most once, an older one never after a newer one.",
            meets(frames.ledger, lambda _: suites.ledger()),
            _PAUSE,
        ),
        made(
            "scriptright_records", "accounts_balance", accounts.DESCRIPTION, accounts.look, _PAUSE
        ),
    ]
