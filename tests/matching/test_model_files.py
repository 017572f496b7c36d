"""The model files: readable, of the right shape, and monotone where sense demands it."""

import json
from importlib import resources

import numpy as np
import pytest

from benchmarks.matching.draws import make_draw
from benchmarks.matching.labelled import label
from benchmarks.matching.train import CHOSEN, calibrate
from tests.matching.rows import side
from vet_pipeline.matching import VETOES
from vet_pipeline.matching.bounds import calibrated_bound, upper_bound
from vet_pipeline.matching.client_vetoes import Pairs, client_vetoes
from vet_pipeline.matching.engine import Practice
from vet_pipeline.matching.features import CLIENT_FEATURES, CLIENT_VERDICT_FEATURES
from vet_pipeline.matching.model import Model, load_model
from vet_pipeline.matching.pet_vetoes import PetPairs, pet_vetoes
from vet_pipeline.matching.pets import PET_FEATURES, PET_VERDICT_FEATURES

FEATURES = {
    "client_evidence": CLIENT_FEATURES,
    "client_verdict": CLIENT_VERDICT_FEATURES,
    "pet_evidence": PET_FEATURES,
    "pet_verdict": PET_VERDICT_FEATURES,
}


@pytest.mark.parametrize("name", FEATURES)
def test_a_model_file_has_the_features_the_code_computes_and_says_how_it_was_trained(name):
    model = load_model(name)

    assert model.features == FEATURES[name]
    text = (resources.files("vet_pipeline.matching") / "model" / f"{name}.json").read_text()
    assert json.loads(text)["training"]["made_by"] == "python -m benchmarks.matching.train"


@pytest.mark.parametrize(
    ("feature", "weaker", "stronger"),
    [
        ("first_name", "different", "fuzzy"),
        ("first_name", "fuzzy", "near"),
        ("first_name", "near", "same"),
        ("surname", "different", "same"),
        ("phone", "different", "household"),
        ("phone", "household", "own"),
        ("email", "different", "own"),
        ("address", "different", "same"),
        ("pets", "none_alike", "good"),
        ("pets", "good", "very_strong"),
        ("suffix", "different", "same"),
    ],
)
def test_more_agreement_is_never_less_evidence(feature, weaker, stronger):
    model = load_model("client_evidence")
    column = list(model.features).index(feature)
    words = model.features[feature]
    table = next(term.bits for term in model.terms if term.columns == (column,))

    assert table[words.index(weaker)] <= table[words.index(stronger)]


def test_a_table_that_does_not_fit_is_refused():
    text = json.dumps(
        {
            "version": "x",
            "features": {"phone": ["missing", "own"]},
            "start": 0,
            "terms": [{"features": ["phone"], "bits": [1, 2, 3]}],
            "thresholds": {},
        }
    )

    with pytest.raises(ValueError, match="wrong shape"):
        Model.from_json(text)


def test_the_file_says_how_often_links_at_its_threshold_were_false_in_unseen_draws():
    counted = {one.bits: one for one in load_model("client_verdict").calibration}

    at = counted[load_model("client_verdict").thresholds["link"]]
    assert at.links > 20_000
    assert calibrated_bound("client") == round(1000 * upper_bound(at.false, at.links), 2)
    assert calibrated_bound("client", 1.0) is None  # below what was counted
    assert calibrated_bound("client", 20.0) <= calibrated_bound("client", 3.0)


def test_every_veto_has_its_word():
    nobody, rows, no = side([]), np.zeros(0, np.int32), np.zeros(0, dtype=bool)
    practice = Practice.of(nobody, nobody)
    levels, of_pets = (np.zeros((0, len(f)), np.int8) for f in (CLIENT_FEATURES, PET_FEATURES))
    names = {
        *client_vetoes(Pairs(practice.people, rows, rows, levels)),
        *pet_vetoes(PetPairs(practice.animals, rows, rows, of_pets, no, rows, [])),
    }

    assert names == set(VETOES)


def test_thresholds_are_calibrated_by_the_vetoes_that_the_matcher_goes_by():
    models = {name: load_model(name) for name in FEATURES}
    thresholds, _ = calibrate([label(make_draw(2000, 400))], models)
    chosen = thresholds["client_verdict"]["link"], thresholds["pet_verdict"]["link"]
    assert chosen == (CHOSEN["client_link"], CHOSEN["pet_link"])
