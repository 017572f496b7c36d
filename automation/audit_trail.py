"""The audit trail, once a day: verified, and each newest hash kept outside the database."""

import dagster as dg

from resources.failures import told_as_failures
from resources.scriptright import ScriptRightResource
from vet_pipeline.oncall.causes import AUDIT_BROKEN, LEFT_IS_BACK, WITNESS_LOST


@dg.op(description="Verify every practice's trail against itself and what was kept; keep its head.")
@told_as_failures
def verify_trails(context: dg.OpExecutionContext, scriptright: ScriptRightResource) -> None:
    """Fails, for people to see, when an entry was changed, removed, moved, put in or cut off.

    And when what was kept outside is gone (a mount that is missing passes for an empty folder), or
    when a restored database has brought back a practice that has left: of one that is paused no run
    would say so. Last, when somebody has left triggers switched off, say: all else goes on without.
    """
    from vet_pipeline.errors import PipelineError
    from vet_pipeline.registry import offboarding, pausing
    from vet_pipeline.registry.practices import list_practices
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.postgres.whole import require_whole
    from vet_pipeline.scriptright.trail.audit_heads import check, keep_head
    from vet_pipeline.scriptright.trail.witness import Witness

    witness = Witness.of_home()
    with scriptright.connect() as engine:
        with connected(engine, "ops") as connection:
            practices = list_practices(connection)
            ids = {one.practice_id for one in practices} | set(witness.practices())
            trails = [check(connection, one, witness) for one in sorted(ids)]
            back = offboarding.brought_back(connection, witness)
        lost = [trail.practice for trail in trails if trail.outside == "lost"]
        broken = [trail.practice for trail in trails if trail.tampered]
        try:
            with connected(engine, "ops") as connection:
                for trail in trails:
                    if trail.intact:
                        keep_head(connection, trail.practice, witness)
                for one in practices:
                    if one.state == "paused":
                        pausing.keep_unkept(connection, one.practice_id, witness)
                    if one.state == "offboarded":
                        offboarding.keep_unkept(connection, one.practice_id, witness)
        except PipelineError:
            if not (broken or lost or back):  # a full disk hides nothing that somebody is woken for
                raise
    context.add_output_metadata(
        {"trails": len(trails), "broken": len(broken), "lost": len(lost), "brought_back": len(back)}
    )
    if broken or lost or back:
        raise dg.Failure(
            _told(broken, lost, back),
            metadata={"error": AUDIT_BROKEN if broken else WITNESS_LOST if lost else LEFT_IS_BACK},
            allow_retries=False,
        )
    with scriptright.connect() as engine, connected(engine, "ops") as connection:
        require_whole(connection, so="what guards its rows isn't at work")


def _told(broken: list[str], lost: list[str], back: list[str]) -> str:
    """What was found, and the next step of each."""
    from vet_pipeline.registry.offboarding import BROUGHT_BACK, erase_command
    from vet_pipeline.scriptright.trail.audit_heads import FIND_WHAT_IS_LOST

    what, next_steps = [], []
    if broken:
        what.append(f"the audit trail was tampered with: {', '.join(broken)}")
        next_steps.append(f"vet-pipeline audit verify {broken[0]}")
    if lost:
        more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""  # mostly it is all of them
        named = f"{', '.join(lost[:3])}{more}"
        what.append(f"nothing is kept any more outside the database of: {named}")
        next_steps.append(FIND_WHAT_IS_LOST)
    if back:
        what.append(f"{BROUGHT_BACK}: {', '.join(back)}")
        # A restored backup breaks trails, too: what they show is copied before anything is erased.
        after = "once the trail is settled: " if broken else ""
        next_steps.append(after + erase_command(back[0]))
    return f"{'; '.join(what)}. Next step: {'; '.join(next_steps)}"


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
