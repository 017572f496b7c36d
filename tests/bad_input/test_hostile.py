"""500 hostile strings in every text field, through load, refresh, review, history and sheets."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.bad_input.strings import FORMULA, HEADER, hostile
from tests.cli.conftest import CommandLine, command, dagster_url  # noqa: F401 - fixtures
from tests.mail.conftest import MailServer, mail_server, start_mail_server  # noqa: F401
from tests.scriptright.builders import Cells, add_practice, delta_of, phones, rows
from tests.scriptright.told_matcher import ToldMatcher
from tests.soak import Figures, rounds
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.mail.alert import send_alert
from vet_pipeline.mail.message import confirmation_message
from vet_pipeline.oncall import words as alert_words
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.telling.outbox import Claim
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

STRINGS = hostile(500)
# Written here again, so that what the program calls harmless isn't taken at its word.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def snapshot(turn: int) -> tuple[list[Cells], list[Cells]]:
    """A client and a pet a string, which stands in every text field of theirs."""
    clients: list[Cells] = []
    pets: list[Cells] = []
    for n in range(len(STRINGS)):
        said = STRINGS[(n + turn) % len(STRINGS)]
        if not _storable(said):
            said = (
                said.encode("utf-8", "replace").decode().replace("\x00", "")
            )  # as the reader does
        clients.append(dict.fromkeys(RAW_CLIENT_COLUMNS, said))
        clients[-1] |= {"client_key": f"c{n}", "phones": phones(said)}
        pets.append(dict.fromkeys(RAW_PATIENT_COLUMNS, said))
        pets[-1] |= {"patient_key": f"p{n}", "client_key": f"c{n}"}
        for column in ("birth_date", "weight_date", "deceased_date"):
            pets[-1][column] = None
    return clients, pets


def _storable(said: str) -> bool:
    return "\x00" not in said and not any(0xD800 <= ord(c) <= 0xDFFF for c in said)


def test_nothing_hostile_runs_anywhere(
    engine: Engine,
    command: CommandLine,  # noqa: F811
    figures: Figures,
) -> None:
    assert len(set(STRINGS)) == 500
    add_practice(engine, "elm")
    with engine.begin() as connection:  # the web shop's own fields hold anything that text can
        home = [s for s in STRINGS if _storable(s) and len(s) < 2_000][:60]
        ids = [
            web_shop.add_client(connection, "elm", {"last_name": s, "address_line1": s, "city": s})
            for s in home
        ]
    told = ToldMatcher({f"c{n}": ("linked", [i]) for n, i in enumerate(ids)})
    for turn in (0, 1):
        delta = delta_of(engine, "elm", turn + 1, *snapshot(turn))
        for side in (delta.clients, delta.pets):
            assert side.rows_read == side.unchanged + len(side.rows) + side.quarantined == 500
        # No guard here: every email and name changes at once.
        assert apply_delta(engine, delta, run_id=None, match=told).state == "applied"  # type: ignore[arg-type]
    assert (
        len(rows(engine, "SELECT tablename FROM pg_tables WHERE schemaname = 'scriptright'")) > 15
    )
    [(clients, longest)] = rows(
        engine, "SELECT count(*), max(length(last_name)) FROM scriptright.client"
    )
    assert clients > 400
    assert longest <= 10_000

    shown = 0
    for words in (
        ("review", "list", "elm", "--limit", "1000"),
        ("history", "elm", "--client", str(ids[3])),
        ("history", "elm", "--client", str(ids[-1])),
        ("link", "explain", "elm", "client", "c20"),
        ("link", "list", "elm"),
        ("link", "sample", "elm", "--count", "60"),
    ):
        for flags in ((), ("--json",)):
            said = command(*words, *flags)
            assert said.exit_code == 0, (words, said.stderr)
            assert STEERING.findall(said.stdout) == [], words
            shown += 1
            if flags:
                json.loads(said.stdout)
    sheet = command.home / "sheet.csv"
    assert command("link", "sample", "elm", "--count", "60", "--out", str(sheet)).exit_code == 0
    cells = list(_cells(sheet))
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert any(cell.startswith("'=1+1") for cell in cells)
    figures("hostile strings", strings=500, rows=2_000, outputs=shown + 1, run=0)


def _cells(sheet: Path) -> list[str]:
    with sheet.open(encoding="utf-8", newline="") as file:
        return [
            cell
            for row in csv.DictReader(file)
            for name, cell in row.items()
            if name not in ("score",)
        ]


@pytest.mark.parametrize("said", [*HEADER, *FORMULA, "{{ 7*7 }}", "<script>x</script>", "\x1b[2J"])
def test_a_practice_s_name_can_not_change_its_email(said: str) -> None:
    message = confirmation_message(
        Claim("elm", "<x@y.example>", 1, f"Elm {said}", "desk@elm.example", {}),
        sender="ScriptRight <no-reply@s.example>",
        support=None,
        now=datetime(2026, 11, 23, tzinfo=UTC),
    )
    head = message.as_bytes().split(b"\r\n\r\n", 1)[0].decode()
    names = [line.split(":", 1)[0] for line in head.splitlines() if not line.startswith(" ")]
    assert sorted(names) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted",
         "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
    )  # fmt: skip
    assert str(message["To"]) == "desk@elm.example"
    html = message.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


def alert_about(said: str) -> alert_words.AlertWords:
    """Everything that an alert takes from elsewhere is hostile."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    error = SnapshotShapeChanged(f"the column {said} is gone", next_step=f"ask about {said}")
    return alert_words.AlertWords(
        error=f"SnapshotShapeChanged {said}", cause=said, job=f"copy {said}", pims=f"avimark {said}",
        server=said, practices=[f"elm {said}"], failures=1, since=at, what=error.what,
        next_step=error.next_step, retryable=False, latest=at, run_id="r", number=1,
    )  # fmt: skip


