"""A command that a message names can be typed as it stands: with the practice it needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.test_docs_commands import PROGRAM

ROOT = Path(__file__).parents[2]
ROOMS = ("vet_pipeline", "assets", "automation", "expectations", "resources")
NAMED = re.compile(r"vet-pipeline ((?:[a-z]+ ?)+)(\S*)")
# A value, `NAME`, `{practice}`, the practice of an example, or an option (`retry --all`).
GIVEN = re.compile(r"<|[A-Z{]|oak|-")


def _said(path: Path) -> Iterator[str]:
    """The texts of a module, with `<>` for each value in them; docstrings are none."""
    tree = ast.parse(path.read_text())
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Expr)
        for part in (node.values if isinstance(node, ast.JoinedStr) else [node.value])
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(p.value) if isinstance(p, ast.Constant) else "<>" for p in node.values
            )
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        ):
            yield node.value


def _lacks_its_practice(words: str, behind: str) -> bool:
    command, typed = PROGRAM, words.split()
    while hasattr(command, "commands") and typed and typed[0] in command.commands:
        command = command.commands[typed.pop(0)]
    needed = [p for p in command.params if p.param_type_name == "argument" and p.required]
    return bool(needed) and not typed and not GIVEN.match(behind)


def test_each_command_that_a_message_names_has_the_practice_that_it_needs() -> None:
    modules = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    named = [
        (path.name, words, behind)
        for path in modules
        for text in _said(path)
        for words, behind in NAMED.findall(text)
    ]
    assert len(named) > 100
    assert [one for one in named if _lacks_its_practice(*one[1:])] == []
