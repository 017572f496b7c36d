"""Words the made-up practices are written with: names, streets, towns, pets, breeds.

The long lists stand in words.json. Names beyond the common ones are put together from
syllables, so that rare names exist without copying anybody's list. Nothing here describes a
real person.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

_LISTS: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text())
WOMEN: list[str] = _LISTS["women"]
MEN: list[str] = _LISTS["men"]
SURNAMES: list[str] = _LISTS["surnames"]
SYLLABLES: list[str] = _LISTS["syllables"]
STREETS: list[str] = _LISTS["streets"]
STREET_TYPES = (
    ("street", "st"),
    ("avenue", "ave"),
    ("road", "rd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("court", "ct"),
    ("place", "pl"),
    ("boulevard", "blvd"),
    ("circle", "cir"),
    ("trail", "trl"),
    ("way", "way"),
    ("parkway", "pkwy"),
)
DIRECTIONS = (("north", "n"), ("south", "s"), ("east", "e"), ("west", "w"))
TOWN_PARTS = ("spring", "fair", "green", "oak", "wood", "clear", "bridge", "mill", "stone", "west")
TOWN_ENDS = ("ville", "field", "brook", "port", " city", "ton", "dale", " falls", "burg", "haven")
MAIL_HOSTS = (
    ("gmail.com", 55),
    ("yahoo.com", 16),
    ("hotmail.com", 7),
    ("aol.com", 6),
    ("icloud.com", 6),
    ("outlook.com", 5),
    ("comcast.net", 3),
    ("att.net", 2),
)
HOBBIES = (
    "mom",
    "cat",
    "dog",
    "sky",
    "garden",
    "fish",
    "music",
    "beach",
    "country",
    "horse",
    "golf",
)
PETS: list[str] = _LISTS["pets"]
BREEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "dog": (
        ("Labrador Retriever", "Lab", "Labrador", "Retriever, Labrador"),
        ("German Shepherd", "GSD", "German Shepherd Dog"),
        ("Golden Retriever", "Golden", "Golden Ret"),
        ("Chihuahua", "Chi", "Chihuahua Mix"),
        ("Yorkshire Terrier", "Yorkie"),
        ("Shih Tzu", "Shihtzu"),
        ("Dachshund", "Doxie", "Dachshund, Miniature"),
        ("Boxer", "Boxer Mix"),
        ("Beagle", "Beagle Mix"),
        ("Mixed Breed", "Mix", "Mutt", "Canine Mix"),
        ("Pit Bull", "American Pit Bull Terrier", "Pit Bull Mix"),
        ("Poodle", "Poodle, Toy"),
        ("Border Collie", "Collie, Border"),
        ("French Bulldog", "Frenchie"),
    ),
    "cat": (
        ("Domestic Shorthair", "DSH", "Domestic Short Hair", "Dom. Shorthair"),
        ("Domestic Longhair", "DLH", "Domestic Long Hair"),
        ("Domestic Medium Hair", "DMH", "Domestic Mediumhair"),
        ("Siamese", "Siamese Mix"),
        ("Maine Coon", "Maine Coon Mix"),
        ("Ragdoll",),
    ),
    "other": (
        ("Rabbit", "Bunny"),
        ("Guinea Pig",),
        ("Ferret",),
        ("Bearded Dragon",),
        ("Quarter Horse",),
    ),
}
SPECIES = {"dog": ("Dog", "CANINE", "K9"), "cat": ("Cat", "FELINE"), "other": ("Other", "OTHER")}
ORGANISATIONS = (
    (
        "happy",
        "second",
        "golden",
        "silver",
        "rolling",
        "lone",
        "safe",
        "loving",
        "faithful",
        "blue",
    ),
    ("tails", "chance", "hearts", "creek", "hills", "star", "haven", "paws", "friends", "barn"),
    ("rescue", "kennels", "farm", "sanctuary", "stables", "animal shelter", "ranch", "cattery"),
)
AREA_CODES = ("404", "678", "770", "706", "762", "912", "229", "478", "205", "251", "850", "904")
PLACEHOLDER_MAILS = ("none@none.com", "no@email.com", "noemail@gmail.com", "declined@clinic.com")
PLACEHOLDER_PHONES = ("0000000000", "9999999999", "5555555555", "1234567890", "1111111111")
NAME_NOTES = (
    " *",
    " - DO NOT CALL",
    " (OLD)",
    " #2",
    " **CASH ONLY**",
    " (DECEASED)",
    " -inactive",
)
PET_NOTES = (" *BITES*", " (foster)", " #1", " (2)", " - CAUTION", " (deceased)")
PET_SECOND = (" mae", " jo", " bear", " boo", " rose", " lou", "-girl", " marie")


def surname(rng: random.Random) -> str:
    """Common ones often, made-up rare ones otherwise, some hyphenated."""
    if rng.random() < 0.22:
        return SURNAMES[min(int(rng.expovariate(1 / 28)), len(SURNAMES) - 1)]
    made = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
    if rng.random() < 0.03:
        made = rng.choice(("mc", "o'", "de ", "st")) + made
    if rng.random() < 0.025:
        made += "-" + rng.choice(SURNAMES)
    return made


def first_name(rng: random.Random, woman: bool) -> str:
    """Weighted like a population: few common names, a long tail."""
    names = WOMEN if woman else MEN
    if rng.random() < 0.28:
        return _made(rng) + rng.choice(
            ("a", "ine", "elle", "y") if woman else ("o", "is", "en", "")
        )
    return names[int(len(names) * rng.random() ** 1.8)]


def pet_name(rng: random.Random) -> str:
    """Common ones, people's, and a long tail of rarer ones."""
    draw = rng.random()
    if draw < 0.2:
        return first_name(rng, rng.random() < 0.5)
    if draw < 0.56:
        return RARE_PETS[int(len(RARE_PETS) * rng.random() ** 1.6)]
    return PETS[int(len(PETS) * rng.random() ** 1.5)]


def _made(rng: random.Random) -> str:
    return rng.choice(SYLLABLES) + rng.choice(("", rng.choice(SYLLABLES)))


def _rare_pets(count: int) -> list[str]:
    rng = random.Random(5)  # the same list every time
    ends = ("y", "ie", "o", "a", "ster", "kins", "bo", "")
    made = {_made(rng) + rng.choice(ends): None for _ in range(count)}
    return [name for name in made if len(name) > 2]


RARE_PETS = _rare_pets(1_800)
