"""Whether a practice got its copy in the time promised. Dagster's freshness ignores partitions."""

import dagster as dg

from resources.failures import told_as_failures
from resources.scriptright import ScriptRightResource

NAME = "copied_in_time"


def build_service_check(
    partitions_def: dg.PartitionsDefinition[str],
) -> dg.AssetChecksDefinition:
    """The check of one practice, started by hand; the asset service_levels tells it of all."""

    @dg.asset_check(
        asset="scriptright_records",
        name=NAME,
        description="A refresh within 72 hours of the last success, a first copy within 7 days of"
        " installation (14 at 10,000 clients or more). Told every hour to practices whose"
        " standing has changed; not a part of a copy, which can't be late to itself.",
        blocking=False,
        partitions_def=partitions_def,
        op_tags={"step": "check"},
    )
    @told_as_failures
    def copied_in_time(
        context: dg.AssetCheckExecutionContext, scriptright: ScriptRightResource
    ) -> dg.AssetCheckResult:
        from vet_pipeline.errors import UnknownPractice
        from vet_pipeline.scriptright.postgres.roles import connected
        from vet_pipeline.scriptright.telling.fleet import fleet

        with scriptright.connect() as engine, connected(engine, "ops") as connection:
            found = fleet(connection, context.partition_key)
        if not found.practices:
            raise UnknownPractice(
                "no such practice, or it is offboarded",
                next_step="see `vet-pipeline practice list`",
                practice_id=context.partition_key,
            )
        (one,) = found.practices
        return dg.AssetCheckResult(
            passed=not one.is_overdue(found.now),
            description=f"The practice stands {one.state(found.now)}.",
            metadata={
                "latest": dg.MetadataValue.timestamp(one.latest),
                "due_at": dg.MetadataValue.timestamp(one.due_at),
                "failed_runs": one.failures,
            },
        )

    return copied_in_time
