"""The registry of practices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, rows
from vet_pipeline.errors import UnknownPractice, UsageError
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.registry import practices
from vet_pipeline.registry.practices import Practice, Settings
from vet_pipeline.registry.registration import change_connection, change_contact, change_name

GOOD: dict[str, Any] = {
    "name": "Oak Animal Hospital",
    "pims": "generic",
    "odbc": "DRIVER=SQLite3;Database=oak.db",
    "contact_email": "desk@oak.example",
    "timezone": "America/Chicago",
    "by": "Test Person",
}


def test_a_practice_comes_back_as_it_was_registered(engine: Engine) -> None:
    settings = Settings.model_validate(
        {"thresholds": {"missing_percent": 20}, "weight_unit_when_missing": "lb"}
    )
    with engine.begin() as connection:
        quiet = (time(20), time(6))
        added = practices.add(connection, "oak", quiet_hours=quiet, settings=settings, **GOOD)
        assert practices.get(connection, "oak") == added
        assert practices.list_practices(connection) == [added]
    assert (added.name, added.pims, added.timezone) == (
        "Oak Animal Hospital",
        "generic",
        "America/Chicago",
    )
    assert (added.quiet_from, added.quiet_to) == quiet
    assert added.settings == settings
    assert added.settings.thresholds.missing_percent == 20
    assert added.settings.thresholds.newly_deceased_percent == 5
    assert (added.state, added.applied_seq, added.last_success_at) == ("active", None, None)
    assert added.odbc_string() == "DRIVER=SQLite3;Database=oak.db"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": " "}, "name is blank"),
        ({"contact_email": "nobody"}, "isn't one address"),
        ({"contact_email": "desk,@oak.example"}, "isn't one address"),
        ({"contact_email": '"front desk"@oak.example'}, "isn't one address"),
        ({"timezone": "America/Nowhere"}, "time zone"),
        ({"timezone": "../etc/passwd"}, "time zone"),
        ({"odbc": None}, "exactly one ODBC source"),
        ({"odbc_env": "OAK_ODBC"}, "exactly one ODBC source"),
        ({"odbc": "DRIVER=x;UID=vet;PWD=secret"}, "holds a password"),
        ({"odbc": "driver=x; Password = secret;"}, "holds a password"),
        ({"odbc": "DRIVER={PostgreSQL Unicode};pqopt={password=secret}"}, "holds a password"),
        ({"odbc": "DRIVER={MySQL ODBC 9.0};PASSWORD2=secret"}, "holds a password"),
        ({"odbc": "DRIVER=x;SSLKeyPassword={secret}"}, "holds a password"),
        ({"odbc": "DRIVER=x;KeyStoreSecret=secret"}, "holds a password"),
        ({"odbc": "DRIVER=x;ENP=6c6574"}, "holds a password"),
        ({"odbc": None, "odbc_env": "DRIVER=x;PWD=secret"}, "no variable's name"),
        ({"odbc": None, "odbc_env": "ÖAK"}, "no variable's name"),
        ({"by": " "}, "name of the person"),
    ],
)
def test_a_wrong_registration_is_refused_by_name(
    engine: Engine, wrong: dict[str, Any], says: str
) -> None:
    with engine.begin() as connection, pytest.raises(UsageError, match=says) as caught:
        practices.add(connection, "oak", **(GOOD | wrong))
    assert "secret" not in str(caught.value)
    assert rows(engine, "SELECT * FROM scriptright.practice") == []


@pytest.mark.parametrize(
    ("change", "wrong", "says"),
    [
        (change_connection, {"odbc": "DRIVER=x;PWD=secret", "odbc_env": None}, "holds a password"),
        (change_connection, {"odbc": None, "odbc_env": "PWD=secret"}, "no variable's name"),
        (change_contact, {"contact_email": "nobody"}, "isn't one address"),
        (change_name, {"name": " "}, "name is blank"),
    ],
)
def test_a_wrong_correction_is_refused_as_a_registration_is(
    engine: Engine, change: Callable[..., Practice], wrong: dict[str, Any], says: str
) -> None:
    oak = add_practice(engine)
    before = rows(engine, "SELECT * FROM scriptright.practice")
    with engine.begin() as connection, pytest.raises(UsageError, match=says) as caught:
        change(connection, oak, by="Test Person", **wrong)
    assert "secret" not in str(caught.value)
    assert rows(engine, "SELECT * FROM scriptright.practice") == before


@pytest.mark.parametrize("practice_id", ["", "Oak", "oak hospital", "-oak", "o" * 64])
def test_an_id_that_could_carry_anything_is_refused(engine: Engine, practice_id: str) -> None:
    with engine.begin() as connection, pytest.raises(UsageError):
        practices.add(connection, practice_id, **GOOD)


def test_a_practice_is_registered_once(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection, pytest.raises(UsageError, match="registered already"):
        practices.add(connection, "oak", **GOOD)


def test_an_unknown_practice_is_named(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(UnknownPractice, match="practice elm"):
        practices.get(connection, "elm")


def test_the_odbc_string_may_stay_in_the_environment(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        oak = practices.add(connection, "oak", **(GOOD | {"odbc": None, "odbc_env": "OAK_ODBC"}))
    with pytest.raises(UsageError, match="OAK_ODBC isn't set"):
        oak.odbc_string()
    monkeypatch.setenv("OAK_ODBC", "DRIVER=x;UID=vet;PWD=secret")
    assert oak.odbc_string() == "DRIVER=x;UID=vet;PWD=secret"


def test_pausing_and_resuming_are_acts_of_a_person_on_record(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        paused = practices.pause(connection, "oak", by="Test Person", reason="moving house")
        assert (paused.state, paused.state_reason) == ("paused", "moving house")
        resumed = practices.resume(connection, "oak", by="Other Person")
        assert (resumed.state, resumed.state_reason) == ("active", None)
    acts = rows(engine, "SELECT actor, act FROM scriptright.audit ORDER BY n")
    assert acts == [
        ("Test Person", "practice_added"),
        ("Test Person", "practice_paused"),
        ("Other Person", "practice_active"),
    ]


def test_resuming_a_practice_that_is_not_paused_is_no_act(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        practices.resume(connection, "oak", by="Other Person")
    acts = rows(engine, "SELECT actor, act FROM scriptright.audit ORDER BY n")
    assert acts == [("Test Person", "practice_added")]


def test_settings_are_replaced_as_a_whole(engine: Engine) -> None:
    add_practice(engine)
    settings = Settings(phone_region="CA", date_order="dmy")
    with engine.begin() as connection:
        changed = practices.change_settings(connection, "oak", settings, by="Test Person")
    assert changed.settings == settings


def test_a_misspelled_setting_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"weight_unit": "lb"})


def test_a_practices_own_conventions_go_over_the_connectors() -> None:
    connector = Conventions(date_order="mdy", weight_unit_when_missing="kg")
    own = Settings(weight_unit_when_missing="lb").conventions(connector)
    assert (own.date_order, own.weight_unit_when_missing) == ("mdy", "lb")
    assert Settings().conventions(connector) == connector
