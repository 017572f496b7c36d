"""What on-call sees of one practice tells of no other: `ops` sees the rows of all of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, load, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.deltas.guards import GuardBreach
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import Settings
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import holds
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.telling import alerts
from vet_pipeline.scriptright.telling.alert_healing import LATEST_BY, promised
from vet_pipeline.scriptright.telling.fleet import fleet
from vet_pipeline.scriptright.telling.overview import overview

EMPTY = GuardBreach("client_table_empty", 0, 0, None)
# Of each practice: what stands in the overview beside its registration.
QUIET = {
    "applied_snapshot": 1, "loads": 1, "held_snapshot": None, "held_rules": (),
    "released_snapshot": None, "open_suggestions": 0, "open_matches": 0, "open_link_reviews": 0,
    "held_prescriptions": 0, "links_held_back": False, "mostly_refused": (), "email": "pending", "email_error": None,
}  # fmt: skip
BUSY = {
    "applied_snapshot": 2, "loads": 2, "held_snapshot": 4, "held_rules": ("client_table_empty",),
    "released_snapshot": 3, "open_suggestions": 1, "open_matches": 1, "open_link_reviews": 1,
    "held_prescriptions": 1, "links_held_back": True, "mostly_refused": (), "email": "parked", "email_error": "refused",
}  # fmt: skip


@pytest.fixture
def three(engine: Engine) -> Engine:
    """Oak, where everything waits for a person; Ash and Elm, before and after it, where nothing does."""
    for name in ("ash", "elm", "oak"):
        add_practice(engine, name)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee"})
    asked = ToldMatcher({"2": ("possible", [1])})
    clients = [client("1"), client("2", email=None)]
    load(engine, "oak", 1, clients, [pet("7", "1")], matcher=asked)
    load(
        engine,
        "oak",
        2,
        [client("1", last_name="Moss"), clients[1]],
        [pet("7", "1")],
        matcher=asked,
    )
    for seq in (3, 4):
        holds.hold(engine, "oak", seq, [EMPTY])
    holds.release(engine, "oak", 3, by="Pat Doe")
    for name in ("ash", "elm"):
        load(engine, name, 1, [client("1")], [pet("7", "1")], matcher=ToldMatcher({}))
    with engine.begin() as connection:
        for drug in ("tramadol", "gabapentin"):
            web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug=drug)
        connection.execute(
            text("UPDATE scriptright.prescription SET state = 'owner_changed' WHERE drug LIKE 't%'")
        )
        connection.execute(
            text(
                "INSERT INTO scriptright.link_review (practice_id, record, pims_id, record_id,"
                " reasons, shown) VALUES ('oak', 'client', '1', 2, '{names_differ}', 'x')"
            )
        )
        connection.execute(
            text(
                "UPDATE scriptright.outbox SET state = 'parked', last_error = 'refused'"
                " WHERE practice_id = 'oak'"
            )
        )
        connection.execute(
            text(
                "UPDATE scriptright.load SET counts = counts || '{\"scores_unlike\": 1}'"
                " WHERE practice_id = 'oak'"
            )
        )
        for job, error in (("copy_practice", "StaleDelta"), ("send_confirmation", "Parked")):
            later = datetime.now(UTC) + timedelta(seconds=1)
            one = Failure(f"run of {job}", job, "oak", later, error, "no", "look")
            alerts.record_failures(connection, [(one, cause_of(one, pims=None, server=None))])
    return engine


def test_the_overview_of_a_practice_counts_its_own_alone(three: Engine) -> None:
    with connected(three, "ops") as connection:
        found = {one.practice_id: asdict(one) for one in overview(connection)}
        alone = {name: asdict(overview(connection, name)[0]) for name in found}
    assert found == alone
    said = {name: {key: one[key] for key in QUIET} for name, one in found.items()}
    assert said == {"ash": QUIET, "elm": QUIET, "oak": BUSY}
    assert [one["last_counts"]["clients_read"] for one in found.values()] == [1, 1, 2]


def test_a_word_that_may_say_dead_is_told_until_the_practices_words_are_set(
    engine: Engine,
) -> None:
    add_practice(engine)

    def told(seq: int | None, status: str | None, weight: str = "20") -> bool:
        if seq is not None:
            rows = [pet("7", "1", deceased_flag=None, status=status, weight=weight)]
            load(engine, "oak", seq, [client("1")], rows, matcher=ToldMatcher({}))
        with connected(engine, "ops") as connection:
            return overview(connection, "oak")[0].unknown_words

    assert [told(1, "Active"), told(2, "Expired"), told(3, "Expired")] == [False, True, True]
    with engine.begin() as connection:
        practices.change_settings(
            connection, "oak", Settings(deceased_words=("expired",)), by="Dana Field"
        )
    assert [told(None, None), told(4, "Gone", "21")] == [False, True]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.load SET recorded_at = now() - interval '31 days'")
        )
    assert not told(None, None)


def test_the_fleet_knows_which_practice_is_held_and_which_fails_of_its_copy(three: Engine) -> None:
    with connected(three, "ops") as connection:
        found = fleet(connection).practices
    assert [(p.practice_id, p.held, p.failing, p.failures) for p in found] == [
        ("ash", False, None, 0),
        ("elm", False, None, 0),
        ("oak", True, "StaleDelta", 1),
    ]


def test_the_database_and_the_program_agree_on_when_a_practice_is_late(three: Engine) -> None:
    with three.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET last_success_at = NULL,"
                " clients_read = CASE practice_id WHEN 'elm' THEN 10000 ELSE 9999 END"
                " WHERE practice_id IN ('ash', 'elm')"
            )
        )
    late = text(f"SELECT p.practice_id, {LATEST_BY} FROM scriptright.practice p")
    with connected(three, "ops") as connection:
        by_database = dict(connection.execute(late, promised()).tuples().all())
        by_program = {one.practice_id: one.latest for one in fleet(connection).practices}
    assert by_database == by_program
    assert by_program["elm"] - by_program["ash"] > timedelta(days=6)
