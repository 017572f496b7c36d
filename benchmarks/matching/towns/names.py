"""Names that people and pets in America have, by how often they have them; and what they are called.

Written down for this benchmark alone: the matcher's lists and its book of nicknames are not asked.
names.json has each list most frequent first (given names and surnames as the censuses of 1990 and
2000 have them, roughly); groups of forms stand between commas, the whole name first. A dot stands
for a space.
"""

from __future__ import annotations

import json
import random
from itertools import accumulate
from pathlib import Path

_LISTS: dict[str, str] = json.loads(Path(__file__).with_name("names.json").read_text())
#: Origins whose names the lists have, and the share of families.
ORIGINS = {
    "": 78,
    "hispanic": 12,
    "vietnamese": 2,
    "chinese": 2,
    "korean": 1,
    "indian": 3,
    "arab": 2,
}


def words(name: str) -> list[str]:
    """A list of names.json."""
    return [word.replace(".", " ") for word in _LISTS[name].split()]


def groups(name: str) -> list[list[str]]:
    """The groups of a list."""
    return [[w.replace(".", " ") for w in group.split()] for group in _LISTS[name].split(",")]


class Names:
    """Draws names; everything comes from one seeded generator."""

    def __init__(self, rng: random.Random) -> None:
        """Lists are read once."""
        self.rng = rng
        self.lists = {name: words(name) for name in _LISTS if "," not in _LISTS[name]}
        self.weights = {
            name: list(accumulate((rank + 7) ** -1.1 for rank in range(len(listed))))
            for name, listed in self.lists.items()
        }
        self.called = {whole: forms for whole, *forms in groups("nicknames")}
        self.heard: dict[str, list[str]] = {}
        for group in groups("sounds"):
            for name in group:
                self.heard[name] = [other for other in group if other != name]
        self.alike, self.alike_pets = groups("alike"), groups("alike_pets")

    def common(self, name: str) -> str:
        """One of a list, the first ones most often."""
        return self.rng.choices(self.lists[name], cum_weights=self.weights[name])[0]

    def given(self, *, woman: bool, origin: str, young: bool) -> str:
        """A given name."""
        kind = "women" if woman else "men"
        if origin:
            return self.rng.choice(self.lists[f"{origin}_{kind}"])
        return self.common(f"young_{kind}" if young else kind)

    def surname(self, origin: str) -> str:
        """A surname: of ten Americans four have one that a hundred thousand share."""
        rng = self.rng
        if origin:
            return rng.choice(self.lists[f"{origin}_surnames"])
        if rng.random() < 0.45:
            return self.common("surnames")
        start = rng.choice(self.lists["surname_starts"])
        return start + rng.choice(self.lists["surname_ends"])

    def nickname(self, given: str) -> str:
        """What somebody of that name is called, the usual form most often; '' where none is usual."""
        forms = self.called.get(given, [])
        return self.rng.choices(forms, [2.0**-n for n in range(len(forms))])[0] if forms else ""


def written(name: str) -> str:
    """A folded name with its capitals: McDonald, O'Brien, De La Cruz."""
    made = name.title()
    for start in ("Mc", "Mac", "O'"):
        rest = made[len(start) :]
        if made.startswith(start) and len(rest) > 3 and (start != "Mac" or made in _MAC):
            made = start + rest[0].upper() + rest[1:]
    return made


_MAC = ("Macdonald",)
