"""What an ODBC connection string says, attribute by attribute."""

from __future__ import annotations

import re

# One attribute; {braces} quote, }} inside them is a brace.
ATTRIBUTE = re.compile(r"\s*([^=;]+?)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;]*)")


def attributes(odbc: str) -> dict[str, str]:
    """Name, in small letters, to value, without braces around it; of a name twice the first one.

    So the drivers take them.
    """
    found: dict[str, str] = {}
    for name, value in ATTRIBUTE.findall(odbc):
        found.setdefault(name.lower(), value.strip("{} \t"))
    return found
