"""What the sensor run_failed makes of Dagster's runs: one alert a cause, told once, lost by nobody."""

from datetime import timedelta

import dagster as dg
import pytest
from sqlalchemy import text

from automation import alerts as sensor_module
from automation.alerts import run_failed
from resources.failures import told_as_failures
from resources.mailer import MailerResource
from tests.assets.conftest import World
from tests.mail.conftest import MailServer
from tests.scriptright.builders import add_practice
from vet_pipeline.definitions import build_definitions
from vet_pipeline.errors import PimsAccessDenied, PipelineError, SnapshotStoreFull, UsageError
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.telling import alerts, watch
from vet_pipeline.scriptright.telling.fleet import told_late


@dg.op(config_schema={"error": str})
@told_as_failures
def fails(context: dg.OpExecutionContext) -> None:
    """Fails as an asset does."""
    kinds: dict[str, type[PipelineError]] = {"denied": PimsAccessDenied, "full": SnapshotStoreFull}
    raise kinds[context.op_config["error"]]("no way in", next_step="ask the practice")


@dg.job
def copy_practice() -> None:
    """A job of the name that alerts are about."""
    fails()


@dg.job
def remove_old_snapshots() -> None:
    """A job that is about no practice."""
    fails()


def fail(
    world: World, practice: str | None, error: str = "denied", job: dg.JobDefinition = copy_practice
) -> str:
    """A run that failed; its id."""
    result = job.execute_in_process(
        instance=world.instance,
        raise_on_error=False,
        run_config={"ops": {"fails": {"config": {"error": error}}}},
        tags={"practice": practice} if practice else {},
    )
    assert not result.success
    return result.run_id


def tick(world: World, server: MailServer | None = None, cursor: str = "") -> dg.SensorResult:
    mailer = MailerResource()
    if server is not None:
        settings = server.settings
        mailer = MailerResource(
            host=settings.host, port=settings.port, security="none", sender=settings.sender
        )
    with dg.build_sensor_context(
        instance=world.instance,
        cursor=cursor,
        resources={"scriptright": world.resources["scriptright"], "mailer": mailer},
    ) as context:
        result = run_failed(context)
    assert isinstance(result, dg.SensorResult)
    return result


def age(world: World, **by: float) -> None:
    """Let the open alerts be older than they are."""
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.alert SET opened_at = opened_at - CAST(:by AS interval)"),
            {"by": timedelta(**by)},
        )


def opened(world: World) -> list[tuple[str, tuple[str, ...]]]:
    with world.engine.connect() as connection:
        return [(one.cause, one.practices) for one in alerts.open_alerts(connection)]


def test_two_practices_that_fail_of_one_cause_are_one_mail_and_never_a_second_one(
    world: World, server: MailServer
) -> None:
    add_practice(world.engine, "oak")
    fail(world, "elm-street")
    run_id = fail(world, "oak")
    tick(world, server)
    assert server.postbox.messages == [], "others may fail of it in the same minute"
    age(world, minutes=3)
    for _ in range(3):
        tick(world, server)
    (message,) = server.postbox.messages
    assert message["Subject"] == "[vet-pipeline] PimsAccessDenied (generic): 2 practices"
    assert server.postbox.recipients == [["oncall@scriptright.example"]]
    told = message.get_content()
    for line in (
        "What fails:  2 practices: PimsAccessDenied. no way in.",
        "Where:       PIMS generic",
        "Was tried:   2 runs failed; once it is due the sensor tries each again every 24 hours",
        "What to do:  ask the practice.",
        "then: vet-pipeline retry --cause 'PimsAccessDenied|generic'",
        "Practices:   elm-street, oak",
        f"Newest run:  https://dagster.example/runs/{run_id}",
    ):
        assert line in told


def test_a_tick_that_was_killed_before_it_kept_anything_loses_nothing(
    world: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(world, "elm-street")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("vet_pipeline.scriptright.telling.watch.note", killed)
        with pytest.raises(KeyboardInterrupt):
            tick(world, server)
    assert opened(world) == []
    tick(world, server)
    assert opened(world) == [("PimsAccessDenied|generic", ("elm-street",))]


def test_a_run_recorded_by_a_clock_that_was_ahead_hides_nothing(world: World) -> None:
    tick(world)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.watch SET seen_to = now() + interval '13 h'"))
    fail(world, "elm-street")
    tick(world)
    assert opened(world) == [("PimsAccessDenied|generic", ("elm-street",))]


def test_what_failed_while_no_daemon_ran_is_found_when_it_runs_again(world: World) -> None:
    tick(world)
    fail(world, "elm-street")
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.watch SET at = at - interval '2 days',"
                " seen_to = seen_to - interval '2 days'"
            )
        )
    for _ in range(2):
        tick(world)
    assert opened(world) == [("PimsAccessDenied|generic", ("elm-street",))]
    with world.engine.connect() as connection:
        (alert,) = alerts.open_alerts(connection)
    assert alert.failures == 1


def test_a_run_that_dagster_starts_once_more_is_no_news(world: World) -> None:
    run_id = fail(world, "elm-street")
    world.instance.add_run_tags(run_id, {"dagster/will_retry": "true"})
    tick(world)
    assert opened(world) == []


