"""What a person decided goes before everything the machine sees."""

from tests.matching.rows import HOME, client, crowd, decided, pet, side
from vet_pipeline.matching import Decision, MatchSettings, match

CONTACTS = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com", **HOME}
HOME_SIDE = side(
    [client("h", "Nancy", "Milliren", **CONTACTS), *crowd(20)], [pet("hp", "h", "Rex")]
)
PIMS_SIDE = side([client("p", "NANCY", "MILLIREN", **CONTACTS)], [pet("pp", "p", "REX")])


def test_not_the_same_is_never_proposed_again():
    no = [Decision("client", "p", "h", same=False)]

    result = match(HOME_SIDE, PIMS_SIDE, decisions=no)

    assert decided(result) == [("p", None, "new")]
    assert decided(result, "pets") == [("pp", None, "new")]


def test_nor_are_pets_whose_rows_stand_behind_those_of_others():
    """Only pets of linked owners are compared: they are counted otherwise than the decisions' rows."""
    others = [pet(f"o{n}", "x1", "Oreo") for n in range(3)]
    home = side(
        [*crowd(), client("h", "Nancy", "Milliren", **CONTACTS)], [*others, pet("hp", "h", "Rex")]
    )
    pims = side([client("p", "NANCY", "MILLIREN", **CONTACTS)], [pet("pp", "p", "REX")])
    assert decided(match(home, pims), "pets") == [("pp", "hp", "linked")]

    found = match(home, pims, decisions=[Decision("pet", "pp", "hp", same=False)])

    assert decided(found, "pets") == [("pp", None, "new")]


def test_the_same_links_without_looking():
    yes = [Decision("client", "p", "x3", same=True)]

    result = match(HOME_SIDE, PIMS_SIDE, decisions=yes)

    assert decided(result) == [("p", "x3", "linked")]
    assert result.clients["reason"].tolist() == ["decided_same"]


def test_not_the_same_pet_is_remembered():
    no = [Decision("pet", "pp", "hp", same=False)]

    assert decided(match(HOME_SIDE, PIMS_SIDE, decisions=no), "pets") == [("pp", None, "new")]


def test_a_pet_a_person_linked_is_not_given_to_another():
    pims = side(
        [client("p", "NANCY", "MILLIREN", **CONTACTS)],
        [pet("pp", "p", "REX"), pet("pq", "p", "ROCKY")],
    )
    yes = [Decision("pet", "pq", "hp", same=True)]

    rows = decided(match(HOME_SIDE, pims, decisions=yes), "pets")

    assert ("pq", "hp", "linked") in rows
    assert ("pp", "hp", "linked") not in rows


def test_where_a_person_said_the_same_of_two_home_clients_the_pets_follow_the_clients_link():
    home = side(
        [client("h", "Nancy", "Milliren", **CONTACTS), *crowd(20)],
        [pet("hp", "h", "Rex"), pet("xp", "x3", "Rex")],
    )
    twice = [Decision("client", "p", home_id, same=True) for home_id in ("x3", "h")]

    result = match(home, PIMS_SIDE, decisions=twice)

    assert decided(result) == [("p", "x3", "linked")]
    assert {home_id for _, home_id, _ in decided(result, "pets")} == {"xp"}


def test_thresholds_of_a_practice_win_over_the_models():
    strict = MatchSettings(client_link_bits=90.0, client_possible_bits=80.0)

    without_pets = side([client("p", "NANCY", "MILLIREN", **CONTACTS)])
    assert decided(match(HOME_SIDE, without_pets, settings=strict)) == [("p", None, "new")]
