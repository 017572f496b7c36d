"""The embedded PostgreSQL: started, shared, stopped, and found again after a kill."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tests.faults.killed_server import kill_server
from vet_pipeline.errors import DatabaseUnavailable
from vet_pipeline.scriptright.postgres import server
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.server import (
    EmbeddedServer,
    dagster_url,
    embedded_server,
    scriptright_url,
)

ROOT = Path(__file__).parents[3]


def answers(embedded: EmbeddedServer) -> bool:
    try:
        with psycopg.connect(embedded.conninfo("scriptright"), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def postmaster(embedded: EmbeddedServer) -> int:
    return int((embedded.data / "postmaster.pid").read_text().split()[0])


def run_python(code: str, server_home: Path) -> subprocess.Popen[str]:
    """A process of its own that has `server` open on `server_home` and has said so."""
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from vet_pipeline.scriptright.postgres.server import embedded_server
        """
    ) + textwrap.dedent(code)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(server_home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline() == "ready\n"
    return process


USE = """
    with embedded_server(Path(sys.argv[1])):
        print("ready", flush=True)
        time.sleep(60)
"""


def test_a_server_has_both_databases_and_stops_with_its_last_user(server_home: Path) -> None:
    with embedded_server(server_home) as embedded:
        for name in ("scriptright", "dagster"):
            with psycopg.connect(embedded.conninfo(name)) as connection:
                assert connection.execute("SELECT current_database()").fetchone() == (name,)
        assert embedded.scriptright_url.startswith("postgresql+psycopg://")
        assert embedded.dagster_url.startswith("postgresql+psycopg2://")
    assert not answers(embedded)
    assert not (embedded.data / "postmaster.pid").exists()


def test_no_statement_and_no_cell_can_reach_the_servers_log(server_home: Path) -> None:
    with embedded_server(server_home) as embedded:
        with psycopg.connect(embedded.conninfo("scriptright"), autocommit=True) as connection:
            connection.execute("CREATE TABLE t (email text PRIMARY KEY, n integer)")
            connection.execute("INSERT INTO t VALUES ('canary@example.com', 1)")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO t VALUES ('canary@example.com', 1)")
            with pytest.raises(psycopg.errors.InvalidTextRepresentation):
                connection.execute("INSERT INTO t VALUES ('x', 'canary')")
            shown = {
                name: connection.execute(f"SHOW {name}").fetchone()  # type: ignore[arg-type]
                for name in ("log_error_verbosity", "log_min_error_statement", "log_statement")
            }
        assert shown == {
            "log_error_verbosity": ("terse",),
            "log_min_error_statement": ("panic",),
            "log_statement": ("none",),
        }
    assert "canary" not in (embedded.data / "log").read_text()


def test_the_server_runs_as_an_ordinary_account(server_home: Path) -> None:
    with embedded_server(server_home) as embedded:
        owner = pwd.getpwuid(Path(f"/proc/{postmaster(embedded)}").stat().st_uid).pw_name
        me = pwd.getpwuid(os.geteuid()).pw_name
        assert owner == ("pgserver" if me == "root" else me)
        assert embedded.data.stat().st_mode & 0o077 == 0


def test_the_server_is_told_no_password_and_no_key_of_ours(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VET_PIPELINE_KEY", "VET_PIPELINE_SMTP_PASSWORD", "OAK_ODBC"):
        monkeypatch.setenv(name, "a secret of ours")
    with embedded_server(server_home) as embedded:
        told = Path(f"/proc/{postmaster(embedded)}/environ").read_bytes()
    assert b"PATH=" in told
    assert b"a secret of ours" not in told


def test_several_processes_share_one_server(server_home: Path) -> None:
    other = run_python(USE, server_home)
    try:
        with embedded_server(server_home) as embedded:
            first = postmaster(embedded)
        assert answers(embedded), "the other process still uses it"
        assert postmaster(embedded) == first
    finally:
        other.send_signal(signal.SIGINT)
        other.wait(30)
    assert not answers(embedded), "Ctrl-C in the last user stops it"


def test_two_handles_in_one_process_count_as_two_users(server_home: Path) -> None:
    with embedded_server(server_home) as one:
        with embedded_server(server_home):
            pass
        assert answers(one)
    assert not answers(one)


def test_a_killed_user_is_not_counted(server_home: Path) -> None:
    other = run_python(USE, server_home)
    other.kill()
    other.wait(30)
    with embedded_server(server_home) as embedded:
        assert answers(embedded)
    assert not answers(embedded)


def test_the_server_starts_again_after_it_was_killed(server_home: Path) -> None:
    with embedded_server(server_home) as embedded:
        with psycopg.connect(embedded.conninfo("scriptright")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        assert kill_server(embedded) > 1
    assert (embedded.data / "postmaster.pid").exists(), "stale, as after a power cut"
    with (
        embedded_server(server_home) as again,
        psycopg.connect(again.conninfo("scriptright")) as connection,
    ):
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_process_number_that_another_program_has_by_now_is_no_server(server_home: Path) -> None:
    with embedded_server(server_home) as embedded:
        lines = (embedded.data / "postmaster.pid").read_text().splitlines()
    (embedded.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:], ""]))
    with embedded_server(server_home) as again:
        assert answers(again)


