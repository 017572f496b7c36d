"""`status` and `failed` for whoever is on call: what is wrong and what to do."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import pytest
from sqlalchemy import Engine, text

from automation.due import due_practices
from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.cli.pims import BELL, REX, make_pims
from vet_pipeline.cli import status
from vet_pipeline.errors import SnapshotHeld
from vet_pipeline.oncall.causes import Failure, cause_of
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.telling.alerts import record_failures


def state(command: CommandLine) -> tuple[str, str]:
    """State and next step of the practice."""
    line = command("status", "elm", "--json").data["practices"][0]
    return line["state"], line["what_to_do"]


def test_how_a_practice_stands_goes_by_the_databases_clock_not_this_machines(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ThreeDaysAhead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(time.time() + 3 * 86_400, tz)

    command.add_practice()
    copy(command)
    monkeypatch.setattr(status, "datetime", ThreeDaysAhead, raising=False)
    line = command("status", "elm", "--json").data["practices"][0]
    assert (line["state"], line["late"]) == ("ok", False)
    assert command("show", "elm", "--json").data["stands"] == "on time"


def test_where_no_practice_is_registered_says_in_which_database(command: CommandLine) -> None:
    for words in (["status"], ["practice", "list"], ["audit", "verify"], ["audit", "keep"]):
        assert command(*words).stdout.splitlines() == [
            "no practice is registered here (the database of SCRIPTRIGHT_URL)",
            "next: name another one there, or register one: vet-pipeline practice add -h",
        ]
    assert command("status", "--json").data == {"practices": []}


def test_a_new_practice_is_to_be_run(command: CommandLine) -> None:
    command.add_practice()
    assert state(command) == ("new", "vet-pipeline run elm")


def test_a_copied_practice_is_ok_and_says_what_it_left_out(command: CommandLine) -> None:
    command.add_practice()
    make_pims(command.pims, [BELL, {"last_name": "Nobody"}], [REX])
    copy(command)
    assert "client row, no key: 1" in command("status", "elm").stdout
    [line] = command("status", "elm", "--json").data["practices"]
    for name in ("last_success_at", "next_due_at", "latest_by", "last_counts"):
        assert line.pop(name)
    assert line == {
        "practice": "elm",
        "pims": "generic",
        "state": "ok",
        "what_to_do": "",
        "applied_snapshot": 1,
        "loads": 1,
        "late": False,
        "mostly_refused": [],
        "held_snapshot": None,
        "held_rules": [],
        "open_suggestions": 0,
        "open_matches": 0,
        "open_link_reviews": 0,
        "links_held_back": False,
        "email": "pending",
        "email_error": None,
        "last_failure": None,
        "not_taken": [
            {"record": "client", "scope": "row", "field": "", "reason": "no_key", "rows": 1}
        ],
        "held_prescriptions": 0,
    }


def test_a_word_that_may_say_dead_is_told_after_the_first_copy_too(command: CommandLine) -> None:
    """Only `plan` and the check before it said what to do; of three that died so nobody heard."""
    command.add_practice()
    copy(command)
    assert state(command) == ("ok", "")
    make_pims(command.pims, [BELL], [{**REX, "status": "Lost to us"}])
    copy(command)
    found, todo = state(command)
    assert found == "ok"
    assert 'vet-pipeline practice set elm deceased_words="WORD, WORD" (or alive_words)' in todo
    command("practice", "set", "elm", "deceased_words=Lost to us", "--by", "Dana Field")
    copy(command)
    assert state(command) == ("ok", "")
    read_otherwise = command("review", "misread", "elm").stdout
    assert "deceased" in read_otherwise


def test_a_first_copy_that_took_less_than_half_is_not_told_as_in_order(
    command: CommandLine,
) -> None:
    command.add_practice()
    impossible = {**REX, "deceased_date": "2026-13-45"}
    twice = [{**REX, "patient_key": "3"}] * 3  # equal rows: taken once, and no trouble
    make_pims(command.pims, [BELL], [impossible, {**impossible, "patient_key": "2"}, *twice])
    copy(command)
    assert state(command) == ("ok", ""), "two of five"
    make_pims(command.pims, [BELL], [impossible, {**impossible, "patient_key": "2"}, twice[0]])
    copy(command)
    found, todo = state(command)
    assert found == "mostly refused"
    assert todo.startswith("most pets can't be taken; vet-pipeline status elm says why")
    moved = {**BELL, "address_line1": "9 Pine Rd"}
    make_pims(command.pims, [moved], [impossible, {**impossible, "patient_key": "2"}, twice[0]])
    copy(command)
    assert state(command)[1].endswith("; also: vet-pipeline review list elm"), "nothing is hidden"


def test_a_held_snapshot_says_so_until_it_is_released(command: CommandLine) -> None:
    command.add_practice()
    copy(command)
    make_pims(command.pims, [BELL], [])
    with pytest.raises(SnapshotHeld, match="patient table empty"):
        copy(command)
    found, todo = state(command)
    assert found == "held"
    assert "vet-pipeline release elm --snapshot 2 --by NAME" in todo
    assert command("release", "elm", "--no-apply").exit_code == 2
    said = command("release", "elm", "--no-apply", "--by", "Dana Field", "--json")
    assert said.exit_code == 0
    assert said.data == {"practice": "elm", "released": 2, "by": "Dana Field", "run": None}
    assert state(command) == ("released", "vet-pipeline run elm")
    assert command("release", "elm", "--by", "Dana").exit_code == 0  # what is left of it
    assert state(command) == ("ok", "")
    assert command("release", "elm", "--by", "Dana").exit_code == 1


def test_a_paused_practice_is_left_alone_whatever_waits(command: CommandLine) -> None:
    """Only the practice's word resumes it, and until then a release would be refused."""
    command.add_practice()
    copy(command)
    make_pims(command.pims, [BELL], [])
    with pytest.raises(SnapshotHeld):
        copy(command)
    command("practice", "pause", "elm", "--by", "Dana Field", "--reason", "moves house")
    assert state(command) == (
        "paused: moves house",
        "on the practice's word: vet-pipeline practice resume elm --by NAME",
    )
    assert "next:" not in command("show", "elm").stdout
    said = command("release", "elm", "--snapshot", "2", "--by", "Dana Field")
    assert said.exit_code == 1
    assert "Next step: see why with: vet-pipeline practice show elm" in said.stdout + said.stderr


