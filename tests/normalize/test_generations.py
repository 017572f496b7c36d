"""Jr, Sr and III, wherever in a name they stand: they tell father from son."""

import pytest

from vet_pipeline.normalize.names import NameReader


@pytest.mark.parametrize("last", ["Bell Jr Jr,", "Bell, Jr. , Jr", "Bell Jr., Jr"])
def test_a_suffix_that_is_said_twice_is_one(last):
    name = NameReader().read(None, "Robert", last, None, None)
    assert (name.last_name, (name.suffix or "").strip(".")) == ("Bell", "Jr")


@pytest.mark.parametrize(
    ("first", "given", "suffix"),
    [
        ("Robert Jr Alan", "Robert Alan", "Jr"),
        ("Robert, Jr. A", "Robert A", "Jr."),
        ("Robert III A", "Robert A", "III"),
        ("Robert Jr Alan MD", "Robert Alan", "Jr MD"),
        ("Abdul Md Karim", "Abdul Md Karim", None),  # Mohammed, and no doctor
    ],
)
def test_a_middle_name_put_behind_it_hides_no_generation(first, given, suffix):
    name = NameReader().read(None, first, "Bell", None, None)
    assert (name.first_name, name.last_name, name.suffix) == (given, "Bell", suffix)


@pytest.mark.parametrize("said", ["Jr", "Sr", "II", "III", "IV", "2nd", "3rd", "4th"])
def test_so_it_is_of_every_generation(said):
    name = NameReader().read(None, f"Robert {said} Alan", "Bell", None, None)
    assert (name.first_name, name.last_name, name.suffix) == ("Robert Alan", "Bell", said)


def test_what_stands_within_a_surname_is_part_of_it():
    name = NameReader().read(None, "Ann", "Bell Jr Ray", None, None)
    assert (name.first_name, name.last_name, name.suffix) == ("Ann", "Bell Jr Ray", None)
