"""The checker itself: it finds nothing in a life without faults, and each breach by its letter."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from tests.conftest import fresh_engine
from tests.faults.clinic import Clinic
from tests.faults.invariants import Decision, Witness, digest_of, violations_in
from tests.scriptright.builders import load
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions, reject
from vet_pipeline.scriptright.postgres.server import EmbeddedServer


@pytest.fixture(scope="module")
def lived(postgres: EmbeddedServer) -> Iterator[tuple[Engine, Witness]]:
    """Three snapshots of oak, decisions in between, and elm, with whom nobody has any business."""
    with fresh_engine(postgres) as engine:
        oak, elm = Clinic(7).open(engine), Clinic(7, "elm").open(engine)
        seen = Witness(arrived=[])
        load(engine, "elm", 1, *elm.snapshot(1))
        seen.bystanders = {"elm": digest_of(engine, "elm")}
        for seq in (1, 2, 3):
            seen.snapshots["oak", seq] = oak.snapshot(seq)
            load(engine, "oak", seq, *oak.snapshot(seq))
            seen.applied.add(("oak", seq))
            _decide(engine, seen)
        with engine.begin() as connection:
            web_shop.edit_client(connection, "oak", 2, {"city": "Salem"}, actor="web")
        yield engine, seen


@pytest.fixture
def witness(lived: tuple[Engine, Witness]) -> Witness:
    """A copy, to spoil."""
    return copy.deepcopy(lived[1])


@pytest.fixture
def connection(lived: tuple[Engine, Witness]) -> Iterator[Connection]:
    """A transaction on that database that is rolled back; no trigger objects in it."""
    with lived[0].connect() as opened:
        opened.execute(text("SET LOCAL session_replication_role = replica"))
        yield opened
        opened.rollback()


def _decide(engine: Engine, witness: Witness) -> None:
    """The first open question is confirmed, the second rejected."""
    with engine.connect() as connection:
        asked = [s for s in list_suggestions(connection, "oak") if s.field != "owner"][:2]
    for decide, suggestion in zip((_yes, _no), asked, strict=False):
        witness.decisions.append(
            Decision("oak", suggestion.suggestion_id, decide(engine, suggestion.suggestion_id))
        )


def _yes(engine: Engine, suggestion_id: int) -> str:
    return confirm(engine, "oak", suggestion_id, by="Pat Doe", same_animal=True).state


def _no(engine: Engine, suggestion_id: int) -> str:
    return reject(engine, "oak", suggestion_id, by="Pat Doe").state


def test_a_life_without_faults_breaks_nothing(connection: Connection, witness: Witness) -> None:
    assert {d.state for d in witness.decisions} == {"confirmed", "rejected"}
    assert violations_in(connection, witness) == []


BROKEN = {
    "a value of another snapshot": (
        "I1",
        "UPDATE scriptright.client SET email = 'c3.v1@oak.example' WHERE email LIKE 'c3.v3@oak%'",
    ),
    "a row of another snapshot": (
        "I1",
        "UPDATE scriptright.pims_pet SET weight = '3.0001' WHERE pims_id = 'p3'"
        " AND practice_id = 'oak'",
    ),
    "a row taken for missing": (
        "I1",
        "UPDATE scriptright.pims_client SET missing_since = now() WHERE pims_id = 'c4'"
        " AND practice_id = 'oak'",
    ),
    "a practice behind its ledger": (
        "I1",
        "UPDATE scriptright.practice SET applied_seq = 2 WHERE practice_id = 'oak'",
    ),
    "an older snapshot applied after a newer one": (
        "I1",
        "INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, baseline_seq,"
        " state, read_at, counts) VALUES ('oak', 0, 'late', NULL, 'applied', now(), '{}')",
    ),
    "a client lost": (
        "I2",
        "UPDATE scriptright.pims_client SET record_id = NULL, link_method = NULL,"
        " link_load_id = NULL, linked_at = NULL WHERE practice_id = 'oak' AND pims_id = 'c5'",
    ),
    "a pet doubled": (
        "I2",
        "INSERT INTO scriptright.pet (practice_id, client_id, origin, name, created_load_id)"
        " SELECT practice_id, client_id, origin, name, created_load_id FROM scriptright.pet"
        " WHERE practice_id = 'oak' AND origin = 'pims' LIMIT 1",
    ),
    "a change that left no trace": (
        "I2",
        "DELETE FROM scriptright.record_change WHERE change_id = (SELECT change_id"
        " FROM scriptright.record_change WHERE practice_id = 'oak' AND field = 'email'"
        " ORDER BY change_id DESC LIMIT 1)",
    ),
    "a load without an audit entry": (
        "I2",
        "UPDATE scriptright.audit SET act = 'something' WHERE act = 'load_applied'"
        " AND practice_id = 'oak' AND n = 3",
    ),
    "an email that nobody asked for": (
        "I2",
        "DELETE FROM scriptright.outbox WHERE practice_id = 'oak'",
    ),
    "a decision taken back": (
        "I3",
        "UPDATE scriptright.suggestion SET state = 'open', decided_by = NULL, decided_at = NULL"
        " WHERE practice_id = 'oak' AND state = 'rejected' AND suggestion_id = ("
        " SELECT max(suggestion_id) FROM scriptright.suggestion WHERE state = 'rejected')",
    ),
    "a confirmation of another value": (
        "I3",
        "UPDATE scriptright.suggestion SET new_value = '{}' WHERE practice_id = 'oak'"
        " AND state = 'confirmed'",
    ),
    "a manual field changed by a load": (
        "I3",
        "INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,"
        " new_value, cause, load_id) SELECT 'oak', 'pet', 1, 'breed', '{}', '{}', 'refresh',"
        " min(load_id) FROM scriptright.load WHERE practice_id = 'oak'",
    ),
    "a write outside the practice": (
        "I4",
        "UPDATE scriptright.client SET city = 'Salem' WHERE practice_id = 'elm'",
    ),
    "an audit entry edited": (
        "I5",
        "UPDATE scriptright.audit SET actor = 'somebody else' WHERE practice_id = 'oak' AND n = 2",
    ),
    "an audit entry removed": (
        "I5",
        "DELETE FROM scriptright.audit WHERE practice_id = 'oak' AND n = 2",
    ),
}


@pytest.mark.parametrize(("letter", "statement"), BROKEN.values(), ids=BROKEN)
def test_a_breach_is_found(
    connection: Connection, witness: Witness, letter: str, statement: str
) -> None:
    assert connection.execute(text(statement)).rowcount > 0
    assert letter in {found[:2] for found in violations_in(connection, witness)}


def _lost_load(witness: Witness) -> None:
    witness.applied.add(("oak", 4))


def _second_email(witness: Witness) -> None:
    witness.arrived = ["<oak.first-load@vet-pipeline>"] * 2


def _lost_decision(witness: Witness) -> None:
    witness.decisions.append(Decision("oak", 10**6, "confirmed"))


@pytest.mark.parametrize(
    ("letter", "told"), [("I1", _lost_load), ("I2", _second_email), ("I3", _lost_decision)]
)
def test_what_was_acknowledged_outside_and_isnt_in_the_database_is_found(
    connection: Connection, witness: Witness, letter: str, told: Callable[[Witness], None]
) -> None:
    told(witness)
    assert letter in {found[:2] for found in violations_in(connection, witness)}


def test_a_canary_outside_the_data_is_found(
    connection: Connection, witness: Witness, tmp_path: Path
) -> None:
    witness.canaries = ["zoe@shop.example"]
    log = tmp_path / "logs" / "deep" / "run.log"
    log.parent.mkdir(parents=True)
    log.write_text("nothing")
    witness.places = [tmp_path]
    assert violations_in(connection, witness) == []
    log.write_text("sent to zoe@shop.example")
    connection.execute(text("UPDATE scriptright.practice SET state_reason = 'zoe@shop.example'"))
    assert [found for found in violations_in(connection, witness) if found.startswith("I6")] == [
        "I6: canary zoe@shop.example in the table practice",
        "I6: canary zoe@shop.example in the file run.log",
    ]
