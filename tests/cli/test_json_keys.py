"""docs/commands.md tells scripts which keys a command's JSON has: it has those."""

from __future__ import annotations

import re

from tests.cli.conftest import CommandLine
from tests.cli.copying import copy
from tests.test_docs import ROOT

PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
ASKED = (
    "practice show elm", "practice list", "connector list", "plan elm", "status", "status --fleet",
    "policy", "review list elm", "review misread elm", "review labels elm", "link list elm",
    "link list elm --made", "link sample elm", "history elm --client 1", "failed", "show elm", "audit list elm",
    "audit verify", "audit keep", "practice offboard elm --by Dana",
)  # fmt: skip


def test_each_key_of_the_json_is_on_the_page(command: CommandLine) -> None:
    command.add_practice()
    copy(command)
    told = {
        line.split("|")[1].strip(): line for line in PAGE.splitlines() if line.startswith("| `")
    }
    for asked in ASKED:
        words = asked.split()
        group = next(
            line
            for cell, line in told.items()
            if cell.startswith(f"`{words[0]}")
            and (cell.startswith(f"`{words[0]}`") or f"{words[1]}`" in cell)
        )
        keys = set(command(*words, "--json").data)
        assert {key for key in keys if f"`{key}`" not in group} == set(), asked
        if asked.startswith(("plan", "failed", "history", "audit")):
            named = group.split("|")[3].partition(";")[0]
            assert set(re.findall(r"`(\w+)`", named)) == keys, asked