def test_half_a_cluster_left_by_a_killed_first_start_is_made_anew(server_home: Path) -> None:
    (server_home / "postgres.new").mkdir()
    (server_home / "postgres.new" / "PG_VERSION").write_text("18\n")
    with embedded_server(server_home) as embedded:
        assert answers(embedded)


def test_a_server_that_doesnt_start_says_which_program_failed_and_where_it_says_why(
    server_home: Path,
) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        embedded_server(server_home, settings={"shared_buffers": "'none'"}).__enter__()
    assert refused.value.what == "the embedded PostgreSQL didn't start (pg_ctl ended with 1)"
    assert f"read {server_home / 'postgres.start'} and {server_home / 'postgres' / 'log'}" in str(
        refused.value.next_step
    )
    assert "could not start server" in (server_home / "postgres.start").read_text()
    assert "shared_buffers" in (server_home / "postgres" / "log").read_text()
    with embedded_server(server_home) as embedded:
        assert answers(embedded)


@pytest.mark.parametrize("name", ["PGHOSTADDR", "PGREQUIREAUTH"])
def test_a_variable_that_leads_connections_elsewhere_is_named(
    server_home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "scram-sha-256" if name == "PGREQUIREAUTH" else "127.0.0.1")
    with pytest.raises(DatabaseUnavailable) as refused:
        embedded_server(server_home).__enter__()
    assert refused.value.next_step == f"unset {name}, then try again"
    monkeypatch.delenv(name)
    with embedded_server(server_home) as embedded:
        assert answers(embedded)


def test_a_home_too_deep_for_a_socket_gets_a_short_private_socket_directory(
    server_home: Path,
) -> None:
    deep = server_home / ("deep" * 20) / ("deeper" * 10)
    with embedded_server(deep) as embedded:
        assert answers(embedded)
        assert embedded.socket_directory != embedded.data
        assert embedded.socket_directory.stat().st_mode & 0o077 == 0
        assert len(os.fsencode(embedded.socket_directory / ".s.PGSQL.5432")) <= 107


def test_a_home_with_blanks_and_quotes_in_its_name_works(server_home: Path) -> None:
    with embedded_server(server_home / "Dr. O'Neil's home") as embedded:
        assert answers(embedded)


def test_a_home_whose_name_a_shell_would_read_otherwise_works(server_home: Path) -> None:
    with embedded_server(server_home / 'a $HOME `touch ran` "home"') as embedded:
        assert answers(embedded)
        assert (embedded.data / "log").exists()
    assert not answers(embedded)


def test_another_servers_port_in_the_environment_is_not_the_embedded_ones(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "5433")
    with embedded_server(server_home) as started:
        engine = open_engine(started.migration_url)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT current_database()")).scalar() == "scriptright"
        engine.dispose()


def test_a_moved_home_starts_where_it_is_now(server_home: Path) -> None:
    with embedded_server(server_home / "old"):
        pass
    (server_home / "old").rename(server_home / "new")
    with embedded_server(server_home / "new") as embedded:
        assert answers(embedded)


def test_a_socket_directory_that_is_someone_elses_is_refused(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a directory for another account")
    foreign = server_home / "foreign"
    foreign.mkdir()
    os.chown(foreign, 65534, 65534)
    monkeypatch.setattr(EmbeddedServer, "socket_directory", foreign)
    with pytest.raises(DatabaseUnavailable, match="PermissionError"):
        embedded_server(server_home).__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a directory of another account's")
def test_a_server_that_another_account_has_put_in_our_place_is_not_spoken_to(
    server_home: Path, postgres: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = server_home / "foreign"
    foreign.mkdir()
    socket = postgres.socket_directory / ".s.PGSQL.5432"
    (foreign / ".s.PGSQL.5432").symlink_to(socket)  # there is an answer
    os.chown(foreign, pwd.getpwnam("nobody").pw_uid, -1)
    monkeypatch.setattr(EmbeddedServer, "socket_directory", foreign)
    with pytest.raises(DatabaseUnavailable, match="PermissionError"), embedded_server(server_home):
        pass


def test_environment_urls_win_over_the_embedded_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIPTRIGHT_URL", "postgres://u:p@db.example:5432/scriptright")
    monkeypatch.setenv("DAGSTER_PG_URL", "postgresql://u:p@db.example:5432/dagster")
    verified = "sslmode=verify-full&sslrootcert=system"
    assert scriptright_url() == f"postgresql+psycopg://u:p@db.example:5432/scriptright?{verified}"
    assert dagster_url() == f"postgresql+psycopg2://u:p@db.example:5432/dagster?{verified}"


def test_without_environment_urls_the_homes_server_is_started_once(
    server_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCRIPTRIGHT_URL", raising=False)
    monkeypatch.delenv("DAGSTER_PG_URL", raising=False)
    monkeypatch.setenv("VET_PIPELINE_HOME", str(server_home))
    assert str(server_home / "postgres") in scriptright_url()
    assert str(server_home / "postgres") in dagster_url()
    [shared] = [s for path, s in server._shared.items() if path == server_home]
    assert answers(shared)
