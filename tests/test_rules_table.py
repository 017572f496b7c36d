"""docs/rules.md names real tests, so the table can't promise what nobody checks."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_test_named_in_the_rules_table_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/rules.md").read_text()))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert sorted(named - written) == []
