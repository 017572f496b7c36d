"""Where few names go round: on neighbours' farms, in one family, father and son."""

import pytest

from tests.matching.rows import AWAY, HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import Decision, match

NUMBER, ANOTHER = {"phones": ["+17175550142"]}, {"phones": ["+17175550199"]}
GIVEN = "Amos Levi Elam Gideon Benuel Melvin Jonas Aaron Eli Isaac Reuben Omar"
SURNAMES = "Fisher Lapp Esh Zook Glick Beiler Stoltzfus Troyer Yoder King"


def settlement(key, address, phones, duke, kind="Mixed"):
    """A dozen given names and ten surnames, a dog of one `kind` on each farm; Amos Fisher's is Duke."""
    given, surnames = GIVEN.split(), SURNAMES.split()
    others = [
        client(f"{key}{n}", given[n % 12], surnames[n % 10], address_line1=f"{n} {key} Rd")
        for n in range(1, 64)
    ]
    dogs = [pet(f"{key}d{n}", f"{key}{n}", f"{key}Dog{n}", breed=kind) for n in range(1, 64)]
    amos = client(key, "Amos", "Fisher", **address, **phones)
    return side([amos, *others], [pet(f"{key}d", key, "Duke", **duke), *dogs])


@pytest.mark.parametrize(
    ("at_home", "in_pims"),
    [
        ({"breed": "Mixed"}, {"breed": "Mutt"}),
        ({"breed": "Mixed"}, {"breed": "Mixed", "species": "cat"}),
        ({"breed": "Beagle"}, {"breed": "Beagle"}),
    ],
)
def test_of_a_name_that_several_have_a_duke_says_little_where_number_and_address_differ(
    at_home, in_pims
):
    home = settlement("h", HOME, NUMBER, at_home)
    result = match(home, settlement("p", AWAY, ANOTHER, in_pims)).clients

    assert result.loc[result["pims_id"] == "p", "decision"].eq("linked").sum() == 0


@pytest.mark.parametrize("breed", ["Labrador", "Labrador Retriever"])
def test_where_all_dogs_are_labradors_a_breed_that_is_alike_says_no_more_than_the_same(breed):
    home = settlement("h", HOME, NUMBER, {"breed": "Labrador", "birth_date": "2019-05-05"}, "Lab")
    duke = {"breed": breed, "birth_date": "2020-05-06"}
    result = match(home, settlement("p", {}, ANOTHER, duke, "Lab")).clients

    [row] = result[result["pims_id"] == "p"].itertuples()
    assert (row.decision, row.reason) == ("possible", "name_common")


@pytest.mark.parametrize(
    ("breed", "expected"),
    [("Domestic Shorthair", ("linked", "evidence")), ("Mixed", ("possible", "pets_differ"))],
)
def test_a_cats_breed_shows_that_dog_is_a_slip_though_most_cats_are_of_it(breed, expected):
    cats = [pet(f"x{n}c", f"x{n}", f"Cat{n}", "cat", breed=breed) for n in range(60)]
    zeus = [
        pet(key, key[0], "Zeus", kind, breed=breed) for key, kind in (("hz", "cat"), ("pz", "dog"))
    ]
    home = side([client("h", "Wayne", "Hensley", **HOME, **NUMBER), *crowd()], [zeus[0], *cats])
    pims = side([client("p", "Wayne", "Hensley", **HOME)], [zeus[1]])

    [row] = match(home, pims).clients.itertuples()
    assert (row.decision, row.reason) == expected


@pytest.mark.parametrize("phones", [NUMBER, {}])
def test_amos_whose_number_is_the_same_or_unknown_is_known_by_the_house(phones):
    home = settlement("h", HOME, NUMBER, {"breed": "Mixed"})
    result = match(home, settlement("p", HOME, phones, {"breed": "Mutt"})).clients

    [row] = result[result["pims_id"] == "p"].itertuples()
    assert (row.home_id, row.decision) == ("h", "linked")


DOG = {"breed": "Beagle"}
OTHERS = [pet(f"x{n}d", f"x{n}", f"Dog{n}", breed=f"Breed{n}") for n in range(60)]


def wayne(at_home, in_pims, cat="Oreo"):
    """(decision, reason) of two Wayne Hensleys of one house who both bring the house's dog."""
    born = {"birth_date": "2019-01-01"}
    dogs = [pet(f"{key}d", key, "Zeus", **DOG, **born) for key in "hp"]
    cats = pet("hc", "h", "Shep", "cat", **born), pet("pc", "p", cat, "cat", **born)
    home = side(
        [client("h", "Wayne", "Hensley", **HOME, **at_home), *crowd()],
        [dogs[0], cats[0], *OTHERS],
    )
    pims = side([client("p", "Wayne", "Hensley", **HOME, **in_pims)], [dogs[1], cats[1]])
    [row] = match(home, pims).clients.itertuples()
    return row.decision, row.reason


JR = {"suffix": "Jr"}
ASKED, LINKED = ("possible", "generations_differ"), ("linked", "evidence")


@pytest.mark.parametrize(("one", "other"), [(JR, {}), ({}, JR)])
def test_jr_on_one_row_alone_is_the_son_where_the_numbers_are_others(one, other):
    """Of one family the dog goes from house to house, and no father writes Sr."""
    assert wayne(one | NUMBER, other | ANOTHER) == ASKED
    assert wayne(one | NUMBER, other | NUMBER) == LINKED
    mail = {"email": "whensley@example.com"}
    assert wayne(one | NUMBER | mail, other | ANOTHER | mail) == LINKED
    assert wayne(one | NUMBER, other | ANOTHER, cat="Shep") == LINKED


def of_one_house(key, suffix, **more):
    """Wayne Hensley's row and the house's dog."""
    zeus = pet(f"{key}d", key, "Zeus", birth_date="2019-03-04", **DOG)
    return client(key, "Wayne", "Hensley", **HOME, **NUMBER, **suffix, **more), zeus


@pytest.mark.parametrize(
    ("at_home", "other", "wife"),
    [({}, JR, {}), (JR, {}, {}), ({}, JR, {"partner_first_name": "Nancy"})],
)
def test_jr_beside_the_very_name_is_somebody_else_whichever_comes_first(at_home, other, wife):
    """The practice has both, and tells them apart so; house, number and dog are both's."""
    mail = {"email": "whensley@example.com"}
    client_row, dog = of_one_house("h", at_home, **mail, **wife)
    home = side([client_row, *crowd()], [dog, *OTHERS])

    def found(said=(), **more):
        rows = [of_one_house("p", at_home), of_one_house("q", other, **more)]
        before = [Decision("client", key, "h", same=True) for key in said]
        pims = side([row for row, _ in rows], [dog for _, dog in rows])
        return decided(match(home, pims, decisions=before))

    assert found() == found("p") == [("p", "h", "linked"), ("q", "h", "possible")]
    assert found("q") == [("p", "h", "possible"), ("q", "h", "linked")]
    assert found(**mail) == [("p", "h", "linked"), ("q", "h", "linked")]  # twice the same one
