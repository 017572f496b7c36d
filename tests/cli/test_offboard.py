"""`practice offboard`: shown first, done on a flag, repeated without harm."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.scriptright.builders import one, whole_database
from vet_pipeline.scriptright.server import dagster_url


def partitions(command: CommandLine) -> list[str]:
    from automation.instance import open_instance

    assert dagster_url(command.home)
    with open_instance(command.home) as instance:
        return list(instance.get_dynamic_partitions("practices"))


def test_a_practice_is_offboarded_after_a_look_at_what_goes(
    command: CommandLine, engine: Engine
) -> None:
    command.add_practice()
    copy(command)
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
    refused = command("practice", "resume", "elm", "--by", "Dana Field")
    assert refused.exit_code == 1
    assert "offboarded" in refused.stderr


def test_an_unknown_practice_and_a_nameless_act_are_refused(command: CommandLine) -> None:
    nobody = command("practice", "offboard", "oak", "--by", "Dana Field")
    assert nobody.exit_code == 1
    assert "no such practice" in nobody.stderr
    assert command("practice", "offboard", "oak", "--by", " ", "--erase").exit_code == 2
