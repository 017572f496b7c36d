"""Each command that a page tells to type is one, with those options."""

from __future__ import annotations

import re
from typing import Any

import typer

from tests.test_docs import PAGES
from vet_pipeline.cli import app

# Up to the end of the quotation; a line that ends in a backslash goes on in the next one.
TYPED = re.compile(r"vet-pipeline ([a-z]+(?![a-z/-])(?:\\\n|[^`\n#|;])*)")


PROGRAM: Any = typer.main.get_command(app)


def _is_no_command(typed: str) -> bool:
    """Whether it names no command of ours, or an option that this one hasn't."""
    command = PROGRAM
    words = re.sub(r'"[^"]*"|\\\n', " ", typed).split()
    while hasattr(command, "commands"):
        if not words:
            return False  # all of a group are meant
        if words[0] not in command.commands:
            return True
        command = command.commands[words.pop(0)]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    options = set(re.findall(r"(?:^|\s)(--[a-z-]+)", " ".join(words)))
    return not options <= known | {"--help"}


def test_every_command_of_the_pages_can_be_typed() -> None:
    pages = [page for page in PAGES if page.name != "defects.md"]  # what was, too
    told = [(page.name, typed) for page in pages for typed in TYPED.findall(page.read_text())]
    assert len(told) > 100
    assert [one for one in told if _is_no_command(one[1])] == []


def _lacks_a_name(typed: str) -> bool:
    """Whether it is a whole act of a person, with what it is about, and nobody's name."""
    command, words = PROGRAM, re.sub(r'"[^"]*"|\\\n', " ", typed).split()
    while hasattr(command, "commands") and words:
        command = command.commands[words.pop(0)]
    needs = any("--by" in one.opts and one.required for one in command.params)
    needs = needs or "--accept-shape" in words
    is_whole = bool(words) and not words[0].startswith("-") and '"' not in "".join(words)
    return needs and is_whole and not {"--by", "-h", "--help", "..."} & {*words}


def test_every_act_of_the_pages_is_by_somebody() -> None:
    pages = [page for page in PAGES if page.name != "defects.md"]
    told = [(page.name, typed) for page in pages for typed in TYPED.findall(page.read_text())]
    assert [one for one in told if _lacks_a_name(one[1])] == []


def _commands(command: Any, above: str = "") -> set[str]:
    if not hasattr(command, "commands"):
        return {above}
    below = command.commands.items()
    return set().union(*(_commands(one, f"{above} {name}".strip()) for name, one in below))


def test_the_page_of_the_commands_has_each_of_them() -> None:
    page = next(page for page in PAGES if page.name == "commands.md").read_text(encoding="utf-8")
    told: set[str] = set()
    for cell in re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", cell)
        told |= {first, *(f"{first.split()[0]} {other}" for other in others)}
    assert told == _commands(PROGRAM)
