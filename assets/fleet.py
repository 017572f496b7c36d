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
    from vet_pipeline.oncall.fleet_page import markdown, plot
    from vet_pipeline.scriptright import watch
    from vet_pipeline.scriptright.fleet import fleet, fleet_page
    from vet_pipeline.scriptright.roles import connected

    with scriptright.connect() as engine:
        with connected(engine, "ops") as connection:
            found = fleet(connection)
            looks = watch.looks(connection)
        page = fleet_page(found)
        late = sorted(one.practice_id for one in found.practices if one.is_overdue(found.now))
        told = looks[_LOOK].facts.get("overdue", []) if _LOOK in looks else []
        _tell_checks(context.instance, engine, late, told)
    asked = watch.last_refresher(looks)
    context.log.info("%s practices, %s late", len(found.practices), page.states["late"])
    picture = base64.b64encode(plot(page).encode()).decode()
    return dg.MaterializeResult(
        metadata={
            "table": dg.MetadataValue.md(
                markdown(page, asked.facts.get("left", 0) if asked else 0)
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
    instance: dg.DagsterInstance, engine: "Engine", late: list[str], told: list[str]
) -> None:
    """A failed check for who became late, a passed one for who no longer is; no event for others."""
    from vet_pipeline.scriptright import watch
    from vet_pipeline.scriptright.roles import transaction

    for practice_id in sorted({*late} ^ {*told}):
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey("scriptright_records"),
                check_name=NAME,
                passed=practice_id not in late,
                partition=practice_id,
                description="Copied in time."
                if practice_id not in late
                else "No copy in the time that was promised. Next step:"
                f" vet-pipeline show {practice_id}",
            )
        )
    with transaction(engine, "ops") as connection:
        watch.note(connection, _LOOK, {"overdue": late})
