"""Watching quality where no truth is known: decoys, drift, a sheet to check by hand."""

import pandas as pd

from benchmarks.matching import TODAY
from benchmarks.matching.draws import make_draw
from tests.matching.rows import side
from vet_pipeline.matching import estimate_false_links, match, review_sheet, score_drift
from vet_pipeline.matching.bounds import upper_bound
from vet_pipeline.matching.decoys import make_decoys
from vet_pipeline.matching.files import side_of

_DRAW = make_draw(41, 1500)
_HOME = side_of(_DRAW.home_clients, _DRAW.home_pets, read_on=TODAY).side
_PIMS = side_of(_DRAW.pims_clients, _DRAW.pims_pets, read_on=TODAY).side
_RESULT = match(_HOME, _PIMS)


def test_decoys_are_not_linked_and_the_bound_says_how_sure_that_is():
    estimate = estimate_false_links(_HOME, _PIMS, count=900)

    assert estimate.decoys == 900
    assert estimate.linked <= 2
    assert 0.003 < estimate.upper_bound < 0.008


def test_decoys_are_the_same_every_time():
    one, two = make_decoys(_HOME, _PIMS, 50), make_decoys(_HOME, _PIMS, 50)

    pd.testing.assert_frame_equal(one.clients, two.clients)


def test_a_practice_with_too_few_clients_has_no_decoys():
    assert estimate_false_links(side([]), side([])).upper_bound == 1.0


def test_a_practice_like_the_models_own_is_not_called_unlike():
    assert not score_drift(_RESULT.clients).unlike


def test_a_practice_whose_links_are_all_weak_is_called_unlike():
    weak = _RESULT.clients.copy()
    weak["score"] = weak["score"].clip(upper=1.0)

    assert score_drift(weak).unlike


def test_the_review_sheet_can_be_made_again_and_shows_both_sides():
    one = review_sheet(_RESULT.clients, _HOME, _PIMS, count=20, salt="march")
    two = review_sheet(_RESULT.clients, _HOME, _PIMS, count=20, salt="march")

    pd.testing.assert_frame_equal(one, two)
    assert one["drawn"].value_counts().to_dict() == {"weakest": 10, "random": 10}
    assert {"pims_last_name", "home_last_name", "pims_pets", "home_pets", "same"} <= set(
        one.columns
    )


def test_the_upper_bound_is_clopper_and_pearsons():
    assert abs(upper_bound(0, 1000) - (1 - 0.05 ** (1 / 1000))) < 1e-9
    assert round(upper_bound(3, 6000) * 1000, 3) == 1.292
