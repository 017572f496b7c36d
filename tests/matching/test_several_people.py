"""People and businesses that contradict one another are never all linked to one home client."""

import pytest

from tests.matching.rows import AWAY, HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import Decision, match

CONTACTS = {"phones": ["+13344610472"], "email": "milliren@example.com", **HOME}


def outcomes(at_home, *in_pims, decisions=()):
    """(decision, reason) of each PIMS row; rows: given name and more, all of one home."""
    rows = [at_home, *in_pims]
    made = [
        client(name, first, more.pop("last", "Milliren"), **CONTACTS, **more)
        for name, first, more in ((f"p{n}", row[0], dict(row[1])) for n, row in enumerate(rows))
    ]
    home = side([made[0] | {"client_id": "h"}, *crowd()])
    result = match(home, side(made[1:]), decisions=decisions).clients
    return [(row.decision, row.reason) for row in result.itertuples()]


def called(first, **more):
    """A row of `outcomes`."""
    return first, more


def business(name):
    """A row of `outcomes` without a person."""
    return called(None, last=None, organisation=name)


ASKED = ("possible", "rival")
LINKED = ("linked", "evidence")


@pytest.mark.parametrize(
    ("at_home", "one", "other"),
    [
        (called("Robert"), called("Robert", suffix="Jr"), called("Robert", suffix="Sr")),
        (called("Robert"), called("Robert", suffix="II"), called("Robert", suffix="III")),
        (called("Robert"), called("Robert A"), called("Robert B")),
        (
            called("Ann"),
            called("Ann", organisation="Happy Paws Rescue"),
            called("Ann", organisation="Milliren Farm"),
        ),
        (
            called("Robert", partner_first_name="Nancy"),
            called("Robert", suffix="Jr"),
            called("Robert", suffix="Sr"),
        ),
    ],
)
def test_of_two_who_contradict_each_other_neither_is_taken(at_home, one, other):
    assert outcomes(at_home, one, other) == [ASKED, ASKED]


def test_the_father_is_a_question_where_the_son_is_linked_already():
    before = [Decision("client", "p1", "h", same=True)]
    rows = (called("Robert", suffix="Jr"), called("Robert", suffix="Sr"))

    assert outcomes(called("Robert"), *rows, decisions=before) == [
        ("linked", "decided_same"),
        ASKED,
    ]


@pytest.mark.parametrize(
    ("at_home", "other"), [("Joseph", "J"), ("Jean", "Jane"), ("Marie", "Maria"), ("Emily", "Emma")]
)
def test_a_doubtful_name_beside_the_very_name_is_a_question(at_home, other):
    found = outcomes(called(at_home), called(at_home), called(other))

    assert found[0] == LINKED
    assert found[1][0] != "linked"


@pytest.mark.parametrize(
    "other", [called("Robert"), called("Bob"), called("Robrt"), called("Robert", suffix="Jr")]
)
def test_a_second_row_that_contradicts_nobody_is_linked_too(other):
    assert outcomes(called("Robert"), called("Robert"), other) == [LINKED, LINKED]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Robert", "Roberta"),
        ("Mark", "Mary"),
        ("Patrick", "Patricia"),
        ("Paul", "Paula"),
        ("Daniel", "Danielle"),
        ("Mia", "Mila"),
        ("Alexander", "Alexandra"),
        # Of other origins, or of the other sex.
        ("Kyle", "Kylie"),
        ("Jaylen", "Jayden"),
        ("Hong", "Hung"),
        ("Rajesh", "Rakesh"),
        ("Minji", "Minjun"),
        ("Fernando", "Fernanda"),
        ("Zelwino", "Zelwina"),  # in no list
        # A brother's or spouse's, which the rules of spelling take for it.
        ("Colin", "Colleen"),
        ("Keith", "Kath"),
        ("Charlie", "Carly"),
        ("Kathleen", "Kaitlyn"),
        ("Tony", "Toni"),
        ("Eli", "Ellie"),
        ("Tuan", "Thuan"),
        ("An", "Anh"),
        ("Jihoon", "Jihyun"),
        ("Chetan", "Ketan"),
        ("Nasir", "Nazir"),
    ],
)
def test_a_known_name_is_no_slip_in_another_one(one, other):
    assert outcomes(called(one), called(other)) == [("possible", "first_names_differ")]
    assert outcomes(called(other), called(one)) == [("possible", "first_names_differ")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John", "Jonh"),
        ("Mary", "Mray"),
        ("Steven", "Stephen"),
        ("Kathryn", "Catherine"),
        ("Corey", "Cory"),
        ("Willy", "Willie"),
        ("Yekaterina", "Ekaterina"),
        ("Aleksandr", "Alexander"),
        ("Kseniya", "Xenia"),
        ("Lakshmi", "Laxmi"),
    ],
)
def test_a_slip_and_another_spelling_are_the_same_name(one, other):
    assert outcomes(called(one), called(other)) == [LINKED]


