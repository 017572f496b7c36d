"""A dump restored into a new database: nothing is sent again, nothing applied again, life goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from tests.conftest import fresh_database
from tests.faults.clinic import Clinic
from tests.faults.invariants import Decision, Witness, assert_holds
from tests.mail.conftest import MailServer, Postbox, may_be_sent_now
from tests.scriptright.builders import delta_of, load, one
from tests.soak import Figures, rounds
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.matching import match
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.database import open_engine, require_migrated
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.postgres.server_account import programs
from vet_pipeline.scriptright.telling import outbox
from vet_pipeline.scriptright.telling.outbox_parked import settle_parked

pytestmark = pytest.mark.timeout(900)

STATE = "SELECT state || ' ' || last_error FROM scriptright.outbox"


@contextmanager
def restored(postgres: EmbeddedServer, dump: Path, *options: str) -> Iterator[Engine]:
    """A new database on the same server, filled from the dump."""
    with fresh_database(postgres, "template0") as url:
        name = str(make_url(url).database)
        _run(postgres, "pg_restore", "--exit-on-error", *options, "-d", name, dump)
        engine = open_engine(url)
        yield engine
        engine.dispose()


def take_dump(postgres: EmbeddedServer, url: str, target: Path) -> Path:
    _run(postgres, "pg_dump", "-Fc", "-f", target, str(make_url(url).database))
    return target


def restore_in_place(postgres: EmbeddedServer, url: str, dump: Path) -> None:
    """Over what is in the database by now."""
    options = ("--clean", "--if-exists", "--single-transaction")
    _run(postgres, "pg_restore", *options, "-d", str(make_url(url).database), dump)


def _run(postgres: EmbeddedServer, program: str, *arguments: str | Path) -> None:
    home = {"PGHOST": str(postgres.socket_directory), "PGPORT": "5432", "PGUSER": "postgres"}
    subprocess.run([programs() / program, *arguments], env={**os.environ, **home}, check=True)


def test_a_restored_dump_sends_nothing_again_and_applies_nothing_again(
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    start_mail_server: Callable[..., MailServer],
    tmp_path: Path,
    seed: int,
    figures: Figures,
) -> None:
    server = start_mail_server()
    drills = rounds(1, 5)
    for number in range(drills):
        practice_id, witness = f"oak{number}", Witness(arrived=[])
        clinic = Clinic(seed + number, practice_id).open(engine)
        last, asked = 0, None
        while asked is None:  # until something waits for a person
            last += 1
            seen = witness.snapshots[practice_id, last] = clinic.snapshot(last)
            load(engine, practice_id, last, *seen)
            witness.applied.add((practice_id, last))
            send_confirmation(engine, practice_id, server.settings)
            with engine.connect() as connection:
                waiting = list_suggestions(connection, practice_id)
            asked = next((s for s in waiting if s.field != "owner"), None)
        confirm(engine, practice_id, asked.suggestion_id, by="Pat Doe", same_animal=True)
        witness.decisions.append(Decision(practice_id, asked.suggestion_id, "confirmed"))
        dump = take_dump(postgres, database_url, tmp_path / f"dump{number}")
        load(engine, practice_id, last + 1, *clinic.snapshot(last + 1))  # lost with the old server
        with restored(postgres, dump) as again:
            require_migrated(again)
            witness.arrived = [str(m["Message-ID"]) for m in server.postbox.messages]
            assert_holds(again, witness)
            assert outbox.settle_abandoned(again, server_deduplicates=False) == []
            assert send_confirmation(again, practice_id, server.settings).state == "nothing_to_send"
            assert load(again, practice_id, last, *clinic.snapshot(last)).state == "already_applied"
            for seq in (last + 1, last + 2):  # what the backup didn't have, and what comes next
                seen = witness.snapshots[practice_id, seq] = clinic.snapshot(seq)
                assert load(again, practice_id, seq, *seen).state == "applied"
            assert_holds(again, witness)
    assert len(server.postbox.messages) == drills
    figures("dump and restore", drills=drills, sent_again=0, applied_again=0, violations=0)


def test_an_email_sent_after_the_backup_was_taken_is_not_sent_again_after_the_restore(
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    start_mail_server: Callable[..., MailServer],
    tmp_path: Path,
) -> None:
    server, clinic = start_mail_server(deduplicates=True), Clinic(1, clients=1, pets=1)
    clinic.open(engine)
    load(engine, "oak", 1, *clinic.snapshot(1))
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    assert send_confirmation(engine, "oak", server.settings).state == "sent"
    with restored(postgres, dump) as again:
        assert outbox.practices_to_confirm(again, limit=10) == []
        assert send_confirmation(again, "oak", server.settings).state == "nothing_to_send"
        assert outbox.settle_abandoned(again, server_deduplicates=True) == ["oak"]
        assert one(again, STATE) == "parked DatabaseRestored"
        assert len(server.postbox.messages) == 1
        settle_parked(again, "oak", arrived=False, by="Pat Doe")  # a person says that it didn't
        assert send_confirmation(again, "oak", server.settings).state == "sent"
        assert_holds(again)


def test_what_waited_in_a_copy_of_the_servers_files_is_not_sent_where_a_person_says_that_it_is_one(
    engine: Engine, database_url: str, start_mail_server: Callable[..., MailServer]
) -> None:
    server, clinic = start_mail_server(deduplicates=True), Clinic(1, clients=1, pets=1)
    clinic.open(engine)
    load(engine, "oak", 1, *clinic.snapshot(1))
    migrate(database_url, restored=True)
    assert send_confirmation(engine, "oak", server.settings).state == "nothing_to_send"
    assert outbox.settle_abandoned(engine, server_deduplicates=True) == ["oak"]
    assert one(engine, STATE) == "parked DatabaseRestored"
    settle_parked(engine, "oak", arrived=False, by="Pat Doe")  # a person says that it didn't
    assert send_confirmation(engine, "oak", server.settings).state == "sent"
    migrate(database_url, restored=True)
    assert outbox.settle_abandoned(engine, server_deduplicates=True) == []
    assert len(server.postbox.messages) == 1


def test_an_email_sent_after_a_backup_older_than_the_first_load_is_not_sent_again(
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    start_mail_server: Callable[..., MailServer],
    tmp_path: Path,
) -> None:
    server, clinic = start_mail_server(Postbox(rcpt_reply="451 not now")), Clinic(1, clients=1)
    clinic.open(engine)
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    load(engine, "oak", 1, *clinic.snapshot(1))
    assert send_confirmation(engine, "oak", server.settings).state == "waiting"
    server.postbox.rcpt_reply = None
    may_be_sent_now(engine)
    assert send_confirmation(engine, "oak", server.settings).state == "sent"
    with restored(postgres, dump) as again:
        load(again, "oak", 2, *clinic.snapshot(2))  # its first one
        assert send_confirmation(again, "oak", server.settings).state == "parked"
        assert send_confirmation(again, "oak", server.settings).state == "nothing_to_send"
        assert outbox.practices_to_confirm(again, limit=10) == []
        assert one(again, STATE) == "parked DatabaseRestored"
        assert len(server.postbox.messages) == 1
        settle_parked(again, "oak", arrived=False, by="Pat Doe")  # a person says that it didn't
        assert send_confirmation(again, "oak", server.settings).state == "sent"
        assert len(server.postbox.messages) == 2


@pytest.mark.parametrize("deduplicates", [False, True])
def test_an_email_sent_after_the_backup_is_not_sent_again_by_the_same_database_restored_in_place(
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    start_mail_server: Callable[..., MailServer],
    tmp_path: Path,
    deduplicates: bool,
) -> None:
    server = start_mail_server(deduplicates=deduplicates)
    clinic = Clinic(1, clients=1, pets=1).open(engine)
    load(engine, "oak", 1, *clinic.snapshot(1))
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    assert send_confirmation(engine, "oak", server.settings).state == "sent"
    engine.dispose()
    restore_in_place(postgres, database_url, dump)
    assert one(engine, "SELECT state FROM scriptright.outbox") == "pending", "as it was then"
    assert send_confirmation(engine, "oak", server.settings).state == "parked"
    assert len(server.postbox.messages) == 1
    settle_parked(engine, "oak", arrived=True, by="Pat Doe")
    assert send_confirmation(engine, "oak", server.settings).state == "nothing_to_send"


def test_an_email_that_was_never_tried_is_sent_by_the_restored_database(
    engine: Engine,
    database_url: str,
    postgres: EmbeddedServer,
    start_mail_server: Callable[..., MailServer],
    tmp_path: Path,
) -> None:
    server, clinic = start_mail_server(), Clinic(1, clients=1, pets=1).open(engine)
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    load(engine, "oak", 1, *clinic.snapshot(1))
    with restored(postgres, dump) as again:
        load(again, "oak", 2, *clinic.snapshot(2))
        assert send_confirmation(again, "oak", server.settings).state == "sent"
        assert len(server.postbox.messages) == 1


def test_a_snapshot_applied_after_the_backup_is_applied_again_to_the_restored_database_once(
    engine: Engine, database_url: str, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    clinic = Clinic(2, clients=2, pets=2).open(engine)
    load(engine, "oak", 1, *clinic.snapshot(1))
    late = delta_of(engine, "oak", 2, *clinic.snapshot(2))
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    assert apply_delta(engine, late, run_id=None, match=match).state == "applied"
    with restored(postgres, dump) as again:
        states = [apply_delta(again, late, run_id=None, match=match).state for _ in range(2)]
        assert states == ["applied", "already_applied"]
        assert_holds(again)


def test_what_a_restore_has_made_the_administrators_is_the_schemas_owners_again(
    engine: Engine, database_url: str, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    dump = take_dump(postgres, database_url, tmp_path / "dump")
    with restored(postgres, dump, "--no-owner") as again:
        migrate(again.url.render_as_string(hide_password=False))
        strays = "SELECT count(*) FROM pg_class WHERE relnamespace = 'scriptright'::regnamespace"
        assert one(again, f"{strays} AND relowner <> 'scriptright_migrate'::regrole") == 0
