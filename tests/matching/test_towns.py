"""The matcher on a town of other names and mishaps; `python -m benchmarks.matching.towns` has more."""

from benchmarks.matching.communities.files import make_community
from benchmarks.matching.towns.__main__ import look
from benchmarks.matching.towns.files import make_town


def test_a_town_is_the_same_whenever_it_is_made():
    one, other = make_town(7101, 60), make_town(7101, 60)

    assert one.pims_clients.equals(other.pims_clients)
    assert one.home_pets.equals(other.home_pets)


def test_people_of_another_hand_are_found_and_kept_apart():
    clients, pets = look(make_town(7120, 1_500)).scores

    assert clients.recall >= 0.9
    assert clients.recall_with_possible >= 0.96
    assert clients.false <= 2
    assert pets.false <= 2


def test_where_few_names_go_round_people_are_found_and_kept_apart():
    """One house's cousins of one name with the house's dog are not told apart by anything."""
    clients, pets = look(make_community(7, 1_500)).scores

    assert clients.recall >= 0.9
    assert clients.recall_with_possible >= 0.96
    assert clients.false <= 4
    assert pets.false <= 6  # of one litter and name
