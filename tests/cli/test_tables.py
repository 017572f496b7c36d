"""What a terminal shows: nobody copies a command or an id that is broken in mid-word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.scriptright.builders import add_practice, client, load
from vet_pipeline.cli import status
from vet_pipeline.cli.output import console, marked, table


def test_a_narrow_terminal_shows_a_wide_table_row_by_row(
    command: CommandLine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1", address_line1="12 Elm St", city="Springfield")])
    load(
        engine, "oak", 2, [client("1", address_line1="4160 Constantinople Ave", city="Springfield")]
    )
    monkeypatch.setenv("COLUMNS", "80")
    said = command("review", "list", "oak").stdout
    lines = [line.rstrip() for line in said.splitlines()]
    assert lines[:3] == ["oak: suggestions", "no.         1", "record      client 1"]
    assert any(line.startswith("PIMS        4160 Constantinople Ave, ") for line in lines)
    monkeypatch.setenv("COLUMNS", "140")
    assert "┃ no. ┃ record" in command("review", "list", "oak").stdout


def test_so_does_a_wider_one_whose_words_have_no_room(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for columns in ("120", "140"):
        monkeypatch.setenv("COLUMNS", columns)
        console().print(table("", ("old", "new"), [["a" * 70, "b" * 70]]))
        assert capsys.readouterr().out.split() == ["old", "a" * 70, "new", "b" * 70]


def test_nor_does_a_narrow_terminal_show_a_pillar_of_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    console().print(table("", ("kind", "what", "next step"), [["copy", "so " * 50, "do " * 50]]))
    assert capsys.readouterr().out.splitlines()[0].rstrip() == "kind      copy"


def test_a_command_of_a_line_is_copied_whole_from_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    typed = "vet-pipeline link confirm oak-creek 12 --shown 356fc21cc76b27e4 --by NAME"
    console().print(f"the same: {typed}")
    console().print(marked(("held:", "bold"), f" {typed}"))
    assert capsys.readouterr().out.splitlines() == [f"the same: {typed}", f"held: {typed}"]


def test_so_is_one_of_a_row_that_stands_as_a_paragraph(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    typed = "vet-pipeline release half-moon --snapshot 2 --by NAME"
    todo = f"look at the PIMS; if the snapshot is right: {typed}"
    row = ["half-moon", ("held", "since Monday"), todo]
    console().print(table("", ("practice", "state", "what to do"), [row]))
    assert capsys.readouterr().out.splitlines() == [
        "practice   half-moon",
        "state      held",
        "           since Monday",
        f"what to do {todo}",
        "",
    ]


def test_a_table_that_fits_stays_one(
    command: CommandLine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_practice(engine)
    monkeypatch.setenv("COLUMNS", "80")
    assert "┃ what" in command("status", "oak").stdout


def test_no_word_is_broken_while_another_column_has_room(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("no.", "record", "PIMS id", "ScriptRight id", "bits", "since", "changed", "missing")
    monkeypatch.setenv("COLUMNS", "80")
    row = [1, "client", "10221", 105, 14.7, datetime(2026, 11, 30, 0, 47, tzinfo=UTC), None, None]
    console().print(table("", columns, [row]))
    assert {"ScriptRight", "2026-11-30"} <= set(capsys.readouterr().out.split())


def test_emails_stand_in_one_line_of_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    emails = "sarah_johnson8111@mail.example.com", "johnson.sarah5287@mail.example.com"
    console().print(table("", ("why", "old", "new"), [["so and so " * 12, *emails]]))
    assert set(emails) <= set(capsys.readouterr().out.split())


def test_times_and_counts_of_a_failure_are_as_people_read_them() -> None:
    failure = {"since": datetime(2026, 11, 30, 0, 47, 35, tzinfo=UTC), "failures": 1200}
    assert status._plain(failure) == ("failures: 1,200", "since: 2026-11-30 00:47Z")


def test_nothing_in_a_row_steers_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    console().print(table("PIMS \x1b[2J", ["first\x1b[2J", "second"], [["x" * 30, "\x1b[2J" * 9]]))
    said = capsys.readouterr().out
    assert "PIMS \\u001b[2J" in said
    assert "\x1b" not in said
