"""What an alert's mail says: plain functions, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vet_pipeline.oncall.words import AlertWords, body, subject

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

WORDS = AlertWords(
    error="PimsUnavailable",
    cause="PimsUnavailable|ezyvet|srv-1",
    job="copy_practice",
    pims="ezyvet",
    server="srv-1",
    practices=["ash", "oak"],
    failures=3,
    since=NOW - HOUR,
    what="the PIMS can't be reached, connecting (08001/101)",
    next_step="call the practice",
    retryable=True,
    latest=NOW + 13 * HOUR,
    run_id="0f3a",
    number=1,
)


def test_an_alert_says_what_failed_since_when_what_was_tried_and_what_to_do() -> None:
    assert subject(WORDS) == "PimsUnavailable (ezyvet, srv-1): 2 practices"
    told = body(WORDS, pages="https://dagster.example", now=NOW)
    assert told.splitlines()[:9] == [
        "What fails:  2 practices: PimsUnavailable."
        " the PIMS can't be reached, connecting (08001/101).",
        "Where:       PIMS ezyvet, the server srv-1 that they share",
        "Since:       2026-11-23 02:00 UTC",
        "Was tried:   3 runs failed, each with three retries within minutes; once it is due the"
        " sensor tries each again every 4 hours, each hour around the time when it is late",
        "What to do:  call the practice.",
        "             then: vet-pipeline retry --cause 'PimsUnavailable|ezyvet|srv-1'",
        "By when:     the first of them is late at 2026-11-23 16:00 UTC, in 13 hours",
        "Practices:   ash, oak",
        "Newest run:  https://dagster.example/runs/0f3a",
    ]


def test_where_nobody_else_was_copied_a_practice_is_not_the_first_to_look_at() -> None:
    assert body(replace(WORDS, none_copied=True), pages="", now=NOW).splitlines()[4:7] == [
        "What to do:  call the practice.",
        "             above all see whether its vendor, or our own network, is down:"
        " nobody else was copied since",
        "             then: vet-pipeline retry --cause 'PimsUnavailable|ezyvet|srv-1'",
    ]


def test_an_alert_about_a_run_that_died_names_no_retries_of_its_steps_and_one_command_once() -> (
    None
):
    died = replace(
        WORDS, error="WorkerDied", practices=["oak"], next_step="vet-pipeline retry oak", failures=1
    )
    assert body(died, pages="", now=NOW).splitlines()[3:6] == [
        "Was tried:   1 run failed; once it is due the sensor tries each again every 4 hours,"
        " each hour around the time when it is late",
        "What to do:  vet-pipeline retry oak.",
        "By when:     the first of them is late at 2026-11-23 16:00 UTC, in 13 hours",
    ]


def test_an_alert_about_practices_that_differ_says_whose_words_it_has() -> None:
    unlike = replace(WORDS, next_step="vet-pipeline release oak --snapshot 5", alike=False)
    newest = "             that is the newest; each other's: vet-pipeline show PRACTICE;"
    retry = "vet-pipeline retry --cause 'PimsUnavailable|ezyvet|srv-1'"
    assert body(unlike, pages="", now=NOW).splitlines()[5] == f"{newest} then: {retry}"
    held = replace(unlike, error="SnapshotHeld")
    assert body(held, pages="", now=NOW).splitlines()[4:6] == [
        "What to do:  vet-pipeline release oak --snapshot 5.",
        f"{newest} or, once the PIMS is corrected: {retry}",
    ]
    one = body(replace(held, practices=["oak"], alike=True), pages="", now=NOW)
    assert one.splitlines()[5] == (
        "             or, once the PIMS is corrected: vet-pipeline retry oak"
    )


@pytest.mark.parametrize("what_stands", ["dagster-daemon", "the refresh", "sensors and schedules"])
def test_an_alert_about_what_reads_nobody_never_says_that_it_can_wait(what_stands: str) -> None:
    silent = replace(
        WORDS, error="DaemonStopped", job=what_stands, pims=None, server=None, practices=[],
        failures=0, what="no heartbeat", next_step="start it", retryable=False, latest=None,
        run_id=None,
    )  # fmt: skip
    assert body(silent, pages="", now=NOW).splitlines()[:6] == [
        f"What fails:  {what_stands}: DaemonStopped. no heartbeat.",
        "Where:       our side",
        "Since:       2026-11-23 02:00 UTC",
        "Was tried:   nothing: no run has failed of it",
        "What to do:  start it.",
        "By when:     each practice is late 72 hours after its last copy: vet-pipeline status"
        " --fleet",
    ]


def test_an_alert_about_a_broken_audit_trail_wakes_somebody() -> None:
    broken = replace(
        WORDS, error="AuditBroken", cause="AuditBroken|||verify_audit", job="verify_audit", pims=None, server=None, practices=[],
        failures=0, what="it was tampered with: oak", next_step="vet-pipeline audit verify oak",
        retryable=False, latest=None,
    )  # fmt: skip
    assert body(broken, pages="", now=NOW).splitlines()[4:7] == [
        "What to do:  vet-pipeline audit verify oak.",
        "             change nothing until the trail is settled: docs/runbook.md",
        "By when:     now: wake whoever is responsible for the database",
    ]
    assert "told again by each run that finds it" in body(broken, pages="", now=NOW)
    assert subject(replace(broken, number=2)) == "again: AuditBroken: job verify_audit"


def test_an_alert_about_a_parked_confirmation_says_no_more_than_what_to_do() -> None:
    parked = replace(
        WORDS, error="ConfirmationParked", job="send_confirmation", practices=["oak"],
        next_step="ask", retryable=False,
    )  # fmt: skip
    assert body(parked, pages="", now=NOW).splitlines()[4:6] == [
        "What to do:  ask.",
        "By when:     no practice's time hangs on it; it can wait for the morning",
    ]
    several = replace(parked, practices=["ash", "oak"], alike=False)
    assert body(several, pages="", now=NOW).splitlines()[4:6] == [
        "What to do:  ask.",
        "             that is the newest; each other's: vet-pipeline show PRACTICE",
    ]


def test_an_alert_about_a_red_check_never_says_to_try_again() -> None:
    red = replace(WORDS, error="CheckFailed", cause="CheckFailed|ezyvet||pets_are_valid",
                  next_step="pause it", practices=["oak"])  # fmt: skip
    assert "What to do:  pause it.\nBy when: " in body(red, pages="", now=NOW)
    several = body(replace(red, practices=["ash", "oak"]), pages="", now=NOW)
    assert "pause it.\n             that is the newest; the same for each of them\n" in several
    assert "By when:     the first of them is late at 2026-11-23 16:00 UTC, in 13 hours" in several


@pytest.mark.parametrize(
    ("cause", "whom"),
    [
        ("CheckFailed|ezyvet||accounts_balance", "the owners"),
        ("CheckFailed|||ledger_is_in_order", "the owners"),
        ("WitnessLost|||verify_audit", "whoever is responsible for the database"),
    ],
)
def test_what_the_runbook_wakes_somebody_for_is_never_left_until_the_morning(
    cause: str, whom: str
) -> None:
    told = body(replace(WORDS, error=cause.split("|")[0], cause=cause), pages="", now=NOW)
    assert f"By when:     now: wake {whom}\n" in told


def test_a_later_mail_says_who_is_new_or_that_it_is_as_it_was() -> None:
    later = replace(WORDS, number=2, joined=1)
    assert subject(later) == "more: PimsUnavailable (ezyvet, srv-1): 2 practices"
    told = body(later, pages="", now=NOW)
    assert "Joined:      ash, since the last mail\nPractices:   ash, oak\n" in told
    late = replace(later, joined=0, practices=["oak"])
    assert subject(late) == "still: PimsUnavailable (ezyvet, srv-1): practice oak", (
        "it is late by now"
    )
    assert "Joined" not in body(late, pages="", now=NOW)


def test_a_long_list_of_practices_is_cut_and_a_link_needs_an_address() -> None:
    many = replace(WORDS, practices=[f"p{n}" for n in range(30)])
    told = body(many, pages="", now=NOW)
    assert "p19 and 10 more" in told
    assert "Newest run:  0f3a" in told


@pytest.mark.parametrize("error", ["MailUnavailable", "UsageError", "SnapshotStoreFull"])
def test_an_alert_about_a_mail_sends_nobody_to_read_the_pims(error: str) -> None:
    about = replace(WORDS, job="send_confirmation", error=error, retryable=error != "UsageError")
    told = body(about, pages="", now=NOW).splitlines()
    assert told[3] == "Was tried:   3 runs failed; it is tried again by itself"
    assert told[5] == "             then: vet-pipeline email send, or nothing: the sensor does it"
    assert told[6] == "By when:     no practice's time hangs on it; it can wait for the morning"


@pytest.mark.parametrize(
    ("run_id", "tried"),
    [
        ("0f3a", "3 runs failed; it is never sent by itself"),
        (None, "it is never sent by itself"),
    ],
)
def test_a_parked_mail_is_never_sent_by_itself(run_id: str | None, tried: str) -> None:
    about = replace(
        WORDS, job="send_confirmation", error="ConfirmationParked", retryable=False, run_id=run_id
    )
    assert f"Was tried:   {tried}" in body(about, pages="", now=NOW).splitlines()
