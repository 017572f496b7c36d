"""VET_PIPELINE_TEST_POSTGRES: the folder of another PostgreSQL's programs, for the tests' servers.

`VET_PIPELINE_TEST_POSTGRES=/usr/lib/postgresql/15/bin pytest ...` (`make test-postgres`). Processes
that a test starts by itself have the wheel's, as ever.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from vet_pipeline.scriptright.postgres import server, server_account

VARIABLE = "VET_PIPELINE_TEST_POSTGRES"
_SINCE_17 = "--locale-provider=builtin"
_of_the_wheel = server_account.run


def programs_of(folder: Path) -> None:
    """From here on this process makes and runs its servers with the programs in `folder`."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, check=True)
    found = re.search(rb"(\d+)\.", said.stdout)
    assert found is not None, said.stdout
    newer = int(found[1]) >= 17

    def run(
        account: server_account.Account, program: str, *words: str | Path, **where: Any
    ) -> None:
        known = [word for word in words if newer or word != _SINCE_17]
        _of_the_wheel(account, program, *known, **where)

    server_account.programs = lambda: folder
    server.run = run  # type: ignore[assignment]


if named := os.environ.get(VARIABLE):
    programs_of(Path(named))
