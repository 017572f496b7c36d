"""The one secret of an installation: it signs what is kept outside the database, and keys hashes.

VET_PIPELINE_KEY, else a file in the home that is made on first use and readable by its owner alone.
Once it has signed something there is no first use any more: another key would pass all of that for
forged.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from vet_pipeline.errors import UsageError

VARIABLE = "VET_PIPELINE_KEY"
_FILE = "key"
_SHORTEST = 32  # characters


def derived_key(home: Path, purpose: str) -> bytes:
    """A key for one purpose, always the same; no two purposes share one.

    Raises UsageError when VET_PIPELINE_KEY or the home's key is shorter than 32 characters, and
    when the home has none any more, and heads that it has signed.
    """
    return hmac.digest(_secret(home), purpose.encode(), hashlib.sha256)


def _secret(home: Path) -> bytes:
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        if len(named) < _SHORTEST:
            raise UsageError(
                f"{VARIABLE} is shorter than {_SHORTEST} characters",
                next_step="make one with: python -c 'import secrets; print(secrets.token_hex())'",
            )
        return named.encode()
    path = home / _FILE
    try:
        return _whole(path.read_bytes())
    except FileNotFoundError:
        if any((home / "witness").glob("*/head-*.json")):
            raise _lost(
                "is gone, and what is kept in the home's witness was signed with it"
            ) from None
        home.mkdir(parents=True, exist_ok=True)
    making = home / f"{_FILE}.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(making)  # whoever comes first; a key is never replaced
    except FileExistsError:
        pass
    finally:
        making.unlink(missing_ok=True)
    return _whole(path.read_bytes())


def _whole(key: bytes) -> bytes:
    if len(key.strip()) < _SHORTEST:  # empty, or cut where a disk was full: anybody could guess it
        raise _lost(f"is shorter than {_SHORTEST} characters")
    return key.strip()


def _lost(how: str) -> UsageError:
    return UsageError(
        f"the home's file {_FILE!r} {how}",
        next_step=f"put it back from a copy, or set {VARIABLE} as the other processes have it; gone for"
        " good: docs/runbook.md, *`audit verify` finds a trail that isn't intact*",
    )
