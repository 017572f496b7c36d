"""A practice's ODBC string: without a password, or in an environment variable.

What isn't a variable's name may be the string itself, password and all, given by slip: it is
refused and never repeated.
"""

from __future__ import annotations

import os
import re

from vet_pipeline.errors import UsageError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
# Also PASSWORD2, SSLKeyPassword, libpq's own words in psqlODBC's pqopt={...}, SQL Server's
# KeyStoreSecret, and SQL Anywhere's encoded password and database key.
_PASSWORD = re.compile(
    r"(?i)(?:pwd|passw(?:or)?d|passphrase|secret|token|\benp|\bdbkey)\d*\s*=\s*[^;\s}]"
)


def require_one_source(
    odbc: str | None, odbc_env: str | None, practice_id: str | None = None
) -> None:
    """Raise UsageError unless one is given: a string without a password, or a variable's name."""
    if bool(odbc) == bool(odbc_env):
        raise UsageError(
            "exactly one ODBC source is needed",
            next_step="give --odbc or --odbc-env",
            practice_id=practice_id,
        )
    if odbc:
        refuse_password(odbc, practice_id)
    if odbc_env:
        require_variable_name(odbc_env, practice_id)


def refuse_password(odbc: str, practice_id: str | None) -> None:
    """Raise UsageError, which doesn't repeat the string, when it has a password, of whatever kind.

    The registry keeps none; on a command line others can read it, and shells remember it.
    """
    if _PASSWORD.search(odbc):
        raise UsageError(
            "the ODBC string holds a password",
            next_step="put the string into an environment variable and give --odbc-env NAME",
            practice_id=practice_id,
        )


def is_variable_name(name: str) -> bool:
    """Whether this can be a variable's name: what isn't one may hold a password."""
    return _NAME.fullmatch(name) is not None


def require_variable_name(name: str, practice_id: str | None) -> None:
    """Raise UsageError unless this can be a variable's name."""
    if not is_variable_name(name):
        raise UsageError(
            "what stands for the environment variable of the ODBC string is no variable's name",
            next_step="give --odbc-env NAME: letters, digits and _; the string itself goes into "
            "the variable",
            practice_id=practice_id,
        )


def string_in(name: str, practice_id: str | None = None) -> str:
    """The ODBC string in the variable; UsageError when it isn't set or this is no name."""
    require_variable_name(name, practice_id)
    found = os.environ.get(name)
    if not found:
        raise UsageError(
            f"the environment variable {name} isn't set",
            next_step="set it to the ODBC connection string of the PIMS"
            # One alert tells of all practices whose variables are missing, and names one of them.
            + (
                ", where runs start; each practice names its own: vet-pipeline practice show ID"
                if practice_id
                else ""
            ),
            practice_id=practice_id,
        )
    return found
