"""Two whom a title, or the number behind an organisation's name, alone tells apart."""

import pytest

from tests.matching.rows import HOME, client, crowd, pet, side
from vet_pipeline.matching import match

CONTACTS = {"phones": ["+13344610472"], "email": "whitlocks@example.com", **HOME}
DOG = {"breed": "Lurcher", "birth_date": "2019-04-17"}
LINKED = ("linked", "evidence")


def outcomes(at_home, *in_pims):
    """(decision, reason) of each PIMS row; rows: given name, surname and more, all of one house."""
    rows = [at_home, *in_pims]
    made = [
        client(f"p{n}", first, last, **more, **CONTACTS)
        for n, (first, last, more) in enumerate(rows)
    ]
    home = side([made[0] | {"client_id": "h"}, *crowd()], [pet("h1", "h", "Rex", **DOG)])
    pims = side(made[1:], [pet(f"d{n}", f"p{n}", "Rex", **DOG) for n in range(1, len(rows))])
    return [(row.decision, row.reason) for row in match(home, pims).clients.itertuples()]


def titled(title, first="J", **more):
    """A row of `outcomes`."""
    return first, "Whitlock", {"title": title, **more}


def organised(name):
    """A row of `outcomes` without a person."""
    return None, None, {"organisation": name}


@pytest.mark.parametrize("first", ["J", None])
@pytest.mark.parametrize("hers", ["Mrs", "Ms.", "MISS"])
def test_mr_j_is_not_mrs_j_of_the_same_house_and_dog(first, hers):
    asked = ("possible", "first_names_differ")
    assert outcomes(titled("Mr", first), titled(hers, first)) == [asked]
    assert outcomes(titled(hers, first), titled("Mr.", first)) == [asked]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (titled("Mrs"), titled("Miss")),
        (titled("Mr"), titled(None)),
        (titled("Mr"), titled("Dr")),
        (titled("Mr & Mrs"), titled("Mrs")),
        (titled("Mr", "Jane"), titled("Mrs", "Jane")),
        (titled("Mrs"), titled("Mr", "John", partner_first_name="Jane")),
    ],
)
def test_who_may_be_one_by_the_titles_is_linked(one, other):
    assert outcomes(one, other) == [LINKED]


def test_of_mr_and_mrs_j_who_both_are_the_home_clients_j_neither_is_taken():
    both = outcomes(titled(None), titled("Mr"), titled("Mrs"))

    assert both == [("possible", "rival")] * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oak Hill Stables Barn 1", "Oak Hill Stables Barn 2"),
        ("State University Lab A", "State University Lab B"),
        ("Paws Rescue East", "Paws Rescue West"),
        ("Circle K Ranch", "Circle J Ranch"),
    ],
)
def test_one_of_several_is_not_another_of_them(one, other):
    assert outcomes(organised(one), organised(other)) == [("possible", "organisations_differ")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oak Hill Stables Barn 1", "OAK HILL STABLE BARN #1"),
        ("Oak Hill Stables LLC", "Oak Hill Stables L.L.C."),
        ("Paws Rescue East", "Paws Rescue"),
        ("K9 Rescue", "K-9 Rescue"),
        ("Paws Rescue 501c3", "Paws Rescue 501(c)3"),
        ("A Dog's Life Rescue", "Dogs Life Rescue"),
    ],
)
def test_an_organisation_is_itself_however_it_is_written(one, other):
    assert outcomes(organised(one), organised(other)) == [LINKED]


def test_of_two_barns_neither_is_the_home_client_who_names_none():
    rows = [organised(f"Oak Hill Stables{barn}") for barn in ("", " Barn 1", " Barn 2")]

    assert outcomes(*rows) == [("possible", "rival")] * 2
