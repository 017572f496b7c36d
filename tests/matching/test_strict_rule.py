"""The benchmark's peer: who has the same name and one same contact, if nobody else does."""

from benchmarks.matching.strict_rule import strict_match
from tests.matching.rows import HOME, client, pet, side


def rows(frame):
    return list(zip(frame["pims_id"], frame["home_id"].fillna(""), frame["reason"], strict=True))


def test_a_name_and_a_contact_make_a_link_and_a_rival_leaves_it_open():
    home = side(
        [client("h", "Nancy", "Milliren", **HOME), client("t1", "Ann", "Lee", email="a@example.com"),
         client("t2", "Ann", "Lee", email="a@example.com")],
        [pet("hp", "h", "Rex")],
    )  # fmt: skip
    pims = side(
        [client("p", "NANCY", "MILLIREN", **HOME), client("q", "Ann", "Lee", email="A@example.com"),
         client("r", "Nan", "Milliren", **HOME)],
        [pet("pp", "p", "REX"), pet("rp", "r", "Rex")],
    )  # fmt: skip
    clients, pets = strict_match(home, pims)
    assert rows(clients) == [
        ("p", "h", "same_name_and_address"),
        ("q", "t1", "rival"),
        ("q", "t2", "rival"),
        ("r", "", "nothing_alike"),
    ]
    assert rows(pets) == [
        ("pp", "hp", "same_name_and_species"),
        ("rp", "", "nothing_alike"),
    ]
