"""The same result on every run and for any order of rows."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.matching import TODAY
from benchmarks.matching.draws import make_draw
from tests.matching.rows import HOME, client, pet, side
from vet_pipeline.matching import Side, match
from vet_pipeline.matching.files import side_of

_DRAW = make_draw(31, 250)
_HOME = side_of(_DRAW.home_clients, _DRAW.home_pets, read_on=TODAY).side
_PIMS = side_of(_DRAW.pims_clients, _DRAW.pims_pets, read_on=TODAY).side
_EXPECTED = match(_HOME, _PIMS)


def shuffled(side: Side, seed: int) -> Side:
    """The same rows in another order."""
    return Side(
        side.clients.sample(frac=1, random_state=seed),
        side.pets.sample(frac=1, random_state=seed + 1),
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(seed):
    result = match(shuffled(_HOME, seed), shuffled(_PIMS, seed + 7))

    pd.testing.assert_frame_equal(result.clients, _EXPECTED.clients)
    pd.testing.assert_frame_equal(result.pets, _EXPECTED.pets)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_a_shelters_many_pets_changes_nothing(seed):
    """Forty of them tell who it is: which, no order may say."""
    home, pims = (
        side(
            [client(key, None, None, organisation="Happy Tails Rescue", **HOME)],
            [pet(f"{key}{n:03}", key, f"Pet{chr(97 + n % 26)}{n}") for n in range(600)],
        )
        for key in ("home", "pims")
    )
    [one] = match(home, pims).clients["evidence"]
    [other] = match(shuffled(home, seed), shuffled(pims, seed + 7)).clients["evidence"]

    assert one == other


def test_each_pims_record_is_answered_exactly_as_promised():
    rows = _EXPECTED.clients
    per_record = rows.groupby("pims_id")["decision"].agg(set)

    assert set(per_record.index) == set(_PIMS.clients["client_id"])
    assert all(len(decisions) == 1 for decisions in per_record)
    assert not rows[rows["decision"] != "possible"]["pims_id"].duplicated().any()
    assert rows.loc[rows["decision"] == "new", "home_id"].isna().all()
    linked_pets = _EXPECTED.pets[_EXPECTED.pets["decision"] == "linked"]
    assert not linked_pets["pims_id"].duplicated().any()
