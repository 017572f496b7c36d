"""Smoke test on data made as Febrl's generator makes them: originals, and duplicates with errors.

People with given name, surname, address, suburb, postcode and state; no phone, email or pet,
and the id number left out, as it would decide alone. Written here: nothing is copied.
"""

import random
from datetime import date

import pandas as pd

from benchmarks.matching import words
from benchmarks.matching.scribble import typo
from vet_pipeline.matching import match
from vet_pipeline.matching.files import side_of

FIELDS = ("first_name", "last_name", "address1", "address2", "city", "zip")


def original(rng):
    """One person."""
    return {
        "first_name": words.first_name(rng, rng.random() < 0.5).title(),
        "last_name": words.surname(rng).title(),
        "address1": f"{rng.randint(1, 400)} {rng.choice(words.STREETS).title()} "
        + rng.choice(words.STREET_TYPES)[0].title(),
        "address2": rng.choice(("", "", f"Unit {rng.randint(1, 60)}")),
        "city": rng.choice(words.TOWN_PARTS).title() + rng.choice(words.TOWN_ENDS),
        "zip": f"{rng.randint(20000, 29999)}",
        "state": "GA",
    }


def duplicate(rng, person):
    """The same person with one or two fields written wrongly or left out."""
    made = dict(person)
    for field in rng.sample(FIELDS, rng.choice((1, 1, 2))):
        made[field] = "" if rng.random() < 0.15 else typo(rng, made[field])
    if rng.random() < 0.05:
        made["first_name"], made["last_name"] = made["last_name"], made["first_name"]
    return made


def side(people, prefix):
    """A side of clients without pets."""
    frame = pd.DataFrame(people)
    frame.insert(0, "client_id", [f"{prefix}{i}" for i in range(len(frame))])
    pets = pd.DataFrame({"pet_id": [], "client_id": []}, dtype="str")
    return side_of(frame.astype("str"), pets, read_on=date(2026, 3, 1)).side


def test_duplicates_of_febrls_kind_are_found_and_nobody_else_is_linked():
    rng = random.Random(1)
    originals = [original(rng) for _ in range(2000)]
    # Only every other original has a duplicate; the rest must find nobody.
    strangers = [original(rng) for _ in range(1000)]
    pims = [duplicate(rng, person) for person in originals[:1000]] + strangers

    rows = match(side(originals, "h"), side(pims, "p")).clients

    right = rows["home_id"].fillna("").str[1:] == rows["pims_id"].str[1:]
    linked = rows["decision"] == "linked"
    found = rows.loc[right & (rows["decision"] != "new"), "pims_id"].nunique()
    assert (linked & ~right).sum() == 0
    assert (linked & right).sum() >= 650  # a slip in a name and nothing but an address: ask
    assert found >= 970
