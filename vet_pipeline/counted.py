"""How many of a thing there are, as people say it. A noun alone: a verb behind it suits both."""

from __future__ import annotations


def counted(number: int, one: str, more: str = "") -> str:
    """`1 row`, `1,200 rows`; `more` is the plural that isn't made by an s."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