def test_of_a_failed_practice_the_list_names_the_kind_of_error(
    command: CommandLine, engine: Engine
) -> None:
    """The next step alone doesn't say it: *it is tried again; ...*."""
    command.add_practice()
    at = datetime.now(UTC) + timedelta(seconds=1)
    failure = Failure("run", "copy_practice", "elm", at, "SnapshotTorn", "it changed", "wait")
    with transaction(engine, "ops") as connection:
        record_failures(connection, [(failure, cause_of(failure, pims="generic", server=None))])
    assert "failed: SnapshotTorn" in " ".join(command("status").stdout.split())
    assert state(command) == ("failed", "wait")


def test_an_older_snapshot_than_the_one_released_waits_for_nobody(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    make_pims(command.pims, [BELL], [])
    for _ in range(2):
        with pytest.raises(SnapshotHeld):
            copy(command)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scriptright.practice SET next_due_at = now()"))
    release = ("release", "elm", "--no-apply", "--by", "Dana Field")
    assert command(*release, "--snapshot", "3").exit_code == 0
    assert state(command) == ("released", "vet-pipeline run elm")
    assert [one.practice_id for one in due_practices(engine).waiting] == ["elm"], "to be applied"
    again = command(*release, "--json")
    assert (again.exit_code, again.data["released"]) == (0, 3), "2 would never be applied"


def test_a_practice_whose_links_are_held_back_says_so_until_a_person_accepts(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.load SET counts = counts || '{\"scores_unlike\": 1}'")
        )
    found, todo = state(command)
    assert found == "links held back"
    assert "vet-pipeline link sample elm --possible" in todo
    assert "practice set elm matching.accept_drift=true --by NAME" in todo
    command("practice", "set", "elm", "matching.accept_drift=true", "--by", "Dana Field")
    assert state(command) == ("ok", "")


def test_a_practice_without_a_copy_for_72_hours_is_late(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE scriptright.practice SET last_success_at = now() - interval '73 hours'")
        )
    assert state(command) == ("late", "vet-pipeline run elm")


@pytest.mark.parametrize(
    ("clients", "days", "told"), [(9_999, 8, "late"), (10_000, 8, "new"), (10_000, 15, "late")]
)
def test_a_first_copy_is_late_after_7_days_or_14_if_it_is_big_as_the_fleet_says(
    command: CommandLine, engine: Engine, clients: int, days: int, told: str
) -> None:
    command.add_practice()
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET clients_read = :clients,"
                " installed_at = now() - make_interval(days => :days)"
            ),
            {"clients": clients, "days": days},
        )
    assert state(command) == (told, "vet-pipeline run elm")
    fleet = command("status", "--fleet", "--json").data["states"]
    assert (fleet["late"], fleet["on time"]) == ((1, 0) if told == "late" else (0, 1))


def test_the_audit_trail_is_verified(command: CommandLine, engine: Engine) -> None:
    command.add_practice()
    copy(command)
    assert command("audit", "verify", "--json").data["practices"][0]["outside"] == "none"
    assert command("audit", "keep").exit_code == 0
    intact = command("audit", "verify", "--json")
    assert (intact.exit_code, intact.data) == (
        0,
        {
            "practices": [
                {
                    "practice": "elm",
                    "intact": True,
                    "entries": 2,
                    "first_broken_entry": None,
                    "outside": "agrees",
                    "kept_to": 2,
                    "differs_at": None,
                }
            ],
            "brought_back": [],
        },
    )
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE scriptright.audit DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE scriptright.audit SET actor = 'somebody' WHERE n = 2"))
    broken = command("audit", "verify", "elm", "--json")
    assert (broken.exit_code, broken.data) == (
        1,
        {
            "practices": [intact.data["practices"][0] | {"intact": False, "first_broken_entry": 2}],
            "brought_back": [],
        },
    )
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM scriptright.audit WHERE n = 2"))
    cut = command("audit", "verify", "--json")
    assert (cut.exit_code, cut.data["practices"][0]["outside"]) == (1, "differs")
    kept = command("audit", "keep", "--json")
    assert kept.data == {"practices": [{"practice": "elm", "kept_to": 1}]}
    assert command("audit", "verify", "elm").exit_code == 1  # what was kept stays kept


def test_a_trail_of_which_nothing_is_kept_any_more_says_where_to_look(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE scriptright.load SET recorded_at = now() - interval '3 d'"))
    lost = command("audit", "verify")
    assert lost.exit_code == 1
    assert "put back the witness (VET_PIPELINE_WITNESS, else the home's)" in lost.stdout
