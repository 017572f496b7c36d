"""Why a pair was linked: a table for people, JSON for machines, no values in the results."""

import json

import pytest

from tests.matching.rows import HOME, client, crowd, pet, side
from vet_pipeline.errors import UnknownItem
from vet_pipeline.matching import MatchSettings, explain, match

CONTACTS = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com", **HOME}
HOME_SIDE = side(
    [client("h", "Nancy", "Milliren", **CONTACTS), *crowd(20)],
    [pet("hp", "h", "Rexington", birth_date="2019-04-02")],
)
PIMS_SIDE = side(
    [client("p", "NANCY", "MILLIREN", **CONTACTS), client("q", "GERALD", "MILLIREN", **CONTACTS)],
    [pet("pp", "p", "REXINGTON", birth_date="2019-04-02")],
)


def test_an_explanation_shows_both_sides_the_bits_and_the_model():
    told = explain(HOME_SIDE, PIMS_SIDE, "client", "h", "p")

    first = next(field for field in told.fields if field.field == "first_name")
    assert (first.speaks_for, first.home, first.pims, first.agreement) == (
        "person",
        "Nancy",
        "NANCY",
        "same",
    )
    assert first.bits > 0
    assert told.decision == "linked"
    assert told.model_version in told.to_text()
    assert json.loads(told.to_json())["fields"][0]["field"] == "first_name"


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [("Nancy", "NANCY", "missing"), ("Nancy", "Nancie", "missing"), ("Nancy B", "NANCY B", "same")],
)
def test_a_middle_name_that_nobody_has_agrees_with_nothing(one, other, agreement):
    sides = [
        side([client(key, name, "Milliren", **CONTACTS)])
        for key, name in (("h", one), ("p", other))
    ]

    told = explain(*sides, "client", "h", "p")

    assert [f.agreement for f in told.fields if f.field == "middle"] == [agreement]
    unknown = explain(HOME_SIDE, PIMS_SIDE, "client", "x1", "p")
    assert [f.agreement for f in unknown.fields if f.field == "middle"] == [""]


def test_an_explanation_of_a_pair_that_was_not_proposed_says_so():
    told = explain(HOME_SIDE, PIMS_SIDE, "client", "x1", "p")

    assert (told.decision, told.score, told.reason) == ("not_linked", None, "evidence_too_weak")


def test_a_pets_explanation_takes_its_owners_as_linked():
    told = explain(HOME_SIDE, PIMS_SIDE, "pet", "hp", "pp")

    assert told.decision == "linked"
    assert "REXINGTON" in told.to_text()


def test_what_forbids_a_link_is_a_sentence_and_rows_that_say_nothing_are_left_out():
    asked = MatchSettings(client_possible_bits=-40.0)
    told = explain(HOME_SIDE, PIMS_SIDE, "client", "h", "q", settings=asked).to_text()
    head, why, _, *rows = told.splitlines()

    assert head.startswith("client q and h: possible (first_names_differ, ")
    assert why == "veto: the given names are two people's"
    assert [row.split()[0] for row in rows] == [
        "first_name", "middle", "surname", "phone", "email", "mail_names", "address", "building",
        "place", "coincidence", "rivals",
    ]  # fmt: skip


def test_an_unknown_id_is_named():
    with pytest.raises(UnknownItem, match="client_id nobody isn't there"):
        explain(HOME_SIDE, PIMS_SIDE, "client", "nobody", "p")


def test_results_carry_no_value_of_any_record():
    result = match(HOME_SIDE, PIMS_SIDE)
    text = (result.clients.to_csv() + result.pets.to_csv() + repr(result.notes)).casefold()

    for value in ("nancy", "milliren", "rexington", "dogwood", "461", "2019"):
        assert value not in text
