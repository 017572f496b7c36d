"""Resources open what they should, from their fields or from the environment, and say what's wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from resources.mailer import MailerResource
from resources.scriptright import ScriptRightResource
from resources.snapshots import SnapshotStoreResource
from vet_pipeline.errors import DatabaseNotMigrated, DatabaseUnavailable, UsageError
from vet_pipeline.scriptright.postgres.roles import connected
from vet_pipeline.scriptright.trail.witness import Witness


def test_scriptright_opens_a_migrated_database(database_url: str) -> None:
    with ScriptRightResource(url=database_url).connect() as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM scriptright.practice").scalar() == 0


def test_scriptright_says_what_to_do_about_a_database_that_is_not_migrated(
    empty_database_url: str,
) -> None:
    resource = ScriptRightResource(url=empty_database_url)
    with pytest.raises(DatabaseNotMigrated, match="vet-pipeline migrate"), resource.connect():
        pass


def test_scriptright_says_that_its_database_does_not_answer() -> None:
    resource = ScriptRightResource(url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable), resource.connect():
        pass


def test_the_embedded_database_is_started_and_migrated_without_asking(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCRIPTRIGHT_URL", raising=False)
    monkeypatch.setenv("VET_PIPELINE_HOME", str(server_home))
    with ScriptRightResource().connect() as engine, connected(engine, "ops") as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM scriptright.practice").scalar() == 0


def test_scriptright_is_named_by_the_environment(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPTRIGHT_URL", database_url)
    with ScriptRightResource().connect() as engine:
        assert engine.url == make_url(database_url)


def test_beside_a_named_database_snapshots_and_witness_need_a_place_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("VET_PIPELINE_HOME", "VET_PIPELINE_SNAPSHOTS", "VET_PIPELINE_WITNESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SCRIPTRIGHT_URL", "postgresql://u@db.example/scriptright")
    for opening in (SnapshotStoreResource().open, Witness.of_home):
        with pytest.raises(UsageError, match="VET_PIPELINE_HOME isn't"):
            opening()
    monkeypatch.setenv("VET_PIPELINE_SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setenv("VET_PIPELINE_WITNESS", str(tmp_path / "witness"))
    assert SnapshotStoreResource().open().root == str(tmp_path / "snapshots")
    assert Witness.of_home().root == str(tmp_path / "witness")


def test_the_snapshot_store_is_where_the_field_or_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VET_PIPELINE_SNAPSHOTS", raising=False)
    monkeypatch.setenv("VET_PIPELINE_HOME", str(tmp_path / "home"))
    assert SnapshotStoreResource().open().root == str(tmp_path / "home" / "snapshots")
    monkeypatch.setenv("VET_PIPELINE_SNAPSHOTS", str(tmp_path / "named"))
    assert SnapshotStoreResource().open().root == str(tmp_path / "named")
    assert SnapshotStoreResource(url=str(tmp_path / "own")).open().root == str(tmp_path / "own")


@pytest.fixture
def no_smtp(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HOST", "PORT", "SECURITY", "USERNAME", "PASSWORD", "SENDER", "SUPPORT"):
        monkeypatch.delenv(f"VET_PIPELINE_SMTP_{name}", raising=False)
    return monkeypatch


def test_the_mailer_reads_its_server_from_the_environment_when_it_is_used(
    no_smtp: pytest.MonkeyPatch,
) -> None:
    mailer = MailerResource()
    assert not mailer.is_configured()
    no_smtp.setenv("VET_PIPELINE_SMTP_HOST", "mail.example")
    no_smtp.setenv("VET_PIPELINE_SMTP_SENDER", "a@b.example")
    no_smtp.setenv("VET_PIPELINE_SMTP_USERNAME", "vet")
    no_smtp.setenv("VET_PIPELINE_SMTP_PASSWORD", "s3cret")
    settings = mailer.settings()
    assert mailer.is_configured()
    assert (settings.host, settings.port, settings.security) == ("mail.example", 587, "starttls")
    assert "s3cret" not in repr(settings)


def test_wrong_mail_settings_are_named_without_their_values(no_smtp: pytest.MonkeyPatch) -> None:
    no_smtp.setenv("VET_PIPELINE_SMTP_HOST", "mail.example")
    no_smtp.setenv("VET_PIPELINE_SMTP_SENDER", "a@b.example")
    no_smtp.setenv("VET_PIPELINE_SMTP_PORT", "s3cret")
    with pytest.raises(UsageError, match="VET_PIPELINE_SMTP_PORT") as wrong:
        MailerResource().settings()
    assert "s3cret" not in str(wrong.value)


def test_without_tls_only_this_machine_is_written_to(no_smtp: pytest.MonkeyPatch) -> None:
    mailer = MailerResource(host="mail.example", security="none", sender="a@b.example")
    with pytest.raises(UsageError, match="_SECURITY=none is for"):
        mailer.settings()
