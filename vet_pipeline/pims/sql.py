"""Connectors' SQL made ready for an engine: macros, pages of keys. Text only, no connection.

Pages are half-open ranges of keys `(after, last]`. Whatever the two bounds are, ranges laid end
to end cover every non-NULL key exactly once, duplicates and odd collations included; NULL keys
are a page of their own. So no row can fall between two pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.normalize.text import FILLERS, WEAK_FILLERS
from vet_pipeline.pims.connector import Section
from vet_pipeline.pims.engines import Engine

# What stands in a macro; a brace only as a literal of braces, as GUIDs are written: CONCAT('{', x, '}').
_INSIDE = r"\s*((?:'[{}]+'|(?!'[{}]+')[^{}])+?)\s*"
_CAST = re.compile(rf"\{{(text|date|flag|number):{_INSIDE}\}}")
_YES = re.compile(rf"\{{yes:{_INSIDE}\}}")
# What a yes/no column may hold for yes, whatever its type: as normalize/conventions.py has it.
_SAYS_YES = r"(LOWER(COALESCE({flag: \1}, '0')) IN ('1', '-1', 'true', 't', 'yes', 'y'))"
_SAID = re.compile(rf"\{{said:{_INSIDE}\}}")
# A word that stands for nothing (NULL as a word, N/A) would end up in the name it is put behind.
_NOTHING = ", ".join(f"'{word}'" for word in ["", "-", "--", ".", *sorted(FILLERS | WEAK_FILLERS)])
_SAYS_SOMETHING = rf"(LOWER(LTRIM(RTRIM({{text: \1}}))) NOT IN ({_NOTHING}))"
_PAGE = re.compile(rf"\{{page(?::{_INSIDE})?\s*\}}")
_QUOTED = re.compile(r"""("[^"]+"|`[^`]+`|\[[^]]+\])$""")
# Literals, quoted names and comments: of two that overlap the one that begins first is meant. MySQL
# takes a mark behind a backslash for a part of the literal, and what follows a number sign for a
# comment.
_IN_MARKS = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^]]*\]|--[^\n]*|/\*.*?\*/""", re.DOTALL)
_ESCAPED = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|/\*.*?\*/|\#[^\n]*""", re.DOTALL
)
_COMMENT = re.compile(r"--|#|/\*(?![+!])")  # /*+ and /*! are hints
_LEFT = re.compile(r"\{\s*\w+\s*(?::|\})")


@dataclass(frozen=True, slots=True)
class Page:
    """Keys in `(after, last]`; None: no bound on that side. `nulls`: only rows without a key."""

    after: Any = None
    last: Any = None
    nulls: bool = False

    def condition(self, key: str) -> tuple[str, list[Any]]:
        """SQL condition on the expression `key`, and its parameters."""
        if self.nulls:
            return f"({key} IS NULL)", []
        conditions, parameters = [f"{key} IS NOT NULL"], []
        if self.after is not None:
            conditions.append(f"{key} > ?")
            parameters.append(self.after)
        if self.last is not None:
            conditions.append(f"{key} <= ?")
            parameters.append(self.last)
        return f"({' AND '.join(conditions)})", parameters


def render(sql: str, engine: Engine, key: str, page: Page) -> tuple[str, list[Any]]:
    """The statement of one page, macros expanded, with its parameters in order.

    `{page}` is the condition on the section's key, `{page: x}` the same condition on x.
    """
    parameters: list[Any] = []

    def cast(match: re.Match[str]) -> str:
        write: Callable[[str], str] = getattr(engine, match.group(1))
        return write(match.group(2))

    def condition(match: re.Match[str]) -> str:
        text, values = page.condition(match.group(1) or key)
        parameters.extend(values)
        return text

    in_marks = _ESCAPED if engine.name in ("mariadb", "mysql") else _IN_MARKS
    text, found = _YES.sub(_SAYS_YES, _without_comments(sql, in_marks).strip().rstrip(";")), 1
    text = _SAID.sub(_SAYS_SOMETHING, text)
    while found:  # from the inside out: macros may stand in macros
        text, found = _CAST.subn(cast, text)
    text = _PAGE.sub(condition, text)
    if unknown := _LEFT.search(text):
        raise ConnectorInvalid(
            f"unknown macro {unknown.group()} in a connector's SQL",
            next_step="use {text: x}, {date: x}, {flag: x}, {yes: x}, {said: x}, {number: x}, {page} or {page: x}",
        )
    if ";" in in_marks.sub("", text):
        raise ConnectorInvalid(
            "more than one statement stands in a connector's SQL",
            next_step="leave one; a semicolon may only stand at its end",
        )
    if text.count("?") != len(parameters):
        raise ConnectorInvalid(
            "a question mark stands in a connector's SQL",
            next_step="write it without, for drivers take it for a parameter; where a column's name has"
            " one, let a view give it another",
        )
    return text, parameters


def bare(name: str) -> str:
    """A name as the catalogue has it: without the schema before it and the marks around it."""
    found = _QUOTED.search(name)
    return found[1][1:-1] if found else name.rsplit(".", 1)[-1]


def names_schema(name: str) -> bool:
    """Whether a table's name says in which schema it is."""
    return "." in _QUOTED.sub("", name)


def plain(sql: str, engine: Engine) -> str:
    """SQL without pages, macros expanded."""
    return render(sql, engine, "", Page())[0]


# Tables, keys and conditions below are the connector's, never a value from outside.


def keys_statement(section: Section, engine: Engine) -> str:
    """All keys of a section in their order: counted, and every n-th one ends a page."""
    key = engine.text(section.key) if engine.key_as_text else section.key
    statement = f"SELECT {key} AS page_key FROM {_rows(section)} ORDER BY {section.key}"  # noqa: S608
    return plain(statement, engine) + engine.at_most


def key_texts_statement(section: Section, engine: Engine) -> str:
    """All keys of a section as texts."""
    statement = f"SELECT {engine.text(section.key)} FROM {_rows(section)}"  # noqa: S608
    return plain(statement, engine) + engine.at_most


def count_statement(section: Section, engine: Engine) -> str:
    """How many rows a section has."""
    return plain(f"SELECT COUNT(*) FROM {_rows(section)}", engine)  # noqa: S608


def ignores_case_statement(section: Section, engine: Engine) -> str:
    """1 where the server takes each key for the same in capitals as in small letters, else 0."""
    differs = f"UPPER({section.key}) <> LOWER({section.key})"
    where = f"({section.where}) AND {differs}" if section.where else differs
    found = f"SELECT 1 FROM {section.source} WHERE {where}"  # noqa: S608
    return plain(f"SELECT CASE WHEN EXISTS ({found}) THEN 0 ELSE 1 END", engine)


def _rows(section: Section) -> str:
    return f"{section.source} WHERE {section.where}" if section.where else section.source


def pages(bounds: list[Any], *, has_nulls: bool) -> list[Page]:
    """Pages between the bounds, from no lower bound to no upper one; NULL keys last."""
    edges = [None, *bounds, None]
    result = [Page(after, last) for after, last in zip(edges, edges[1:], strict=False)]
    if has_nulls:
        result.append(Page(nulls=True))
    return result


def _without_comments(sql: str, in_marks: re.Pattern[str]) -> str:
    # Some drivers count a question mark in a comment as a parameter.
    return in_marks.sub(lambda found: " " if _COMMENT.match(found[0]) else found[0], sql)
