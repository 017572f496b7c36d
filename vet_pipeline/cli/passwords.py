"""Passwords have no place on a command line: others can read it, and shells remember it."""

from __future__ import annotations

from vet_pipeline.errors import UsageError
from vet_pipeline.odbc_variable import holds_password


def refuse_password(odbc: str) -> None:
    """Raise UsageError when the ODBC string holds one; the string itself isn't repeated."""
    if holds_password(odbc):
        raise UsageError(
            "the ODBC string holds a password",
            next_step="put the string into an environment variable and give --odbc-env NAME",
        )
