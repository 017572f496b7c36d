"""Joining on the command line: looked at first, by the mark that looking shows."""

from __future__ import annotations

import shlex

from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.scriptright.builders import rows
from vet_pipeline.scriptright import web_shop


def add_stranger(engine: Engine) -> int:
    """A Home Delivery client in whom the matcher sees nobody of the PIMS."""
    with engine.begin() as connection:
        return web_shop.add_client(connection, "elm", {"first_name": "Zoe", "last_name": "Quill"})


def test_two_that_nobody_took_for_one_are_looked_at_and_joined(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    stranger = add_stranger(engine)
    copy(command)
    looked = command("link", "explain", "elm", "client", "C1", "--with", str(stranger))
    assert "two records" in looked.stdout
    offered = " ".join(looked.stdout.split())
    words = shlex.split(offered[offered.index("vet-pipeline link join") :])[1:-1]
    done = command(*words, "Dana Field")
    assert done.exit_code == 0, done.stderr
    assert f"now feeds client {stranger}" in done.stdout
    assert rows(engine, "SELECT client_id FROM scriptright.client WHERE last_name = 'Quill'") == [
        (stranger,)
    ]
    told = command("link", "explain", "elm", "client", "C1", "--json").data
    assert (told["state"], told["record_id"], told["method"]) == ("linked", stranger, "person")
    assert "joined" in command("history", "elm", "--client", str(stranger)).stdout
    assert command("link", "undo", "elm", "client", "C1", "--by", "Dana Field").exit_code == 0


def test_joining_needs_a_mark_and_a_record_that_is_there(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    stranger = add_stranger(engine)
    copy(command)
    pair = ("elm", "client", "C1", str(stranger), "--by", "Dana Field")
    assert command("link", "join", *pair).exit_code == 2
    stale = command("link", "join", *pair, "--shown", "0" * 16)
    assert (stale.exit_code, "link explain elm client C1 --with" in stale.stderr) == (1, True)
    for words in (("client", "C99", "--with", str(stranger)), ("client", "C1", "--with", "99")):
        unknown = command("link", "explain", "elm", *words)
        assert (unknown.exit_code, "Traceback" in unknown.stderr) == (1, False)
