"""Weights: the value as recorded, its unit, and kilograms; decimals throughout, never floats."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.species import kinds_named
from vet_pipeline.normalize.text import (
    NULLS,
    clean,
    is_any_filler,
    is_filler,
    is_too_narrow,
    lazily,
)

# Kilograms per unit, exact by definition (international yard and pound agreement, 1959).
KILOGRAMS = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "lb": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}
# By how much of itself a weight that is the same may be another in another unit: 5 lb as 2.3 kg.
ROUNDED = Decimal("0.03")
# Heavier than any horse or bull a practice weighs: a slip of the decimal point or of the unit.
HEAVIEST_KG = Decimal(2000)
# What a kind can weigh: half of what its smallest are born with, to more than the heaviest on record or
# twice what pets of it come to. What has less or more is kept without its unit: grams where the practice
# has pounds, kilograms typed where grams stood. A bird of 43 kg is a cockatiel (95), and an ostrich one
# that is called so.
POSSIBLE_KG = {
    species: (Decimal(lightest), Decimal(heaviest))
    for (lightest, heaviest), kinds in {
        ("0", "1"): ("hamster", "gerbil", "mouse", "sugar glider"),
        ("0", "3"): ("rat",),
        ("0.01", "3"): ("chinchilla",),
        ("0.002", "5"): ("hedgehog",),
        ("0.02", "8"): ("guinea pig",),
        ("0.003", "10"): ("ferret",),
        ("0.01", "15"): ("chicken", "duck"),
        ("0.01", "30"): ("rabbit",),
        ("0", "5"): ("amphibian",),
        ("0", "16"): ("lizard",),
        ("0.0015", "20"): ("bird",),
        ("0.03", "30"): ("cat",),
        ("0", "50"): ("fish",),
        ("0", "60"): ("snake",),
        ("0.0015", "60"): ("turtle",),
        ("0", "150"): ("reptile",),
        ("0.004", "150"): ("tortoise",),
        ("0.04", "160"): ("dog",),
        ("0.1", "2000"): ("pig",),
        ("0.2", "2000"): ("goat", "sheep"),
        ("2", "2000"): ("horse", "donkey", "mule", "cow", "alpaca", "llama"),
    }.items()
    for species in kinds
}
# What else stands where a species is asked for weighs no more than these, and a rat terrier what dogs do.
_WEIGHS_AS = {
    word: kind
    for kind, words in {
        "cat": "dsh dmh dlh",
        "dog": "terrier retriever hound spaniel shepherd beagle bully",
        "rat": "budgie budgerigar canary cockatiel cockatoo conure dove finch lovebird macaw parakeet"
        " pigeon degu",
        "lizard": "chameleon gecko iguana skink",
        "snake": "boa python",
        "reptile": "ostrich emu rhea",
        "amphibian": "axolotl frog newt salamander toad",
        "chicken": "hen rooster",
        "ferret": "pocket rodent rodents",
        "guinea pig": "guinea",
        "sugar glider": "glider",
    }.items()
    for word in words.split()
}
# The same bound for a weight whose unit nobody knows, if it were grams.
_HEAVIEST_VALUE = HEAVIEST_KG * 1000

_LONGEST = 40  # characters of a number
_FOUR = Decimal("0.0001")
_THREE = Decimal("0.001")
# Below it four decimals of a single-precision float are free of noise.
_FINE = Decimal(100)

UNIT_WORDS = {
    "kg": "kg", "kgs": "kg", "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg",
    "kilogramme": "kg", "kilogrammes": "kg",
    "g": "g", "gr": "g", "gm": "g", "gms": "g", "gram": "g", "grams": "g", "gramme": "g",
    "grammes": "g",
    "lb": "lb", "lbs": "lb", "#": "lb", "pound": "lb", "pounds": "lb",
    "oz": "oz", "ozs": "oz", "ounce": "oz", "ounces": "oz",
}  # fmt: skip

_VALUE_AND_UNIT = lazily(r"([+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d{1,3})?)\s*([^\d\s.,].*)?")
_POUNDS_AND_OUNCES = lazily(
    r"(\d+)\s*(?:lbs?|pounds?|#)\.?[\s,]*(\d+(?:\.\d+)?)\s*(?:ozs?|ounces?)\.?", re.IGNORECASE
)
_WORDS = lazily(r"[^\s()/,.*]+")
# How it was come by says nothing of its unit: ~816 lb, 816 lb (est), approx. 12,5 kg.
_ABOUT = lazily(
    r"~|\(?(?<![^\W\d_])(?:est(?:imated?)?|approx(?:imate(?:ly)?)?|about)(?![^\W\d_])\.?\)?",
    re.IGNORECASE,
)
# What a spreadsheet makes of 8-3, three ounces behind the pounds, or of 12.5 where that is 12 May.
_DAY_AND_MONTH = lazily(r"\d{1,2}(?:-|\.\s?)([^\W\d_]{3,4})\.?")
_PLAIN = lazily(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_DECIMAL_COMMA = lazily(r"[+-]?(?:0?,\d+|\d+,(?:\d{1,2}|\d{4,}))")
_GROUPED = lazily(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d+|[+-]?[1-9]\d{0,2}(?:,\d{3}){2,}")
_GROUPED_COMMA = lazily(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+")
# Typed where a form asks for a weight: 999.9, 9999.
_FILLED = lazily(r"(?=[9.]{5}|9{4})99+\.?9*")
_ONE_GROUP = lazily(r"[+-]?[1-9]\d{0,2},\d{3}")


@dataclass(slots=True)
class Weight:
    """One weight; all None when the animal was not weighed.

    `reasons` are (raw column, reason) of what was not taken.
    """

    value: Decimal | None = None
    unit: str | None = None
    kilograms: Decimal | None = None
    reasons: list[tuple[str, str]] = field(default_factory=list)


def unit_advice(practice_id: str) -> str:
    """What to do about weights of which nobody has said the unit, before the first copy."""
    return (
        "ask the practice, and before the first copy: vet-pipeline practice set"
        f" {practice_id} weight_unit_when_missing=lb (or kg) --by NAME"
    )


def read_weight(raw: str | None, raw_unit: str | None, conventions: Conventions) -> Weight:
    """A weight and its unit; zero and blank mean not weighed.

    Values with more than four decimals are the noise of a binary float: rounded to four decimals
    below 100, else to three.
    """
    text = clean(raw)
    if text is None or (is_any_filler(text) and not is_too_narrow(text)):
        return Weight()
    number, written_unit = _number_and_unit(text)
    if isinstance(number, str):
        return Weight(reasons=[("weight", number)])
    if number == 0:
        return Weight()
    if number < 0:
        return Weight(reasons=[("weight", "negative_weight")])
    unit, unit_reason = _unit(written_unit, clean(raw_unit), conventions)
    kilograms = _kilograms(number, unit)
    too_heavy = number > _HEAVIEST_VALUE if kilograms is None else kilograms > HEAVIEST_KG
    if too_heavy or kilograms == 0:
        return Weight(reasons=[("weight", "implausible_weight")])
    reasons = [("weight_unit", unit_reason)] if unit_reason else []
    return Weight(number, unit, kilograms, reasons)


def possible_kg(species: str | None) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most that the kinds weigh that a species' words name; None: who knows."""
    if species is None:
        return None, None
    kinds = {species} if species in POSSIBLE_KG else kinds_named(species, _WEIGHS_AS)
    bounds = [POSSIBLE_KG[kind] for kind in kinds]
    lightest, heaviest = zip(*bounds, strict=True) if bounds else ((), ())
    return min(lightest, default=None), max(heaviest, default=None)