def test_a_business_of_another_name_is_a_question():
    assert outcomes(
        business("Tuskegee Cat Rescue"),
        business("Tuskegee Cat Rescue"),
        business("Tuskegee Dog Rescue"),
        business("Tuskegee Cat Resuce"),
    ) == [LINKED, ("possible", "organisations_differ"), LINKED]


ANN = {"phones": ["+13344610472"], "email": "ann@example.com", **HOME}
BOB = {"phones": ["+13344619911"], "email": "bob@example.com", **AWAY}


@pytest.mark.parametrize(
    ("at_home", "in_pims", "decision"),
    [
        (ANN, BOB, ("possible", "couple_apart")),
        (ANN, BOB | {"phones": ANN["phones"]}, LINKED),
        (ANN, BOB | HOME, LINKED),
        (ANN, {}, LINKED),  # nothing says that he lives elsewhere
        (ANN, {"phones": BOB["phones"]}, LINKED),  # each has a number of their own
    ],
)
def test_the_other_of_a_couple_who_shares_nothing_but_the_pet_is_a_question(
    at_home, in_pims, decision
):
    couple = client("h", "Ann", "Milliren", partner_first_name="Bob", **at_home)
    alone = client("p", "Bob", "Milliren", **in_pims)
    rex = {"name": "Rex", "breed": "Boxer", "birth_date": "2019-04-05"}

    result = match(
        side([couple, *crowd()], [pet("r", "h", **rex)]), side([alone], [pet("s", "p", **rex)])
    ).clients

    assert [(row.decision, row.reason) for row in result.itertuples()] == [decision]


@pytest.mark.parametrize(("place", "decision"), [(HOME, "linked"), (AWAY, "possible")])
def test_two_couples_with_one_person_in_common_are_a_question_elsewhere(place, decision):
    couple = client("h", "Ann", "Milliren", partner_first_name="Bob", **ANN)
    other = client("p", "Bob", "Milliren", partner_first_name="Cindy", **ANN | place)
    rex = {"name": "Rex", "breed": "Boxer", "birth_date": "2019-04-05"}

    result = match(
        side([couple, *crowd()], [pet("r", "h", **rex)]), side([other], [pet("s", "p", **rex)])
    )

    assert decided(result) == [("p", "h", decision)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ahmed", "Ahmad"),
        ("Michelle", "Michele"),
        ("Darin", "Darren"),
        ("Yousef", "Yusuf"),
        ("Mohd", "Muhammad"),
        ("Sandeep", "Sandip"),
        ("Yaroslav", "Jaroslav"),
        ("Yuliana", "Juliana"),
    ],
)
def test_a_name_written_in_two_ways_is_one(one, other):
    assert outcomes(called(one), called(other)) == [LINKED]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Katherine", "Katie"),
        ("Stanley", "Stan"),
        ("Barbara", "Barb"),
        ("Theresa", "Terri"),
        ("Jeremy", "Jerry"),
        ("Isabella", "Izzy"),
        ("José", "Pepe"),
        ("Guadalupe", "Lupe"),
        ("Jesús", "Chuy"),
        ("Roberto", "Beto"),
        ("Nickolas", "Nick"),
        ("Kimberlee", "Kim"),
        ("William", "Wm"),
        ("James", "Jas."),
        ("Guadalupe", "Gpe"),
    ],
)
def test_a_usual_short_form_that_the_book_of_nicknames_lacks_is_the_same_name(full, short):
    assert outcomes(called(full), called(short)) == [LINKED]
    assert outcomes(called(short), called(full)) == [LINKED]


@pytest.mark.parametrize(
    ("home", "spouse", "form"),
    [
        ("Charlotte", "Charles", "Charlie"),
        ("Alejandra", "Alejandro", "Alex"),
        ("Alejandro", "Alejandra", "Ale"),
    ],
)
def test_a_short_form_that_is_the_husbands_as_well_as_the_wifes_is_a_question(home, spouse, form):
    assert outcomes(called(home), called(form))[0][0] == "possible"
    assert LINKED not in outcomes(called(home), called(spouse), called(form))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Alejandro", "Alex"),
        ("Roberto", "Beto"),
        ("Gerardo", "Lalo"),
        ("Guadalupe", "Lupita"),
        ("Robert", "Robbie"),
        ("Terrance", "Terry"),
        ("Kristen", "Kris"),
        ("Lillian", "Lily"),
        ("Charles", "Chip"),
        ("Bernadette", "Bernie"),
        ("Cristina", "Cris"),
    ],
)
def test_a_form_that_brothers_children_or_a_spouse_may_have_is_asked_about_beside_the_name(
    name, form
):
    assert outcomes(called(name), called(name), called(form)) == [LINKED, ASKED]
    assert outcomes(called(name), called(form)) == [LINKED]


@pytest.mark.parametrize(
    ("one", "other"), [("Juan", "John"), ("Roberto", "Robert"), ("Rosa", "Rosita")]
)
def test_a_translation_and_a_daughter_s_form_may_be_another_person(one, other):
    assert outcomes(called(one), called(other))[0][0] != "linked"
