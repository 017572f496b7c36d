"""Who is who among clients: what speaks for a person and what only for a household."""

import pytest

from tests.matching.rows import AWAY, HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import Decision, match


def outcome(home_client, pims_client, home_pets=(), pims_pets=(), more_home=(), more_pims=()):
    """Decision about pims client "p" among a practice's other clients."""
    others = crowd()
    home = side([home_client, *others[:30], *more_home], list(home_pets))
    pims = side([pims_client, *others[30:], *more_pims], list(pims_pets))
    rows = match(home, pims).clients
    return sorted(rows.loc[rows["pims_id"] == "p", "decision"].unique()), rows


REX_HOME = pet("hr", "h", "Rex", birth_date="2019-04-02")
REX_PIMS = pet("pr", "p", "REX", birth_date="2019-04-02")


def test_the_same_name_phone_and_address_is_linked():
    one = client("h", "Nancy", "Milliren", phones=["+13344610472"], **HOME)
    other = client("p", "NANCY", "MILLIREN", phones=["+13344610472"], **HOME)

    decisions, rows = outcome(one, other)

    assert decisions == ["linked"]
    assert rows.loc[rows["pims_id"] == "p", "home_id"].tolist() == ["h"]


def test_a_nickname_with_the_own_phone_and_the_pet_is_linked():
    one = client("h", "Bob", "Milliren", phones=["+13344610472"], **HOME)
    other = client("p", "Robert", "Milliren", phones=["+13344610472"], **AWAY)

    assert outcome(one, other, [REX_HOME], [REX_PIMS])[0] == ["linked"]


def test_a_client_who_moved_and_kept_phone_email_and_pet_is_linked():
    contacts = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com"}
    one = client("h", "Nancy", "Milliren", **contacts, **HOME)
    other = client("p", "Nancy", "Milliren", **contacts, **AWAY)

    assert outcome(one, other, [REX_HOME], [REX_PIMS])[0] == ["linked"]


def test_swapped_first_and_last_name_are_seen_through():
    contacts = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com"}
    one = client("h", "Milliren", "Nancy", **contacts, **HOME)
    other = client("p", "Nancy", "Milliren", **contacts, **HOME)

    assert outcome(one, other, [REX_HOME], [REX_PIMS])[0] == ["linked"]


@pytest.mark.parametrize(("one", "other"), [("Mary", "Mark"), ("Daniel", "Danielle")])
def test_the_swapped_row_of_the_other_spouse_is_not_linked(one, other):
    contacts = {"phones": ["+13344610472"], "email": "bell@example.com", **HOME}
    as_it_is, swapped = (
        client("h", one, "Bell", **contacts),
        client("p", "Bell", other, **contacts),
    )

    assert outcome(as_it_is, swapped, [REX_HOME], [REX_PIMS])[0] == ["possible"]
    swapped_at_home, as_it_is = swapped | {"client_id": "h"}, as_it_is | {"client_id": "p"}
    assert outcome(swapped_at_home, as_it_is, [REX_HOME], [REX_PIMS])[0] == ["possible"]


def test_spouses_with_one_landline_and_address_are_never_linked():
    one = client("h", "Nancy", "Milliren", phones=["+13344610472"], **HOME)
    other = client("p", "Gerald", "Milliren", phones=["+13344610472"], **HOME)

    assert "linked" not in outcome(one, other)[0]


def test_first_names_wholly_different_forbid_a_link_whatever_else_agrees():
    contacts = {"phones": ["+13344610472"], "email": "milliren@example.com", **HOME}
    one = client("h", "Nancy", "Milliren", **contacts)
    other = client("p", "Gerald", "Milliren", **contacts)

    decisions, rows = outcome(one, other, [REX_HOME], [REX_PIMS])

    assert "linked" not in decisions
    assert set(rows.loc[rows["pims_id"] == "p", "reason"]) <= {
        "first_names_differ",
        "nothing_alike",
    }


def test_junior_is_never_linked_to_senior():
    contacts = {"phones": ["+13344610472"], **HOME}
    one = client("h", "George", "Abelson", suffix="Sr", **contacts)
    other = client("p", "George", "Abelson", suffix="Jr", **contacts)

    assert "linked" not in outcome(one, other, [REX_HOME], [REX_PIMS])[0]


DUKE = pet("pr", "p", "DUKE", birth_date="2021-03-01")


