"""The whole job for one practice, under Dagster, against a real PIMS and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dagster as dg
from sqlalchemy import text

from tests.assets.conftest import World
from vet_pipeline.deltas.guards import Thresholds
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import Settings

Run = Callable[..., dg.ExecuteInProcessResult]


def facts(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    """Metadata of the asset's materialization as plain values."""
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey(asset):
            return {k: getattr(v, "value", v) for k, v in event.materialization.metadata.items()}
    raise AssertionError(f"{asset} was not materialized")


def part(of: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: of[name] for name in names}


def failed_checks(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    return {
        e.check_name: e.description or ""
        for e in result.get_asset_check_evaluations()
        if not e.passed
    }


def failure_text(result: dg.ExecuteInProcessResult) -> str:
    return "\n".join(
        e.step_failure_data.user_failure_data.description or ""
        for e in result.all_events
        if e.is_step_failure and e.step_failure_data.user_failure_data
    )


def count(world: World, table: str) -> int:
    with world.engine.connect() as connection:
        return int(
            connection.execute(text(f"SELECT count(*) FROM scriptright.{table}")).scalar_one()
        )


def test_a_first_copy_tells_its_story_on_every_asset(world: World, run_job: Run) -> None:
    result = run_job()
    assert (failure_text(result), failed_checks(result)) == ("", {})
    assert result.success
    assert len(result.get_asset_check_evaluations()) == 8
    assert part(facts(result, "raw_clients"), "rows_read", "snapshot", "pims") == {
        "rows_read": 2, "snapshot": 1, "pims": "generic",
    }  # fmt: skip
    assert part(facts(result, "pets"), "rows_read", "new", "unchanged", "quarantined") == {
        "rows_read": 3, "new": 2, "unchanged": 0, "quarantined": 1,
    }  # fmt: skip
    assert facts(result, "pets")["quarantine"].startswith("| reason | count |\n|---|---|\n| ")
    assert part(facts(result, "change_deltas"), "first_load", "new", "suggestions") == {
        "first_load": True, "new": 4, "suggestions": 0,
    }  # fmt: skip
    assert part(facts(result, "scriptright_records"), "state", "clients_new", "pets_new") == {
        "state": "applied", "clients_new": 2, "pets_new": 2,
    }  # fmt: skip
    assert facts(result, "change_deltas")["in_words"] == (
        "A first copy, snapshot 1: 4 new records."
    )
    assert facts(result, "scriptright_records")["in_words"] == (
        "**Applied: snapshot 1.** 2 new clients, 2 new pets."
        "\n\n1 row not taken: `vet-pipeline status elm-street` says why"
    )
    assert (count(world, "client"), count(world, "pet"), count(world, "outbox")) == (2, 2, 1)
    stages = ("raw_clients", "clients", "change_deltas")
    assert len({facts(result, a)["snapshot_hash"] for a in stages}) == 1
    # The asset's own page shows the newest of whichever practice.
    stages = (*stages, "raw_patients", "pets", "scriptright_records")
    assert {facts(result, a)["practice"] for a in stages} == {"elm-street"}


def test_a_refresh_shows_its_changes_by_field(world: World, run_job: Run) -> None:
    run_job()
    world.pims.run(
        "UPDATE vetpipeline_clients SET email = 'new@garcia.example' WHERE client_key = '1'"
    )
    world.pims.run("UPDATE vetpipeline_patients SET name = 'Rexy' WHERE patient_key = '11'")
    result = run_job()
    assert result.success
    told = facts(result, "change_deltas")
    assert part(told, "changed", "automatic_changes", "suggestions", "unchanged") == {
        "changed": 2, "automatic_changes": 1, "suggestions": 1, "unchanged": 2,
    }  # fmt: skip
    assert told["changes_by_field"] == (
        "| record | field | action | reason | count |\n|---|---|---|---|---|\n"
        "| client | email | apply | changed | 1 |\n| pet | name | suggest | changed | 1 |"
    )
    assert count(world, "outbox") == 1


def test_the_page_of_changes_says_what_is_asked_as_most_of_a_few_change(
    world: World, run_job: Run
) -> None:
    run_job()
    set_for(world, thresholds=Thresholds(ask_from=1))
    world.pims.run("UPDATE vetpipeline_clients SET email = client_key || '@new.example'")
    result = run_job()
    told = part(facts(result, "change_deltas"), "automatic_changes", "suggestions")
    assert told == {"automatic_changes": 0, "suggestions": 2}
    assert part(facts(result, "scriptright_records"), "suggestions_opened") == {
        "suggestions_opened": 2
    }


def set_for(world: World, **settings: Any) -> None:
    with world.engine.begin() as connection:
        given = Settings(**settings)
        practices.change_settings(connection, "elm-street", given, by="Test Person")


def test_a_plan_changes_nothing_and_records_no_hold(world: World, run_job: Run) -> None:
    world.pims.run("DELETE FROM vetpipeline_patients")
    result = run_job("plan_practice")
    assert failed_checks(result) == {
        "snapshot_is_plausible": "Snapshot 1 would be held: patient table empty. Next step: look at"
        " the PIMS; this was a look, so nothing is held yet, and a copy reads anew:"
        " vet-pipeline run elm-street"
    }
    assert facts(result, "change_deltas")["in_words"] == (
        "**Snapshot 1 looks broken: a copy would hold it.**\n\n- patient table empty\n\nNext step:"
        " look at the PIMS. This was a look, so nothing is held yet, and a copy reads anew:"
        " `vet-pipeline run elm-street`."
    )
    assert {t: count(world, t) for t in ("client", "pet", "load", "hold", "outbox")} == {
        "client": 0, "pet": 0, "load": 0, "hold": 0, "outbox": 0,
    }  # fmt: skip


def test_a_snapshot_that_looks_broken_is_held_until_a_person_releases_it(
    world: World, run_job: Run
) -> None:
    from vet_pipeline.scriptright.decisions import holds

    run_job()
    world.pims.run("DELETE FROM vetpipeline_patients")
    held = run_job()
    assert not held.success
    assert "is held: patient table empty" in failed_checks(held)["snapshot_is_plausible"]
    told = facts(held, "change_deltas")["in_words"]
    assert told.startswith(
        "**Held: snapshot 2 looks broken, so it changes nothing.**\n\n- patient table empty\n"
    )
    assert "`vet-pipeline release elm-street --snapshot 2 --by NAME`" in told
    assert not any(
        e.asset_key == dg.AssetKey("scriptright_records")
        for e in held.get_asset_materialization_events()
    )
    assert (count(world, "load"), count(world, "hold")) == (1, 1)
    holds.release(world.engine, "elm-street", by="Dr. Test")
    applied = run_job("apply_stored_snapshot")
    assert applied.success
    assert facts(applied, "scriptright_records")["missing"] == 2
    assert facts(applied, "change_deltas")["in_words"] == (
        "A refresh, snapshot 2: 2 records that are missing."
    )
    assert facts(applied, "scriptright_records")["in_words"] == (
        "**Applied: snapshot 2.** 2 records now missing."
    )
    assert count(world, "load") == 2


def test_a_held_snapshot_cannot_be_applied_by_materializing_the_last_asset_alone(
    world: World, run_job: Run
) -> None:
    world.pims.run("DELETE FROM vetpipeline_patients")
    run_job()
    alone = run_job(asset_selection=[dg.AssetKey("scriptright_records")])
    assert not alone.success
    assert "is held" in failure_text(alone)
    assert count(world, "load") == 0


def test_every_asset_can_be_materialized_alone_from_the_latest_stored_stage(
    world: World, run_job: Run
) -> None:
    run_job()
    for asset in ("clients", "pets", "change_deltas", "scriptright_records"):
        assert run_job(asset_selection=[dg.AssetKey(asset)]).success, asset
    assert count(world, "load") == 1


def test_a_copy_that_stopped_before_applying_is_finished_from_its_stored_snapshot(
    world: World, run_job: Run
) -> None:
    run_job("plan_practice")
    world.pims.path.unlink()  # the PIMS is gone: nothing of it is needed any more
    assert run_job("apply_stored_snapshot").success
    assert count(world, "client") == 2


def test_the_history_of_a_practice_is_kept_by_partition(world: World, run_job: Run) -> None:
    run_job()
    run_job()
    found = world.instance.fetch_materializations(
        dg.AssetRecordsFilter(dg.AssetKey("scriptright_records"), asset_partitions=["elm-street"]),
        limit=10,
    )
    told = [record.asset_materialization.metadata["snapshot"].value for record in found.records]
    assert told == [2, 1]
    evaluations = world.instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(dg.AssetKey("pets"), "pets_are_valid"), limit=10
    )
    assert [e.event.dagster_event.asset_check_evaluation_data.partition for e in evaluations] == [
        "elm-street",
        "elm-street",
    ]