def is_doubtful(ratio: Decimal) -> bool:
    """Whether no usual weighing explains that a weight is so many times the one before.

    Another unit, a decimal point that got lost, another animal, or a pup that has grown.
    """
    return not Decimal("0.5") < ratio < 2


def _kilograms(number: Decimal, unit: str) -> Decimal | None:
    if unit == "unknown":
        return None
    return (number * KILOGRAMS[unit]).quantize(_FOUR, ROUND_HALF_EVEN)


def _number_and_unit(text: str) -> tuple[Decimal | str, str | None]:
    """The number (or the reason why there is none) and the unit written after it."""
    if _is_digits(text):
        return _number(text), None
    text = " ".join(_ABOUT().sub(" ", text).split())
    if found := _POUNDS_AND_OUNCES().fullmatch(text):
        # 8 lb 20 oz: 8.2 lb, or 9 lb 4 oz? A kitten's 0 lb 20 oz, and 7 lb 15.97 oz rounded, are plain.
        if Decimal(found[1]) and Decimal(found[2]) > 16:
            return "not_a_weight", None
        return _plausible(Decimal(found[1]) + Decimal(found[2]) / 16), "lb"
    found = _VALUE_AND_UNIT().fullmatch(text)
    if found is None or len(found[1]) > _LONGEST:
        return "not_a_weight", None
    if found[2] and any(map(str.isnumeric, found[2])):
        return "not_a_weight", None  # 10-12 lb, 4 kg 500 g, 12½ lb: more than one number
    day = _DAY_AND_MONTH().fullmatch(text)
    if day is not None and day[1].casefold() not in UNIT_WORDS:
        return "not_a_weight", None
    return _decimal(found[1]), found[2]