def test_father_and_son_with_one_name_address_and_landline_are_told_apart_by_their_pets():
    contacts = {"phones": ["+13344610472"], **HOME}
    father = client("h", "George", "Abelson", **contacts)
    son = client("p", "GEORGE", "ABELSON", phone_kind="home", **contacts)

    decisions, rows = outcome(father, son, [REX_HOME], [DUKE])

    assert decisions == ["possible"]
    assert rows.loc[rows["pims_id"] == "p", "reason"].tolist() == ["pets_differ"]


def test_father_and_son_with_one_email_and_numbers_of_their_own_are_told_apart_by_their_pets():
    email = {"email": "abelson@example.com", **HOME}
    father = client("h", "George", "Abelson", phones=["+13344610472"], **email)
    son = client("p", "GEORGE", "ABELSON", phones=["+13349990000"], **email)

    decisions, rows = outcome(father, son, [REX_HOME], [DUKE])

    assert decisions == ["possible"]
    assert rows.loc[rows["pims_id"] == "p", "reason"].tolist() == ["pets_differ"]


def test_a_client_who_moved_with_the_own_number_and_has_another_pet_is_linked():
    number = {"phones": ["+13344610472"]}
    one = client("h", "George", "Abelson", **number, **HOME)
    other = client("p", "GEORGE", "ABELSON", **number, **AWAY)

    assert outcome(one, other, [REX_HOME], [DUKE])[0] == ["linked"]


def test_where_both_have_several_pets_and_none_alike_one_contact_is_not_enough():
    number = {"phones": ["+13344610472"], **HOME}
    one = client("h", "George", "Abelson", **number)
    other = client("p", "GEORGE", "ABELSON", **number)
    more = pet("hq", "h", "Bella", "cat"), pet("pq", "p", "OTIS", "cat")

    decisions, _ = outcome(one, other, [REX_HOME, more[0]], [DUKE, more[1]])

    assert decisions == ["possible"]


@pytest.mark.parametrize(
    ("at_home", "in_pims"),
    [("Mollie", "MOLLY"), ("Isabella", "BELLA"), ("Loona", "LUNA"), ("Gus", "GSU")],
)
def test_a_pet_whose_name_is_spelled_otherwise_is_the_same_pet_to_its_owner(at_home, in_pims):
    number = {"phones": ["+13344610472"], **HOME}
    one = client("h", "George", "Abelson", **number)
    other = client("p", "GEORGE", "ABELSON", phone_kind="home", **number)
    born = {"birth_date": "2019-04-02", "breed": "Boxer"}

    decisions, rows = outcome(
        one, other, [pet("hr", "h", at_home, **born)], [pet("pr", "p", in_pims, **born)]
    )

    assert decisions == ["linked"], rows


def test_a_name_with_nothing_beside_it_links_nobody():
    decisions, rows = outcome(client("h", "Nancy", "Milliren"), client("p", "Nancy", "Milliren"))

    assert decisions == ["possible"]
    assert rows.loc[rows["pims_id"] == "p", "reason"].tolist() == ["name_alone"]


def test_two_shelters_are_not_one_because_both_have_a_bella():
    names = ("Bella", "Max", "Luna", "Charlie", "Lucy", "Cooper", "Bailey", "Daisy", "Sadie")
    home = side(
        [client("h", None, None, organisation="Happy Paws Rescue", **HOME), *crowd(30)],
        [pet(f"h{i}", "h", name, breed="Mix") for i, name in enumerate(names)],
    )
    pims = side(
        [client("p", None, None, organisation="Loving Hearts Shelter", **AWAY)],
        [pet(f"p{i}", "p", name.upper(), breed="Mix") for i, name in enumerate(names[:4])],
    )

    assert "linked" not in {decision for _, _, decision in decided(match(home, pims))}


def test_a_client_with_a_new_pet_is_linked_when_the_own_email_says_so():
    contacts = {"phones": ["+13344610472"], "email": "george.abelson@example.com", **HOME}
    one = client("h", "George", "Abelson", **contacts)
    other = client("p", "GEORGE", "ABELSON", **contacts)

    assert outcome(one, other, [REX_HOME], [DUKE])[0] == ["linked"]


def test_a_person_of_a_joint_account_is_the_joint_account():
    contacts = {"phones": ["+13344610472"], "email": "milliren@example.com", **HOME}
    one = client("h", "Nancy", "Milliren", partner_first_name="Gerald", **contacts)
    other = client("p", "Gerald", "Milliren", **contacts)

    assert outcome(one, other, [REX_HOME], [REX_PIMS])[0] == ["linked"]


