"""How one practice's PIMS writes things down: what can't be told from the text alone.

Comes from the connector and the practice's settings and is kept in every snapshot's manifest, so
that a snapshot can be normalized again later by the same conventions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args

DateOrder = Literal["ymd", "mdy", "dmy"]
WeightUnit = Literal["kg", "lb", "g", "oz"]

_WORD_SETS = ("true_words", "false_words", "deceased_words", "alive_words")


@dataclass(frozen=True, slots=True)
class Conventions:
    """Words, date order and units of one PIMS; words are compared case-folded.

    `date_order` is the order of dates that don't start with a four-digit year. With `ymd` such a
    date is never taken: its month and day could not be told apart.
    `weight_unit_when_missing` is the site's setting for weights without a unit; None: unknown.
    `blank_dates` are ISO dates that mean "no date"; 1900-01-01 is one only where stated.
    """

    date_order: DateOrder = "ymd"
    weight_unit_when_missing: WeightUnit | None = None
    phone_region: str = "US"
    true_words: frozenset[str] = frozenset(
        {"1", "-1", "y", "yes", "t", "true", "\u2611", "\u2705", "\u2713", "\u2714"}  # ticks
    )
    false_words: frozenset[str] = frozenset({"0", "n", "no", "f", "false"})
    deceased_words: frozenset[str] = frozenset(
        {
            "deceased", "dead", "died", "euthanized", "euthanised", "euthanased", "euthanasia",
            "put to sleep", "passed away", "rainbow bridge", "pts", "p.t.s", "rip", "r.i.p",
        }
    )  # fmt: skip
    alive_words: frozenset[str] = frozenset({"alive", "living", "active"})
    blank_dates: frozenset[str] = frozenset(
        {"0000-00-00", "0001-01-01", "1753-01-01", "1899-12-30"}
    )

    def __post_init__(self) -> None:
        if self.date_order not in get_args(DateOrder):
            raise ValueError("date_order must be ymd, mdy or dmy")
        if self.weight_unit_when_missing not in (None, *get_args(WeightUnit)):
            raise ValueError("weight_unit_when_missing must be kg, lb, g or oz, or be left out")
        for name in _WORD_SETS:
            object.__setattr__(self, name, _folded(getattr(self, name)))
        object.__setattr__(self, "blank_dates", frozenset(self.blank_dates))

    def to_json(self) -> str:
        """JSON text with sorted keys and sorted lists: equal conventions give equal text."""
        return json.dumps(
            {
                f.name: sorted(value) if isinstance(value, frozenset) else value
                for f in fields(self)
                for value in [getattr(self, f.name)]
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str | Mapping[str, Any]) -> Self:
        """The conventions that `to_json` wrote (text, or the object read from it).

        What is left out keeps its default; raises ValueError on an unknown name or value.
        """
        given: dict[str, Any] = json.loads(text) if isinstance(text, str) else dict(text)
        unknown = set(given) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"unknown conventions: {', '.join(sorted(unknown))}")
        for name in {*_WORD_SETS, "blank_dates"} & given.keys():
            words = given[name]
            # Of a text each letter would be a word, and an A for *active* one of those for dead.
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise ValueError(f'{name} must be a list of texts, as ["D", "PTS"]')
            given[name] = frozenset(words)
        return cls(**given)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(word.casefold().split()) for word in words)
