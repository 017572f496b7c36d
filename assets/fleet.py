"""service_levels: how all practices stand, on one page, for people who look at Dagster."""

import base64
from typing import TYPE_CHECKING

import dagster as dg

from expectations.service_levels import NAME
from resources.failures import told_as_failures
from resources.scriptright import ScriptRightResource

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.oncall.fleet_page import Page
    from vet_pipeline.scriptright.telling.fleet import Fleet

_LOOK = "service_levels"


@dg.asset(
    group_name="fleet",
    description=(
        "Where the fleet stands: practices on time, at risk, late, held, unreachable and paused, by"
        " PIMS, and how many are due in each of the next 72 hours. A refresh is promised within 72"
        " hours of the last success, a first copy within 7 days of installation, 14 at 10,000"
        " clients or more. A practice that became late, or is no longer, gets the check"
        f" *{NAME}* of its partition told. Counts and ids only."
    ),
    owners=["team:data-platform"],
    kinds={"postgres"},
    tags={"personal_data": "no", "stage": "service"},
    op_tags={"step": "look"},
)
@told_as_failures
def service_levels(
    context: dg.AssetExecutionContext, scriptright: ScriptRightResource
) -> dg.MaterializeResult[None]:
    """Count, and tell the checks of practices whose standing has changed."""
    from vet_pipeline.oncall.fleet_page import markdown, plot, refreshes
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.telling import watch
    from vet_pipeline.scriptright.telling.fleet import fleet, fleet_page

    with scriptright.connect() as engine:
        with connected(engine, "ops") as connection:
            found = fleet(connection)
            looks = watch.looks(connection)
        page = fleet_page(found)
        told = looks[_LOOK].facts.get("overdue", []) if _LOOK in looks else []
        _tell_checks(context, engine, found, told)
    asked = watch.last_refresher(looks)
    context.log.info("%s practices, %s late", len(found.practices), page.states["late"])
    picture = base64.b64encode(plot(page).encode()).decode()
    return dg.MaterializeResult(
        metadata={
            "table": dg.MetadataValue.md(
                markdown(page, refreshes(asked.at if asked else None, asked.facts if asked else {}))
            ),
            "plot": dg.MetadataValue.md(f"![the fleet](data:image/svg+xml;base64,{picture})"),
            **_counts(page),
        }
    )


def _counts(page: "Page") -> dict[str, int]:
    """Numbers that Dagster plots over time."""
    states = {state.replace(" ", "_"): count for state, count in page.states.items()}
    return {**states, "overdue": page.overdue, "due_and_waiting": page.waiting}


def _tell_checks(
    context: dg.AssetExecutionContext, engine: "Engine", found: "Fleet", told: list[str]
) -> None:
    """A failed check for who became late, a passed one for who no longer is; no event for others.

    Events of this run: of those without a run Dagster's table takes one for each practice, ever.
    """
    from vet_pipeline.scriptright.postgres.roles import transaction
    from vet_pipeline.scriptright.telling import watch

    late = {one.practice_id for one in found.practices if one.is_overdue(found.now)}
    before = set(told)
    for one in found.practices:
        if (one.practice_id in late) == (one.practice_id in before):
            continue
        said = dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey("scriptright_records"),
            check_name=NAME,
            passed=one.practice_id not in late,
            partition=one.practice_id,
            # Never "in time": it may have been copied late, be paused, or have got more time.
            description=f"The practice stands {one.state(found.now)}."
            if one.practice_id not in late
            else "No copy in the time that was promised. Next step:"
            f" vet-pipeline show {one.practice_id}",
        )
        event = dg.DagsterEvent(
            event_type_value=dg.DagsterEventType.ASSET_CHECK_EVALUATION.value,
            job_name=context.run.job_name,
            event_specific_data=said,
        )
        context.instance.report_dagster_event(event, run_id=context.run.run_id)
    with transaction(engine, "ops") as connection:
        watch.note(connection, _LOOK, {"overdue": sorted(late)})