def test_a_job_about_no_practice_is_told_too_and_heals_with_its_next_success(world: World) -> None:
    fail(world, None, "full", remove_old_snapshots)
    tick(world)
    assert opened(world) == [("SnapshotStoreFull|||remove_old_snapshots", ())]

    @dg.job(name="remove_old_snapshots")
    def repaired() -> None:
        pass

    assert repaired.execute_in_process(instance=world.instance).success
    tick(world)
    assert opened(world) == []


def test_a_late_practice_is_told_by_name_until_it_is_copied(world: World) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET installed_at = now() - interval '8 days'")
        )
    tick(world)
    assert opened(world) == [("Late", ("elm-street",))]
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET last_success_at = now()"))
    tick(world)
    assert opened(world) == []


@pytest.mark.parametrize(("error", "mails"), [("full", 2), ("denied", 1)])
def test_a_practice_that_fails_until_it_is_late_is_told_of_its_failure_alone_and_once_more(
    world: World, server: MailServer, error: str, mails: int
) -> None:
    """With a full disk it can be read: the trouble is ours. One that can't be read is never late."""
    for _ in range(2):
        fail(world, "elm-street", error)
    tick(world)
    age(world, minutes=3)
    tick(world, server)
    with world.engine.begin() as connection:
        for table, column, hours in (
            ("alert", "told_at", 20), ("alert_practice", "first_failed_at", 21),
            ("practice", "installed_at", 169),
        ):  # fmt: skip
            connection.exec_driver_sql(
                f"UPDATE scriptright.{table} SET {column} = now() - interval '{hours} h'"
            )
    for _ in range(3):
        tick(world, server)
    (open_alert,) = opened(world)
    assert open_alert[1] == ("elm-street",)
    assert len(server.postbox.messages) == mails
    said = "late since" if mails == 2 else "late at"
    assert f"the first of them is {said}" in server.postbox.messages[-1].get_content()
    with connected(world.engine, "ops") as connection:
        late = ["elm-street"] if mails == 2 else []
        assert [one for one, _ in told_late(connection)] == late, "`watch` counts it"


def test_assets_materialized_in_the_ui_or_by_a_backfill_are_told_as_a_copy(
    world: World, server: MailServer
) -> None:
    world.pims.run("DROP TABLE vetpipeline_patients")
    everything = build_definitions(
        resources=world.resources
    ).resolve_implicit_global_asset_job_def()
    names = ("raw_clients", "raw_patients", "clients", "pets", "change_deltas")
    chosen = everything.get_subset(asset_selection={dg.AssetKey(name) for name in names})
    chosen.execute_in_process(
        instance=world.instance,
        partition_key="elm-street",
        raise_on_error=False,
        tags={"practice": "elm-street", "vet_pipeline/no_retries": "yes"},
    )
    tick(world, server)
    age(world, minutes=3)
    tick(world, server)
    assert opened(world) == [("SnapshotShapeChanged|generic", ("elm-street",))]
    (message,) = server.postbox.messages
    assert "then: vet-pipeline retry elm-street" in message.get_content()


def test_addresses_that_are_none_are_told_by_every_tick_and_by_watch(
    world: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "oncall@b.example, second@b.example")
    fail(world, "elm-street")
    for _ in range(2):
        with pytest.raises(UsageError, match="VET_PIPELINE_ALERTS_TO"):
            tick(world, server)
    with world.engine.connect() as connection:
        assert "run_failed" not in watch.looks(connection)
    monkeypatch.setenv("VET_PIPELINE_ALERTS_TO", "oncall@b.example")
    age(world, minutes=3)
    tick(world, server)
    assert len(server.postbox.messages) == 1


def test_without_an_address_nobody_is_mailed_and_the_tick_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VET_PIPELINE_ALERTS_TO", raising=False)
    fail(world, "elm-street")
    reason = tick(world).skip_reason
    assert reason is not None
    assert reason.skip_message == (
        "1 alerts are open. Nobody is mailed: VET_PIPELINE_ALERTS_TO is not set"
    )


def test_an_old_history_is_taken_in_page_by_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.failures._PAGE", 2)
    for name in ("ash", "oak"):
        add_practice(world.engine, name)
    for name in ("ash", "elm-street", "oak", "ash", "oak"):
        fail(world, name)
    sensor_module.take_in(world.instance, world.engine)
    with world.engine.connect() as connection:
        found = alerts.open_alerts(connection)
    ours, theirs = sorted(found, key=lambda alert: len(alert.practices))
    assert (ours.practices, ours.failures, ours.server) == (("elm-street",), 1, None)
    assert (theirs.practices, theirs.failures) == (("ash", "oak"), 4)
    assert theirs.server == theirs.cause.rpartition("|")[2], "both are read from one file"


def test_more_failures_than_a_tick_has_time_for_are_taken_in_tick_by_tick(world: World) -> None:
    for _ in range(3):
        fail(world, "elm-street")
    counted = []
    for _ in range(4):
        sensor_module.take_in(world.instance, world.engine, seconds=0)
        with world.engine.connect() as connection:
            [alert] = alerts.open_alerts(connection)
        counted.append(alert.failures)
    assert counted == [1, 2, 3, 3]
