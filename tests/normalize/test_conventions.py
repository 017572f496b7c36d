"""How a practice writes things, and its way through JSON."""

import json

import pytest

from vet_pipeline.normalize.conventions import Conventions


def test_conventions_come_back_from_json_as_they_were():
    conventions = Conventions(
        date_order="mdy",
        weight_unit_when_missing="lb",
        phone_region="CA",
        deceased_words=frozenset({"D", "Put  To Sleep"}),
        blank_dates=frozenset({"1900-01-01"}),
    )
    assert Conventions.from_json(conventions.to_json()) == conventions
    assert Conventions.from_json(json.loads(conventions.to_json())) == conventions
    assert conventions.deceased_words == {"d", "put to sleep"}


def test_equal_conventions_give_equal_text():
    assert (
        Conventions(true_words=frozenset({"b", "a"})).to_json()
        == Conventions(true_words=frozenset({"A", "B"})).to_json()
    )


def test_what_is_left_out_keeps_its_default():
    assert Conventions.from_json("{}") == Conventions()


@pytest.mark.parametrize(
    "text",
    [
        '{"date_order": "ydm"}',
        '{"weight_unit_when_missing": "stone"}',
        '{"colour": "red"}',
        '{"deceased_words": "Deceased"}',  # each letter was a word for dead, *A* for active, too
        '{"blank_dates": "1900-01-01"}',
        '{"true_words": [1]}',
    ],
)
def test_conventions_nobody_knows_are_refused(text):
    with pytest.raises(ValueError, match=r"must be|unknown"):
        Conventions.from_json(text)
