"""`practice offboard`: shown first, done on a flag, repeated without harm."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from automation.instance import open_instance, register_practice
from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.scriptright.builders import client, load, one, whole_database
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.postgres.server import dagster_url
from vet_pipeline.scriptright.trail.witness import OFFBOARDED, Witness


def partitions(command: CommandLine) -> list[str]:
    assert dagster_url(command.home)
    with open_instance(command.home) as instance:
        return list(instance.get_dynamic_partitions("practices"))


def test_a_practice_is_offboarded_after_a_look_at_what_goes(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
    with open_instance(command.home) as instance:
        register_practice(instance, "elm")
    before = whole_database(engine)
    shown = command("practice", "offboard", "elm", "--by", "Dana Field")
    assert shown.exit_code == 0
    assert "nothing is erased yet" in shown.stdout
    assert whole_database(engine) == before
    assert "elm" in partitions(command)

    done = command("practice", "offboard", "elm", "--by", "Dana Field", "--erase", "--json")
    assert (done.exit_code, done.data["done"], done.data["snapshots_left"]) == (0, True, 0)
    assert (done.data["erased"]["pims_client"], done.data["erased"]["client"]) == (1, 1)
    assert one(engine, "SELECT count(*) FROM scriptright.client") == 0
    assert "elm" not in partitions(command)

    again = command("practice", "offboard", "elm", "--by", "Somebody", "--erase", "--json")
    assert again.data == done.data
    assert command("audit", "verify").exit_code == 0
    [line] = command("status", "elm", "--json").data["practices"]
    assert (line["state"], line["what_to_do"]) == ("offboarded by Dana Field", "")
    for act in (
        ["resume", "elm"],
        ["set", "elm", "date_order=mdy"],
        ["change", "elm", "--name", "X"],
    ):
        refused = command("practice", *act, "--by", "Dana Field")
        assert (refused.exit_code, "offboarded" in refused.stderr) == (1, True), act
    for verb in ("run", "plan"):
        told = command(verb, "elm")
        assert told.exit_code == 1
        assert "the practice is offboarded: its copied data are erased" in told.stderr
    assert "elm" not in partitions(command)


def test_a_practice_that_is_back_by_a_restore_is_told_by_audit_verify(
    command: CommandLine,
) -> None:
    command.add_practice()
    Witness.of_home(command.home).put("elm", OFFBOARDED, {"practice": "elm"})
    told = command("audit", "verify")
    assert told.exit_code == 1
    assert "back, by a database restored from before that: elm; next:" in told.stdout
    assert "vet-pipeline practice offboard elm --by NAME --erase" in told.stdout
    assert command("audit", "verify", "elm", "--json").data["brought_back"] == ["elm"]
    command("practice", "offboard", "elm", "--by", "Dana Field", "--erase")
    assert command("audit", "verify", "--json").data["brought_back"] == []


def test_the_id_of_a_practice_that_has_left_is_given_to_no_other(
    command: CommandLine, engine: Engine
) -> None:
    """Nor where the database was restored from before it was registered."""
    command.add_practice()
    assert command("practice", "offboard", "elm", "--by", "Dana Field", "--erase").exit_code == 0
    another = (
        *(
            "practice",
            "add",
            "elm",
            "--name",
            "Elm Cats",
            "--pims",
            "generic",
            "--odbc",
            "DRIVER=x",
        ),
        *("--email", "desk@cats.example", "--timezone", "America/Chicago", "--by", "Dana Field"),
    )
    for emptied in ("SELECT", "TRUNCATE scriptright.practice CASCADE"):
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(emptied)
        refused = command(*another)
        assert refused.exit_code == 2
        assert "a practice of this id has left" in refused.stderr
        assert "under another id" in refused.stderr


def test_names_in_brackets_are_printed_as_they_are(command: CommandLine, engine: Engine) -> None:
    command.add_practice()
    copy(command)
    with engine.begin() as connection:
        web_shop.add_client(connection, "elm", {"last_name": "Bell"})
    odd = ToldMatcher({"[/b]7": ("possible", [2])})
    found = [client("C1"), client("[/b]7")]
    load(engine, "elm", 2, found, [], matcher=odd, read_at=datetime.now(UTC))
    told = command("link", "explain", "elm", "client", "[/b]7")
    assert (told.exit_code, "[/b]7 in the PIMS" in told.stdout) == (0, True)
    done = command("practice", "offboard", "elm", "--by", "Dana [/qa] :dog:", "--erase")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "offboarded by Dana [/qa] :dog: at" in done.stdout


def test_an_unknown_practice_and_a_nameless_act_are_refused(command: CommandLine) -> None:
    nobody = command("practice", "offboard", "oak", "--by", "Dana Field")
    assert nobody.exit_code == 1
    assert "no such practice" in nobody.stderr
    assert command("practice", "offboard", "oak", "--by", " ", "--erase").exit_code == 2
