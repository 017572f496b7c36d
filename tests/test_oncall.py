"""Causes, and when a person is told: plain functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vet_pipeline import errors, service_levels
from vet_pipeline.oncall.causes import Failure, cause_of, is_retryable, shared_servers
from vet_pipeline.oncall.fleet_page import Counted, markdown, page, plot, refreshes
from vet_pipeline.oncall.telling import AlertFacts, tell_now

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def key(error: str, *, practice: str | None = "oak", place: str = "") -> str:
    one = Failure("run", "copy_practice", practice, NOW, error, "what", "next", place)
    return cause_of(one, pims="ezyvet" if practice else None, server="srv-1").key


def test_a_cause_is_the_error_and_what_may_be_behind_it() -> None:
    assert {
        name: key(name)
        for name in ("PimsUnavailable", "SnapshotShapeChanged", "DatabaseUnavailable")
    } == {
        "PimsUnavailable": "PimsUnavailable|ezyvet|srv-1",  # the server
        "SnapshotShapeChanged": "SnapshotShapeChanged|ezyvet",  # the vendor's release
        "DatabaseUnavailable": "DatabaseUnavailable",  # ours
    }
    assert key("ValueError", place="vet_pipeline/x.py:7") == "ValueError|||vet_pipeline/x.py:7"
    assert key("SnapshotStoreFull", practice=None) == "SnapshotStoreFull|||copy_practice"


def test_what_is_set_wrong_is_one_cause_only_where_it_is_the_same_thing() -> None:
    unset = {
        practice: cause_of(
            Failure("run", "copy_practice", practice, NOW, "UsageError", what, "set"),
            pims="ezyvet",
            server=None,
        ).key
        for practice, what in (
            ("ash", "the environment variable ASH_ODBC isn't set"),
            ("birch", "the environment variable BIRCH_ODBC isn't set"),  # the daemon has none
            ("elm", "the snapshots' address can't be used"),
        )
    }
    assert unset["ash"] == unset["birch"] != unset["elm"]
    assert all(cause.startswith("UsageError|||") for cause in unset.values())


def test_confirmations_that_were_parked_for_one_reason_are_one_cause() -> None:
    restored, refused = "DatabaseRestored", "refused: SMTP 550"
    parked = [
        cause_of(
            Failure(
                "", "send_confirmation", practice, NOW, "ConfirmationParked", why, f"{practice}"
            ),
            pims="ezyvet",
            server=None,
        ).key
        for practice, why in (("ash", restored), ("birch", restored), ("elm", refused))
    ]
    assert parked[0] == parked[1] != parked[2]


def test_a_server_is_a_cause_only_where_practices_share_it() -> None:
    servers = {"ash": "srv-1", "elm": "srv-1", "oak": "srv-2", "fir": None}
    assert shared_servers(servers) == {"ash": "srv-1", "elm": "srv-1"}


def test_what_may_pass_is_what_the_errors_say_and_a_worker_that_died() -> None:
    assert is_retryable("PimsUnavailable")
    assert is_retryable("WorkerDied")
    assert not any(map(is_retryable, ("PimsAccessDenied", "ValueError", "Late", "CheckFailed")))
    for name in service_levels.UNREACHABLE:
        assert issubclass(getattr(errors, name), errors.PipelineError)


FRESH = AlertFacts(
    opened_at=NOW - HOUR,
    retryable=True,
    practices=1,
    failures=1,
    latest=NOW + 24 * HOUR,
    told_at=None,
    told_practices=0,
)


def facts(**changes: object) -> AlertFacts:
    from dataclasses import replace

    return replace(FRESH, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, False),  # may pass by itself, one practice, once, and there is time
        ({"failures": 2}, True),
        ({"practices": 2}, True),
        ({"retryable": False}, True),
        ({"practices": 0}, True),  # a job about no practice
        ({"practices": 2, "apart": True}, False),  # each of its own server
        ({"practices": 2, "apart": True, "failures": 2}, True),
        ({"latest": NOW + 6 * HOUR}, False),  # the next attempt comes within the hour
        ({"latest": NOW + 4 * HOUR}, True),
        ({"retryable": False, "opened_at": NOW - timedelta(minutes=1)}, False),  # more may come
    ],
)
def test_a_first_mail_goes_out_when_a_person_is_needed(
    changes: dict[str, object], told: bool
) -> None:
    assert tell_now(facts(**changes), NOW) is told


@pytest.mark.parametrize(
    ("practices", "hours", "told"),
    [
        (4, 100, False),  # no other practice: never again
        (3, 100, False),  # some have healed
        (7, 2, False),
        (8, 2, True),  # doubled
        (8, 0.5, False),  # not more often than once an hour
        (5, 25, True),  # grown within a day
    ],
)
def test_a_second_mail_needs_more_practices(practices: int, hours: float, told: bool) -> None:
    told_at = NOW - timedelta(hours=hours)
    assert tell_now(facts(practices=practices, told_at=told_at, told_practices=4), NOW) is told


@pytest.mark.parametrize(
    ("practices", "joined", "hours", "told"),
    [
        (1, 1, 25, True),  # the one that was told has healed, another one fails
        (1, 1, 2, True),  # and is as many as were told
        (4, 2, 25, True),
        (4, 0, 25, False),
        (4, 2, 2, False),
    ],
)
def test_who_joins_is_told_even_if_others_have_healed(
    practices: int, joined: int, hours: float, told: bool
) -> None:
    told_practices = 1 if practices == 1 else 4
    one = facts(
        practices=practices, joined=joined, told_practices=told_practices,
        told_at=NOW - timedelta(hours=hours),
    )  # fmt: skip
    assert tell_now(one, NOW) is told


def test_400_practices_that_fail_of_one_cause_over_60_hours_are_seven_mails() -> None:
    """One vendor is down for a whole round of the refresh."""
    mails, told_at, told = 0, None, 0
    for minute in range(60 * 60):
        now, failing = NOW + timedelta(minutes=minute), 1 + minute * 399 // 3600
        one = facts(
            opened_at=NOW, practices=failing, failures=1 + minute // 240,
            latest=NOW + 6 * HOUR, told_at=told_at, told_practices=told,
        )  # fmt: skip
        if tell_now(one, now):
            mails, told_at, told = mails + 1, now, failing
    assert mails == 7


def standing(**changes: object) -> service_levels.Standing:
    from dataclasses import replace

    one = service_levels.Standing("active", NOW - 900 * HOUR, NOW - 50 * HOUR, 3000, False, None)
    return replace(one, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "on time"),
        ({"last_success_at": NOW - 70 * HOUR}, "at risk"),
        ({"failing": "SnapshotShapeChanged"}, "at risk"),
        ({"last_success_at": NOW - 73 * HOUR}, "late"),
        ({"last_success_at": NOW - 73 * HOUR, "failing": "PimsUnavailable"}, "unreachable"),
        ({"last_success_at": NOW - 73 * HOUR, "held": True}, "held"),
        ({"last_success_at": NOW - 73 * HOUR, "registry_state": "paused"}, "paused"),
        ({"last_success_at": None, "installed_at": NOW - 5 * 24 * HOUR}, "on time"),
        ({"last_success_at": None, "installed_at": NOW - 6.5 * 24 * HOUR}, "at risk"),
        ({"last_success_at": None, "installed_at": NOW - 8 * 24 * HOUR}, "late"),
    ],
)
def test_how_a_practice_stands(changes: dict[str, object], state: str) -> None:
    assert standing(**changes).state(NOW) == state


def test_a_first_copy_of_10_000_clients_has_14_days() -> None:
    installed = NOW - 8 * 24 * HOUR
    for clients, days in ((None, 7), (9_999, 7), (10_000, 14)):
        one = standing(last_success_at=None, installed_at=installed, clients_read=clients)
        assert one.latest == installed + timedelta(days=days)
        assert one.is_overdue(NOW) == (days == 7)


def test_the_fleet_page_counts_by_pims_and_hour_and_names_the_most_pressing() -> None:
    def one(name: str, pims: str, state: service_levels.State, due: float) -> Counted:
        at = NOW + timedelta(hours=due)
        failing = "PimsUnavailable" if state == "unreachable" else None
        return Counted(name, pims, state, state == "late", at, at + 6 * HOUR, failing, True)

    found = page(
        [
            one("ash", "ezyvet", "on time", 2.5),
            one("elm", "ezyvet", "late", -20),
            one("fir", "avimark", "at risk", -1),
            one("oak", "avimark", "unreachable", -1),
        ],
        NOW,
    )
    assert found.states == {
        "on time": 1, "at risk": 1, "late": 1, "held": 0, "unreachable": 1, "paused": 0
    }  # fmt: skip
    assert list(found.by_pims) == ["avimark", "ezyvet"]
    assert (found.due_by_hour[:4], found.waiting, found.overdue) == ([2, 0, 1, 0], 2, 1)
    assert found.most_pressing == ["elm", "fir"]
    told = markdown(found, refreshes(NOW, {"asked": 100, "left": 40, "under_way": 7}))
    assert "| ezyvet | 1 | 0 | 1 | 0 | 0 | 0 | 2 |" in told
    assert told.split("\n\n")[1:] == [
        "2026-11-23 03:00 UTC. Due and waiting: 2 practices; without a copy in the time promised,"
        " for whatever reason: 1 practice.",
        "The refresh looked at 2026-11-23 03:00 UTC: asked for 100 runs, left 40 practices waiting;"
        " 7 runs under way; overloaded: whose time runs out first goes first.",
        "Failing: PimsUnavailable (1 practice). `vet-pipeline failed` says why.",
        "Most pressing: elm, fir.",
    ]
    assert "overloaded" not in refreshes(NOW, {"asked": 0, "left": 0, "under_way": 0})
    assert "\n\nNothing starts refreshes: neither" in markdown(found, refreshes(None, {}))
    from xml.etree import ElementTree

    picture = ElementTree.fromstring(plot(found))
    said = [one.text for one in picture.iter() if one.tag.endswith("text")]
    assert "4 practices" in said
    assert "Practices due in each of the coming hours (UTC); the highest bar: 2 practices" in said
    assert not [text for text in said if str(text).isdigit()]  # a number alone says nothing
    assert ElementTree.fromstring(plot(page([], NOW))).tag.endswith("svg")