def test_the_same_name_alone_links_nobody():
    one = client("h", "Mary", "Smith", phones=["+13344610472"], **HOME)
    other = client("p", "Mary", "Smith", phones=["+13349990000"], **AWAY)
    smiths = [client(f"s{i}", "Mary" if i % 2 else "John", "Smith") for i in range(8)]

    assert "linked" not in outcome(one, other, more_pims=smiths)[0]


def test_two_pims_rows_of_one_person_share_the_client():
    contacts = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com", **HOME}
    home = side([client("h", "Nancy", "Milliren", **contacts), *crowd()])
    pims = side(
        [
            client("p1", "Nancy", "Milliren", **contacts),
            client("p2", "NANCY", "MILLIREN", **contacts),
        ]
    )

    assert decided(match(home, pims)) == [("p1", "h", "linked"), ("p2", "h", "linked")]


def test_the_clinics_own_phone_on_many_rows_links_nobody():
    clinic = ["+13342381408"]
    home = side([client("h", "Nancy", "Milliren", phones=clinic), *crowd(20)])
    others = [client(f"p{i}", f"N{i}", f"Name{i}", phones=clinic) for i in range(100)]

    result = match(home, side(others))

    assert set(result.clients["decision"]) == {"new"}
    assert result.notes["values_too_common"] > 0


def test_an_organisation_is_linked_to_itself_and_not_to_a_namesake_elsewhere():
    here = {"phones": ["+13344610472"], **HOME}
    home = side(
        [
            client("h1", None, None, organisation="Happy Paws Rescue", **here),
            client("h2", None, None, organisation="Happy Paws Rescue", **AWAY),
            *crowd(),
        ],
        [
            pet("a", "h1", "Rex", birth_date="2020-01-03"),
            pet("b", "h1", "Bella", birth_date="2021-05-06"),
        ],
    )
    pims = side(
        [client("p", "Fred", None, organisation="HAPPY PAWS RESCUE", **here)],
        [
            pet("c", "p", "REX", birth_date="2020-01-03"),
            pet("d", "p", "BELLA", birth_date="2021-05-06"),
        ],
    )

    assert decided(match(home, pims)) == [("p", "h1", "linked")]


@pytest.mark.parametrize(
    ("home_name", "names", "decision"),
    [
        ("Chris", ("Christopher", "Christine"), "possible"),
        ("Chris", ("Christopher", "Chris"), "linked"),
        ("Robert", ("Bob", "Robert"), "linked"),
    ],
)
def test_a_short_name_is_not_two_people(home_name, names, decision):
    contacts = {"phones": ["+13344610472"], "email": "milliren@example.com", **HOME}
    home = side([client("h", home_name, "Milliren", **contacts), *crowd()])
    pims = side(
        [client(f"p{n}", name, "Milliren", **contacts) for n, name in enumerate(names)],
        [pet("a", "p0", "Rex"), pet("b", "p1", "Milo", "cat")],
    )

    rows = match(home, pims).clients

    assert set(rows["decision"]) == {decision}
    assert set(rows["reason"]) == {"rival" if decision == "possible" else "evidence"}


def test_a_link_that_was_made_before_counts_as_another_person_s():
    contacts = {"phones": ["+13344610472"], "email": "milliren@example.com", **HOME}
    home = side([client("h", "Chris", "Milliren", **contacts), *crowd()])
    names = ("Christopher", "Christine")
    pims = side([client(f"p{n}", name, "Milliren", **contacts) for n, name in enumerate(names)])

    result = match(home, pims, decisions=[Decision("client", "p0", "h", same=True)])

    assert decided(result) == [("p0", "h", "linked"), ("p1", "h", "possible")]


def test_of_two_home_clients_who_are_equally_alike_neither_is_taken():
    contacts = {"phones": ["+13344610472"], **HOME}
    home = side(
        [
            client("h1", "Nancy", "Milliren", **contacts),
            client("h2", "Nancy", "Milliren", **contacts),
            *crowd(),
        ],
        [pet("a", "h1", "Rex"), pet("b", "h2", "Rex")],
    )
    pims = side([client("p", "Nancy", "Milliren", **contacts)], [pet("c", "p", "Rex")])

    assert decided(match(home, pims)) == [("p", "h1", "possible"), ("p", "h2", "possible")]
