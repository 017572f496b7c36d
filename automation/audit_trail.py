"""The audit trail, once a day: verified, and each newest hash kept outside the database."""

import dagster as dg

from resources.failures import told_as_failures
from resources.scriptright import ScriptRightResource
from vet_pipeline.oncall.causes import AUDIT_BROKEN, LEFT_IS_BACK


@dg.op(description="Verify every practice's trail against itself and what was kept; keep its head.")
@told_as_failures
def verify_trails(context: dg.OpExecutionContext, scriptright: ScriptRightResource) -> None:
    """Fails, for people to see, when an entry was changed, removed, moved, put in or cut off.

    And when a restored database has brought back a practice that has left: of one that is paused
    no run would say so.
    """
    from vet_pipeline.errors import PipelineError
    from vet_pipeline.offboarding import BROUGHT_BACK, brought_back, erase_command
    from vet_pipeline.pausing import keep_unkept
    from vet_pipeline.practices import list_practices
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.trail.audit_heads import check, keep_head
    from vet_pipeline.scriptright.trail.witness import Witness

    witness = Witness.of_home()
    with scriptright.connect() as engine, connected(engine, "ops") as connection:
        practices = list_practices(connection)
        ids = {one.practice_id for one in practices} | set(witness.practices())
        trails = [check(connection, one, witness) for one in sorted(ids)]
        back = brought_back(connection, witness)
        broken = [trail.practice for trail in trails if not trail.intact]
        try:
            for trail in trails:
                if trail.intact:
                    keep_head(connection, trail.practice, witness)
            for one in practices:
                if one.state == "paused":
                    keep_unkept(connection, one.practice_id, witness)
        except PipelineError:
            if not (broken or back):  # a full disk hides nothing that somebody is woken for
                raise
    context.add_output_metadata(
        {"trails": len(trails), "broken": len(broken), "brought_back": len(back)}
    )
    what, next_steps = [], []
    if broken:
        what.append(f"the audit trail was tampered with: {', '.join(broken)}")
        next_steps.append(f"vet-pipeline audit verify {broken[0]}")
    if back:
        what.append(f"{BROUGHT_BACK}: {', '.join(back)}")
        # A restored backup breaks trails, too: what they show is copied before anything is erased.
        after = "once the trail is settled: " if broken else ""
        next_steps.append(after + erase_command(back[0]))
    if what:
        raise dg.Failure(
            f"{'; '.join(what)}. Next step: {'; '.join(next_steps)}",
            metadata={"error": AUDIT_BROKEN if broken else LEFT_IS_BACK},
            allow_retries=False,
        )


@dg.job(
    executor_def=dg.in_process_executor,
    description="Verify the audit trail of every practice and keep its head outside the database.",
)
def verify_audit() -> None:
    """One op over all practices."""
    verify_trails()


@dg.schedule(
    job=verify_audit,
    cron_schedule="15 4 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Once a day: a cut-off or rewritten trail is found within a day.",
)
def daily_audit() -> dg.RunRequest:
    """One run a day."""
    return dg.RunRequest()