def _is_digits(text: str) -> bool:
    """Whether it's digits with at most one dot: told without any pattern."""
    return len(text) <= _LONGEST and text.isascii() and text.replace(".", "", 1).isdigit()


def _decimal(text: str) -> Decimal | str:
    if _ONE_GROUP().fullmatch(text):
        return "ambiguous_weight"  # 12,500: twelve and a half, or twelve thousand five hundred
    if _DECIMAL_COMMA().fullmatch(text):
        text = text.replace(",", ".")
    elif _GROUPED().fullmatch(text):
        text = text.replace(",", "")
    elif _GROUPED_COMMA().fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif not _PLAIN().fullmatch(text):
        return "not_a_weight"
    return _number(text)


def _number(text: str) -> Decimal | str:
    return _plausible(Decimal(text))


def _plausible(number: Decimal) -> Decimal | str:
    """The number, or the reason against one that no animal weighs: it may be too long to round."""
    if abs(number) > _HEAVIEST_VALUE:
        return "implausible_weight"
    tidy = _tidy(number)
    return "implausible_weight" if _FILLED().fullmatch(f"{tidy.normalize():f}") else tidy


def _tidy(number: Decimal) -> Decimal:
    exponent: Any = number.normalize().as_tuple().exponent  # zeros at the end are no noise
    if exponent < -4:
        places = _FOUR if abs(number) < _FINE else _THREE
        number = number.quantize(places, ROUND_HALF_EVEN)
    return number.quantize(_FOUR)


def _unit(
    written: str | None, column: str | None, conventions: Conventions
) -> tuple[str, str | None]:
    """(unit, reason when a unit word was not taken)."""
    if column is not None and column != "#" and (is_filler(column) or column.casefold() in NULLS):
        column = None
    said = (word.casefold().replace("(s)", "s") for word in (written, column) if word)
    words = {
        UNIT_WORDS.get(word) for text in said for word in _WORDS().findall(text) or [text]
    }  # Pound(s), as forms have it; Kilograms (kg)
    if not words:
        return conventions.weight_unit_when_missing or "unknown", None
    if None in words:
        return "unknown", "unknown_unit"
    if len(words) > 1:
        return "unknown", "unit_conflict"
    return words.pop() or "unknown", None
