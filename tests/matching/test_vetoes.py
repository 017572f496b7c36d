"""What forbids a link whatever else agrees: the score alone would have linked each of these."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.matching.rows import HOME, PET_COLUMNS, client, crowd, pet, side
from tests.matching.test_clients import REX_HOME, REX_PIMS, outcome
from vet_pipeline.matching import Decision, match
from vet_pipeline.matching.model import load_model

REACHED = {"phones": ["+13344610472"], "email": "abelson@example.com", **HOME}


def scores_a_link(score: float, kind: str = "client_verdict") -> bool:
    return bool(score >= load_model(kind).thresholds["link"])


def of_p(rows: Any) -> list[tuple[str, str]]:
    """Decision and reason of the PIMS client "p"."""
    asked = rows[rows["pims_id"] == "p"]
    return list(zip(asked["decision"], asked["reason"], strict=True))


@pytest.mark.parametrize("suffixes", [("Sr", "Jr"), ("Jr", "Sr"), ("Jr", "III")])
def test_father_and_son_are_not_linked_by_one_phone_email_address_and_pet(
    suffixes: tuple[str, str],
) -> None:
    one, other = (
        client(key, "George", "Abelson", suffix=suffix, **REACHED)
        for key, suffix in zip("hp", suffixes, strict=True)
    )
    _, rows = outcome(one, other, [REX_HOME], [REX_PIMS])
    assert of_p(rows) == [("possible", "generations_differ")]
    assert scores_a_link(rows.loc[rows["pims_id"] == "p", "score"].item())


@pytest.mark.parametrize("more", [{}, {"email": "abelson@example.com"}])
def test_neighbours_whose_two_names_look_alike_are_not_linked(more: dict[str, str]) -> None:
    one = client("h", "Gerald", "Milliren", **more, **HOME)
    other = client("p", "Gerlad", "Miliren", **more, **HOME)
    of_both = [client("x", "Pat", "Quigley", **more, **HOME)] if more else []
    _, rows = outcome(one, other, more_home=of_both)
    assert of_p(rows) == [("possible", "names_only_alike")]
    assert scores_a_link(rows.loc[rows["pims_id"] == "p", "score"].item())


def only_pets(at_home: dict[str, Any], in_pims: dict[str, Any]) -> Any:
    """The row of the result about the only pets of a linked client, both beagles."""
    columns = [*PET_COLUMNS, "deceased_on", "weighed_on"]
    one, other = (
        pd.DataFrame([{**pet(key, owner, "Rex", breed="beagle"), **said}], columns=columns)
        .astype(object)
        .replace({float("nan"): None})
        for key, owner, said in (("a", "h", at_home), ("b", "p", in_pims))
    )
    home = side([client("h", "Nancy", "Milliren", **HOME), *crowd(10)])
    pims = side([client("p", "Nancy", "Milliren", **HOME)])
    same = [Decision("client", "p", "h", same=True)]
    result = match(replace(home, pets=one), replace(pims, pets=other), decisions=same)
    [row] = result.pets.itertuples()
    return row


BORN = {"birth_date": "2019-04-02"}
DEAD = {"deceased": True, "deceased_on": "2022-03-01", **BORN}


@pytest.mark.parametrize("more", [{}, BORN])
def test_a_dog_is_never_linked_to_a_cat(more: dict[str, str]) -> None:
    row = only_pets({"species": "dog", **more}, {"species": "cat", **more})
    assert (row.decision, row.reason) == ("possible", "species_differ")
    assert scores_a_link(row.score, "pet_verdict")


def test_a_pet_that_was_weighed_after_another_had_died_is_not_linked_to_it() -> None:
    later = DEAD | {"deceased_on": "2022-08-01", "weighed_on": "2022-04-01"}
    for one, other in ((DEAD, later), (later, DEAD)):
        row = only_pets(one, other)
        assert (row.decision, row.reason) == ("possible", "life_dates_contradict")
        assert row.score <= -1, "whatever else they agree on, others are shown first"
    in_time = only_pets(DEAD, later | {"weighed_on": "2022-03-31"})
    assert in_time.decision == "linked", "a death is often written down late"


def test_a_name_noted_beside_that_of_a_pet_that_died_before_another_s_birth_is_not_asked_about() -> (
    None
):
    duke = {"name": "Duke of Kent", "name_note": "(Sunny)", "deceased": True}
    sunny = {"name": "Sunny", **BORN}
    assert only_pets(sunny, duke | {"deceased_on": "2019-06-01"}).decision == "possible"
    assert only_pets(sunny, duke | {"deceased_on": "2009-06-01"}).decision == "new"