def stored_text(world: World, result: dg.ExecuteInProcessResult) -> str:
    """Everything Dagster keeps of a run."""
    run = world.instance.get_run_by_id(result.run_id)
    entries = world.instance.all_logs(result.run_id)
    return "\n".join([dg.serialize_value(run), *(dg.serialize_value(entry) for entry in entries)])


def test_nothing_of_a_client_or_pet_gets_into_dagster(world: World, run_job: Run) -> None:
    canaries = ["Zyxgarcia", "Zyxstreet", "zyxmail", "5035550199", "503-555-0199", "Zyxpet"]
    world.pims.add_client(
        "9", first_name="Zyxgarcia", last_name="Zyxgarcia", address_line1="1 Zyxstreet",
        email="zyxmail@b.example", phone1="503-555-0199",
    )  # fmt: skip
    world.pims.add_patient(
        "99", "9", name="Zyxpet", species="Zyxpet", birth_date="2020-13-45 Zyxpet"
    )
    first = run_job()
    world.pims.run("UPDATE vetpipeline_patients SET name = 'Zyxpet II', weight = 'Zyxpet'")
    second = run_job()
    for result in (first, second):
        assert result.success
        stored = stored_text(world, result)
        assert [canary for canary in canaries if canary in stored] == []


def test_a_failed_read_leaves_nothing_and_says_the_next_step(world: World, run_job: Run) -> None:
    world.pims.run("ALTER TABLE vetpipeline_clients DROP COLUMN email")
    result = run_job()
    assert not result.success
    assert "practice elm-street: " in failure_text(result)
    assert "Next step: " in failure_text(result)
    assert (count(world, "load"), count(world, "client")) == (0, 0)


def test_a_paused_practice_is_refused_and_nothing_is_read(world: World, run_job: Run) -> None:
    from vet_pipeline.registry import practices

    with world.engine.begin() as connection:
        practices.pause(connection, "elm-street", by="Test", reason="moving house")
    result = run_job()
    assert "the practice is paused: nothing is read" in failure_text(result)
    assert not list(world.pims.path.parent.glob("snapshots/*/*"))


def test_a_run_carries_the_tags_to_find_it_by(world: World, run_job: Run) -> None:
    run = world.instance.get_run_by_id(run_job("plan_practice").run_id)
    assert run is not None
    assert {k: v for k, v in run.tags.items() if k in ("practice", "pims")} == {
        "practice": "elm-street",
        "pims": "generic",
    }
