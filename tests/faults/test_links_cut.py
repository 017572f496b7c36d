"""Connections slowed and cut on every link: the PIMS, the database, the mail server."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from tests.faults.clinic import Clinic
from tests.faults.invariants import Witness, assert_holds
from tests.faults.proxy import TOXICS, Name, Proxy, Toxic, proxy_to
from tests.faults.reading import read_in_a_process
from tests.mail.conftest import MailServer, Postbox
from tests.pims.conftest import Server
from tests.pims.views import make
from tests.scriptright.builders import delta_of, load
from tests.soak import Figures, rounds
from vet_pipeline.errors import DatabaseUnavailable
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.matching import match
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.server import EmbeddedServer
from vet_pipeline.scriptright.telling import outbox
from vet_pipeline.snapshots.store import SnapshotStore

pytestmark = pytest.mark.timeout(1800)
HEALED_WITHIN = 60  # seconds after the link is


def draw(chance: random.Random, name: Name, size: int) -> Toxic:
    """Of this kind, with a strength by chance; `size`: bytes that a whole conversation has."""
    return Toxic(
        name,
        seconds=chance.uniform(0.001, 0.03),
        bytes=size * 20 if name == "bandwidth" else chance.randint(1 + size // 50, size),
    )


def test_the_database_link_slowed_and_cut(
    engine: Engine, database_url: str, postgres: EmbeddedServer, seed: int, figures: Figures
) -> None:
    chance, tally = random.Random(seed), Counter[str]()
    witness = Witness(arrived=[])
    clinic = Clinic(seed).open(engine)
    seq, delta = 0, None
    with proxy_to(path=str(postgres.socket_directory / ".s.PGSQL.5432")) as proxy:
        name = make_url(database_url).database
        behind = open_engine(f"postgresql://postgres@127.0.0.1:{proxy.port}/{name}")
        for toxic in TOXICS * rounds(2, 25):
            if delta is None:
                seq += 1
                seen = witness.snapshots["oak", seq] = clinic.snapshot(seq)
                delta = delta_of(engine, "oak", seq, *seen)
            proxy.poison(draw(chance, toxic, 60_000))
            try:
                state = apply_delta(behind, delta, run_id=None, match=match, wait_seconds=30).state
                witness.applied.add(("oak", seq))
            except DatabaseUnavailable:
                state = "unavailable"
            proxy.poison(None)
            behind.dispose()
            tally[state] += 1
            healed = time.monotonic()
            again = apply_delta(behind, delta, run_id=None, match=match, wait_seconds=30).state
            assert time.monotonic() - healed < HEALED_WITHIN
            tally["after_commit"] += state == "unavailable" and again == "already_applied"
            assert again in ("applied", "already_applied")
            witness.applied.add(("oak", seq))
            delta = None
        behind.dispose()
    assert_holds(engine, witness)
    assert tally["unavailable"] > 0
    assert tally["applied"] > 0
    figures(
        "link to the database spoilt",
        runs=seq,
        cut=tally["unavailable"],
        cut_after_commit=tally["after_commit"],
        got_through=tally["applied"],
        violations=0,
    )


def _before(odbc: str) -> AbstractContextManager[Proxy]:
    """A proxy before the server that the connection string names."""
    words = dict(word.split("=", 1) for word in odbc.split(";"))
    if words["SERVER"].startswith("/"):
        return proxy_to(path=f"{words['SERVER']}/.s.PGSQL.{words['PORT']}")
    return proxy_to(host=words["SERVER"], port=int(words["PORT"]))


def _through(odbc: str, port: int) -> str:
    """The connection string that leads through the proxy."""
    there = re.sub(r"SERVER=[^;]*", "SERVER=127.0.0.1", odbc)
    return re.sub(r"PORT=[^;]*", f"PORT={port}", there)


CLIENTS = [{"client_key": f"C{n:03}", "city": "Salem", "email": "x" * 40} for n in range(120)]
PATIENTS = [{"patient_key": f"P{n:03}", "client_key": f"C{n:03}"} for n in range(120)]


@pytest.mark.parametrize("kind", ["mariadb", "postgresql"])
def test_the_pims_link_slowed_and_cut(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, seed: int, figures: Figures
) -> None:
    server: Server = request.getfixturevalue(kind)
    database = make(server, "pims_links", clients=CLIENTS, patients=PATIENTS)
    chance, tally = random.Random(seed), Counter[str]()
    store = SnapshotStore(tmp_path)
    with _before(server.odbc(database)) as proxy:
        odbc = _through(server.odbc(database), proxy.port)
        for number, toxic in enumerate(TOXICS * rounds(1, 25), start=1):
            proxy.poison(draw(chance, toxic, 40_000))
            # In a process of its own, as in production: MariaDB's driver may crash when a link dies.
            tally[read_in_a_process(odbc, tmp_path, number)] += 1
            proxy.poison(None)
        healed = time.monotonic()
        assert read_in_a_process(odbc, tmp_path, number + 1) == "whole"
        assert time.monotonic() - healed < HEALED_WITHIN
        tally["whole"] += 1
    for seq in store.snapshots("oak"):
        assert len(store.read_raw("oak", seq, "clients")) == 120
        assert len(store.read_raw("oak", seq, "patients")) == 120
    assert len(store.snapshots("oak")) == tally["whole"] > 0
    assert tally["unavailable"] > 0
    figures(f"link to the PIMS spoilt ({kind})", runs=number + 1, **tally, violations=0)


def test_the_mail_link_slowed_and_cut(
    engine: Engine, start_mail_server: Callable[..., MailServer], seed: int, figures: Figures
) -> None:
    chance, tally = random.Random(seed), Counter[str]()
    box = Postbox()
    server = start_mail_server(box)
    witness = Witness(arrived=[])
    with proxy_to(port=server.settings.port) as proxy:
        settings = server.settings.model_copy(update={"port": proxy.port, "timeout": 2.0})
        for number, toxic in enumerate(TOXICS * rounds(2, 25)):
            practice_id = f"oak{number}"
            clinic = Clinic(seed, practice_id, clients=1, pets=1).open(engine)
            load(engine, practice_id, 1, *clinic.snapshot(1))
            proxy.poison(draw(chance, toxic, 12_000))
            first = send_confirmation(engine, practice_id, settings)
            proxy.poison(None)
            tally[first.state] += 1
            if first.state == "waiting":
                _no_more_waiting(engine, practice_id)
                assert send_confirmation(engine, practice_id, settings).state == "sent"
            assert send_confirmation(engine, practice_id, settings).state == "nothing_to_send"
    witness.arrived = [str(message["Message-ID"]) for message in box.messages]
    assert outbox.settle_abandoned(engine, server_deduplicates=False) == []
    assert_holds(engine, witness)
    figures("link to the mail server spoilt", runs=number + 1, **tally, duplicates=0, missing=0)


def _no_more_waiting(engine: Engine, practice_id: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE scriptright.outbox SET not_before = now() WHERE practice_id = %s",
            (practice_id,),
        )
