"""One practice's time zone that a machine doesn't know harms nobody else (docs/rules.md, 3)."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import text

from automation.alerts import take_in
from automation.due import due_practices
from tests.assets.conftest import World
from tests.automation.test_alerts import opened
from vet_pipeline import planning, time_zones
from vet_pipeline.errors import UsageError
from vet_pipeline.registry import practices
from vet_pipeline.registry.registration import change_hours
from vet_pipeline.scriptright.telling import alerts
from vet_pipeline.scriptright.telling.fleet import fleet


@pytest.fixture
def nowhere(world: World) -> World:
    """`elm-street` is registered in a zone that is in no list any more."""
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE scriptright.practice SET timezone = 'Nowhere/Gone', quiet_from = '21:00',"
                " quiet_to = '06:00'"
            )
        )
    return world


def test_a_practice_in_an_unknown_zone_is_read_at_any_hour(nowhere: World) -> None:
    now = datetime.now(UTC)
    assert planning.quiet_hours("Nowhere/Gone", time(21), time(6)) is None
    waiting = due_practices(nowhere.engine).waiting
    assert [one.practice_id for one in waiting] == ["elm-street"]
    with nowhere.engine.connect() as connection:
        (stands,) = fleet(connection).practices
    assert stands.state(now) == "on time"


def test_on_call_is_told_of_it_until_the_zone_is_put_right(nowhere: World) -> None:
    take_in(nowhere.instance, nowhere.engine)
    with nowhere.engine.connect() as connection:
        (told,) = alerts.open_alerts(connection)
    assert (told.error, told.job) == ("TimeZoneUnknown", "time zones")
    assert told.what.endswith("doesn't know the zone of: elm-street")
    assert told.next_step == "vet-pipeline practice change elm-street --timezone ZONE --by NAME"
    with nowhere.engine.begin() as connection:
        change_hours(
            connection, "elm-street", timezone="America/Denver", quiet=None, by="Dana Field"
        )
        changed = practices.get(connection, "elm-street")
    assert (changed.timezone, changed.quiet_from) == ("America/Denver", time(21))
    take_in(nowhere.instance, nowhere.engine)
    assert opened(nowhere) == []


@pytest.mark.parametrize("zone", ["Nowhere/Gone", "localtime", "Factory", "posixrules", "", "../x"])
def test_a_zone_that_not_every_machine_knows_is_never_registered(zone: str) -> None:
    with pytest.raises(UsageError, match="the time zone isn't known"):
        time_zones.require(zone, "elm")


@pytest.mark.parametrize(
    ("offset", "place"),
    [("EST", "America/New_York"), ("MST", "America/Denver"), ("Etc/GMT+5", "America/Chicago")],
)
def test_an_offset_without_summer_time_is_no_practice_s_zone(offset: str, place: str) -> None:
    with pytest.raises(UsageError, match="without summer time") as told:
        time_zones.require(offset, "elm")
    assert told.value.next_step == f"name the place, such as {place}"


def test_all_zones_that_may_be_registered_are_known_here() -> None:
    assert {"America/Chicago", "Europe/Berlin", "UTC"} <= time_zones.names()
    assert time_zones.unknown_here({zone: zone for zone in time_zones.names()}) == []
