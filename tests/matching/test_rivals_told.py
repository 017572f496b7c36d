"""On which side a rival is, as the evidence of a pair tells it: of clients and of pets alike."""

from __future__ import annotations

import json

import pandas as pd

from tests.matching.rows import HOME, client, pet, side
from vet_pipeline.matching import match

CONTACTS = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com", **HOME}
NANCY = client("1", "Nancy", "Milliren", **CONTACTS)
AGAIN = client("2", "Nancy", "Milliren", **HOME)
REX = pet("1", "1", "Rex", breed="Beagle", birth_date="2019-04-02")
REX_AGAIN = pet("2", "1", "Rex")


def told(found: pd.DataFrame) -> set[str]:
    """The sides on which any of these pairs has a rival."""
    judged = found[found["decision"] != "new"]
    rivals = [json.loads(text)["rivals"] for text in judged["evidence"]]
    return {place for said in rivals for place in ("at_home", "in_pims") if said[place] != "none"}


def test_of_two_clients_on_a_side_the_rival_is_told_there() -> None:
    one, two = side([NANCY], []), side([NANCY, AGAIN], [])
    assert told(match(two, one).clients) == {"at_home"}
    assert told(match(one, two).clients) == {"in_pims"}


def test_of_two_pets_on_a_side_the_rival_is_told_there() -> None:
    one, two = side([NANCY], [REX]), side([NANCY], [REX, REX_AGAIN])
    assert told(match(two, one).pets) == {"at_home"}
    assert told(match(one, two).pets) == {"in_pims"}
