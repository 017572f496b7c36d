"""Slips of the hand and of scanners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.matching.scribble import typo

if TYPE_CHECKING:
    import random

_MISREAD = (("o", "0"), ("l", "1"), ("rn", "m"), ("m", "rn"), ("cl", "d"), ("i", "l"), ("e", "c"))


def slip(rng: random.Random, text: str) -> str:
    """One slip: a key beside, left out, twice or in another order; or what a scanner misread."""
    if rng.random() < 0.85:
        return typo(rng, text)
    for one, other in rng.sample(_MISREAD, len(_MISREAD)):
        if one in text[1:]:
            return text[0] + text[1:].replace(one, other, 1)
    return typo(rng, text)
