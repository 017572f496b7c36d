"""Pets inside linked owners: one to one, never across species, asked about when unclear."""

from tests.matching.rows import HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import Decision, match

CONTACTS = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com", **HOME}


def pets_of(home_pets, pims_pets):
    """(pims_id, home_id, decision) of the pets of one linked client."""
    home = side([client("h", "Nancy", "Milliren", **CONTACTS), *crowd(10)], home_pets)
    pims = side([client("p", "NANCY", "MILLIREN", **CONTACTS)], pims_pets)
    return decided(match(home, pims, decisions=[Decision("client", "p", "h", same=True)]), "pets")


def test_pets_of_a_linked_owner_are_linked_by_name_species_and_birth_date():
    assert pets_of(
        [pet("h1", "h", "Rex", birth_date="2019-04-02"), pet("h2", "h", "Luna", "cat")],
        [pet("p1", "p", "REX", birth_date="2019-04-02"), pet("p2", "p", "LUNA", "cat")],
    ) == [("p1", "h1", "linked"), ("p2", "h2", "linked")]


def test_a_slip_in_the_name_does_not_hide_a_pet():
    assert pets_of(
        [pet("h1", "h", "Maggie", breed="Beagle", birth_date="2019-04-02")],
        [pet("p1", "p", "MAGGY", breed="BEAGLE", birth_date="2019-04-02")],
    ) == [("p1", "h1", "linked")]


def test_a_cat_is_never_linked_to_a_dog_of_the_same_name():
    assert pets_of([pet("h1", "h", "Minnie", "dog")], [pet("p1", "p", "MINNIE", "cat")]) in (
        [("p1", "h1", "possible")],
        [("p1", None, "new")],
    )


def test_a_pet_named_after_one_that_died_is_not_taken_for_it():
    assert ("p2", "h1", "linked") not in pets_of(
        [pet("h1", "h", "Max", birth_date="2006-07-11", deceased=True)],
        [
            pet("p1", "p", "MAX", birth_date="2006-07-11", deceased=True),
            pet("p2", "p", "MAX", birth_date="2024-09-25", deceased=False),
        ],
    )


def test_a_pet_that_died_before_the_other_was_born_is_not_the_same():
    home = side([client("h", "Nancy", "Milliren")], [pet("h1", "h", "Max")])
    pims = side(
        [client("p", "Nancy", "Milliren")], [pet("p1", "p", "MAX", birth_date="2024-09-25")]
    )
    home.pets["deceased_on"] = "2020-01-01"
    told = [Decision("client", "p", "h", same=True)]

    assert ("p1", "h1", "linked") not in decided(match(home, pims, decisions=told), "pets")


def test_two_pims_pets_that_could_both_be_the_one_are_left_to_a_person():
    rows = pets_of(
        [pet("h1", "h", "Lucky", "cat")],
        [pet("p1", "p", "LUCKY", "cat"), pet("p2", "p", "LUCKY", "cat")],
    )

    assert [decision for _, _, decision in rows] == ["possible", "possible"]


def test_pets_of_different_owners_are_not_compared():
    home = side([client("h", "Nancy", "Milliren")], [pet("h1", "h", "Rex")])
    pims = side([client("p", "Walter", "Nagel")], [pet("p1", "p", "Rex")])

    assert decided(match(home, pims), "pets") == [("p1", None, "new")]


def test_a_pet_waits_with_its_owner():
    home = side(
        [client("h1", "Nancy", "Milliren", **HOME), client("h2", "Nancy", "Milliren", **HOME)]
    )
    pims = side([client("p", "Nancy", "Milliren", **HOME)], [pet("p1", "p", "Rex")])

    result = match(home, pims)

    if set(result.clients["decision"]) == {"possible"}:
        assert decided(result, "pets") == []


def test_duplicates_of_an_owner_in_the_pims_may_share_the_pet():
    home = side(
        [client("h", "Nancy", "Milliren")], [pet("h1", "h", "Rex", birth_date="2019-04-02")]
    )
    pims = side(
        [client("p", "Nancy", "Milliren"), client("q", "Nancy", "Milliren")],
        [
            pet("p1", "p", "REX", birth_date="2019-04-02"),
            pet("q1", "q", "REX", birth_date="2019-04-02"),
        ],
    )
    told = [Decision("client", "p", "h", same=True), Decision("client", "q", "h", same=True)]

    assert decided(match(home, pims, decisions=told), "pets") == [
        ("p1", "h1", "linked"),
        ("q1", "h1", "linked"),
    ]


def test_a_new_pet_of_a_client_linked_long_ago_is_compared_without_its_owners_row():
    home = side(
        [client("h", "Nancy", "Milliren")], [pet("h1", "h", "Rex", birth_date="2019-04-02")]
    )
    pims = side([], [pet("p1", "p", "REX", birth_date="2019-04-02")])
    told = [Decision("client", "p", "h", same=True)]

    assert decided(match(home, pims, decisions=told), "pets") == [("p1", "h1", "linked")]