def test_no_alert_gets_a_header_from_what_it_tells(mail_server: MailServer) -> None:  # noqa: F811
    hostile_ones = [*HEADER, *STRINGS[:: rounds(10, 1)]]
    said = [s for s in hostile_ones if _storable(s) and len(s) < 2_000]
    for text in said:
        about = alert_about(text)
        send_alert(
            "on-call@vets.example",
            subject=alert_words.subject(about),
            text=alert_words.body(about, pages="", now=about.since),
            settings=mail_server.settings,
            message_id="<alert-1.1@vet-pipeline>",
        )
    arrived = mail_server.postbox.messages
    assert len(arrived) == len(said) > 60
    ours = {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip
    assert {name for message in arrived for name in message} - ours <= {
        "X-Peer",
        "X-MailFrom",
        "X-RcptTo",
    }
    assert {str(message["To"]) for message in arrived} == {"on-call@vets.example"}
    assert all(len(message.get_all("Subject", [])) == 1 for message in arrived)


def test_an_error_is_one_line_of_a_log_and_of_an_alert_whatever_it_names() -> None:
    log, written = logging.getLogger("hostile"), io.StringIO()
    log.propagate, log.handlers = False, [logging.StreamHandler(written)]
    for said in STRINGS:
        error = SnapshotShapeChanged(
            f"the column {said} is gone", next_step=f"ask about {said}", practice_id="elm"
        )
        log.warning("held: %s", error)
        lines = alert_words.body(
            alert_about(said), pages="", now=datetime(2026, 11, 23, tzinfo=UTC)
        )
        assert sum(line.startswith("What to do:") for line in lines.splitlines()) == 1
    lines = written.getvalue().splitlines()
    assert len(lines) == len(STRINGS)
    assert all(line.startswith("held: practice elm: the column ") for line in lines)
    assert not any(STEERING.search(line) for line in lines)
