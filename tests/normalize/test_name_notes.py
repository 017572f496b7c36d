"""What stands in a name's columns for whoever writes or calls, and is no part of the name."""

import pytest

from tests.normalize.test_names import read
from vet_pipeline.normalize.pets import read_pet_name


def test_m_m_is_mr_and_mrs_and_nobodys_initial():
    expected = {"title": "Mr & Mrs", "first_name": "John", "last_name": "Smith"}
    assert read("M/M John", "Smith") == expected
    assert read(None, None, "Smith, M/M John") == expected
    assert read("M/M", "Smith") == {"title": "Mr & Mrs", "last_name": "Smith"}
    for two in (read("M & M", "Smith"), read(None, None, "M & M Smith")):
        assert two == {"first_name": "M", "partner_first_name": "M", "last_name": "Smith"}


@pytest.mark.parametrize("note", ["Do Not Contact", "DO NOT SHIP", "don't refill", "NO CONTACT"])
def test_who_is_not_to_be_written_to_has_no_such_name(note):
    assert read(f"John {note}", "Smith") == {
        "first_name": "John", "last_name": "Smith", "name_note": note
    }  # fmt: skip
    assert read("John", f"Smith-{note}") == {
        "first_name": "John", "last_name": "Smith", "name_note": note
    }  # fmt: skip


@pytest.mark.parametrize(
    ("last", "name", "note"),
    [
        ("DECEASED SMITH", "SMITH", "DECEASED"),
        ("Deceased: de la Cruz", "de la Cruz", "Deceased"),
        ("DECEASED - SMITH", "SMITH", "DECEASED"),
        ("DECEASED SMITH wife Mary", None, "DECEASED SMITH wife Mary"),
        ("DECEASED 3/2020", None, "DECEASED 3/2020"),
        ("DECEASED per wife", None, "DECEASED per wife"),
        ("Deceased client", None, "Deceased client"),
        ("Smith put to sleep Rex", "Smith", "put to sleep Rex"),
        ("INACTIVE SMITH", "SMITH", "INACTIVE"),
        ("Inactive - Smith", "Smith", "Inactive"),
        ("MOVED - SMITH", "SMITH", "MOVED"),
        ("DNU: Smith", "Smith", "DNU"),
        ("do not use -- Smith", "Smith", "do not use"),
        ("DNU - Inactive: Smith", "Smith", "DNU; Inactive"),
        ("Moved - to Texas", None, "Moved - to Texas"),
        ("Inactive - Old Acct", None, "Inactive - Old Acct"),
        ("Inactive 2019", None, "Inactive 2019"),
        ("Old - Smith", "Old - Smith", None),
    ],
)
def test_deceased_before_a_name_takes_no_name_away(last, name, note):
    """Each such client was quarantined as one without a name, and its pets for want of an owner."""
    expected = {"last_name": name, "name_note": note}
    assert read(None, last) == {column: text for column, text in expected.items() if text}


def test_a_mark_before_a_whole_name_is_no_name():
    """Parcels went to *Inactive* and *DNU*; a *DECEASED - Lee, Ann* was nobody, and quarantined."""
    name = {"first_name": "Ann", "last_name": "Lee"}
    for mark in ("Inactive", "DNU", "Moved", "DECEASED"):
        assert read(None, f"{mark} - Lee, Ann") == name | {"name_note": mark}
        assert read(f"{mark}: Ann", "Lee") == name | {"name_note": mark}
    assert read(None, "DECEASED - Lee, Ann - moved to TX")["last_name"] == "Lee"
    assert read_pet_name("INACTIVE - Rex") == ("Rex", "INACTIVE")
    assert read_pet_name("Inactive - Lady 2") == ("Lady 2", "Inactive")
    assert read_pet_name("Inactive - #2 Bella") == ("#2 Bella", "Inactive")
    assert read_pet_name("Inactive - Old Yeller") == (None, "Inactive - Old Yeller")
    assert read_pet_name("Deceased 2020") == (None, "Deceased 2020")


@pytest.mark.parametrize(
    ("recorded", "name", "note"),
    [
        ("DECEASED Rex", "Rex", "DECEASED"),
        ("Rex euthanized 3/4/20", "Rex", "euthanized 3/4/20"),
        ("Rex put to sleep", "Rex", "put to sleep"),
        ("Rip", "Rip", None),
    ],
)
def test_how_a_pet_died_is_no_part_of_its_name(recorded, name, note):
    assert read_pet_name(recorded) == (name, note)


@pytest.mark.parametrize(
    ("written", "name", "note"),
    [("Rex †", "Rex", "†"), ("✝Rex", "Rex", "✝"), ("Rex ♀", "Rex", "♀"), ("★★ Rex", "Rex", "★★")],
)
def test_a_sign_beside_a_name_is_no_part_of_it(written, name, note):
    """A cross that is put there at a death was a new name, to be attested, on each label."""
    assert read_pet_name(written) == (name, note)
    assert read("Ann", written) == {"first_name": "Ann", "last_name": name, "name_note": note}


def test_a_sign_alone_is_a_name_to_nobody():
    assert read_pet_name("†") == (None, None)


def test_a_nought_typed_for_an_o_stays_in_the_name_and_is_no_note():
    """Josh lost his name to the note: the label said *Bell*, and who has no other was quarantined."""
    assert read("J0SH", "BELL") == {"first_name": "J0SH", "last_name": "BELL"}
    assert read("M1CHAEL", "O'NE1L") == {"first_name": "M1CHAEL", "last_name": "O'NE1L"}
    assert read(None, "R0DRIGUEZ") == {"last_name": "R0DRIGUEZ"}
    assert read(None, None, "Lee, VICT0RIA") == {"first_name": "VICT0RIA", "last_name": "Lee"}
    for note in ("2B", "T1DM", "R2D2", "A10B", "Rm0", "10AM"):
        assert read(f"Ann {note}", "Lee") == {
            "first_name": "Ann", "last_name": "Lee", "name_note": note
        }  # fmt: skip


@pytest.mark.parametrize(
    ("recorded", "name", "note"),
    [
        ("Bailey #1", "Bailey #1", None),
        ("Puppy #3 *black collar*", "Puppy #3", "*black collar*"),
        ("#1248", "#1248", None),
        ("Rex #1234567", "Rex", "#1234567"),
        ("Rex #44A", "Rex", "#44A"),
    ],
)
def test_a_number_of_a_litter_or_a_herd_is_a_pets_name(
    recorded: str, name: str, note: str | None
) -> None:
    assert read_pet_name(recorded) == (name, note)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Robert", "zzSmith", {"first_name": "Robert", "last_name": "Smith", "name_note": "zz"}),
        ("ZZ Robert", "Smith", {"first_name": "Robert", "last_name": "Smith", "name_note": "ZZ"}),
        (None, "ZZZ - Smith, Al", {"first_name": "Al", "last_name": "Smith", "name_note": "ZZZ"}),
        (None, "zz Happy Paws Rescue", {"organisation": "Happy Paws Rescue", "name_note": "zz"}),
        (None, "zz OLD ACCOUNT", {"name_note": "zz; OLD ACCOUNT"}),
        ("Mary", "SMITH ZZZ", {"first_name": "Mary", "last_name": "SMITH", "name_note": "ZZZ"}),
        (
            "xx Mary",
            "Smith - XX",
            {"first_name": "Mary", "last_name": "Smith", "name_note": "xx; XX"},
        ),
        (None, "Smith zz, Mary", {"first_name": "Mary", "last_name": "Smith", "name_note": "zz"}),
        ("Mary", "Pozzi Foxx", {"first_name": "Mary", "last_name": "Pozzi Foxx"}),
        ("Malcolm", "X", {"first_name": "Malcolm", "last_name": "X"}),
        ("ZZ", "Top", {"first_name": "ZZ", "last_name": "Top"}),
        ("ZZZ", "Smith", {"first_name": "ZZZ", "last_name": "Smith"}),
        (None, "XX Ranch", {"organisation": "XX Ranch"}),
        (None, "ZZ Farm LLC", {"organisation": "ZZ Farm LLC"}),
        (None, "ZZ - Smith Farms", {"organisation": "Smith Farms", "name_note": "ZZ"}),
        (None, "zz XX Ranch", {"organisation": "XX Ranch", "name_note": "zz"}),
        (None, "ZZ Smith (rescue)", {"last_name": "Smith", "name_note": "ZZ; (rescue)"}),
        (
            "Ann",
            "zz DNU Smith",
            {"first_name": "Ann", "last_name": "Smith", "name_note": "zz; DNU"},
        ),
        (None, "DNU Smith, Ann", {"first_name": "Ann", "last_name": "Smith", "name_note": "DNU"}),
        ("Margaret", "Zziwa", {"first_name": "Margaret", "last_name": "Zziwa"}),
    ],
)
def test_what_desks_mark_who_has_gone_with_is_no_part_of_the_name(first, last, expected):
    assert read(first, last) == expected
    assert read_pet_name("ZZ Top") == ("ZZ Top", None)


@pytest.mark.parametrize(
    "note",
    [
        "334-822-9622 home",
        "cell 334-822-9622",
        "(334) 822-9622 CELL",
        "wk: 822-9622",
        "h 334-822-9622",
        "C: 334-822-9622",
        "wife Mary",
    ],
)
def test_whose_telephone_or_wife_it_is_is_no_part_of_the_surname(note):
    expected = {"first_name": "Nina", "last_name": "Simmons", "name_note": note}
    assert read("Nina", f"Simmons {note}") == expected


def test_a_wife_behind_a_comma_is_no_given_name_and_husband_before_jr_is_a_surname():
    expected = {"last_name": "Smith", "name_note": "wife Mary"}
    assert read(None, None, "Smith, wife Mary") == expected
    assert read(None, None, "Smith, John, wife Mary") == {"first_name": "John", **expected}
    expected = {"first_name": "Rick", "last_name": "Husband", "suffix": "Jr"}
    assert read(None, None, "Rick Husband Jr") == expected
    assert read(None, None, "Husband, Rick") == {"first_name": "Rick", "last_name": "Husband"}


@pytest.mark.parametrize(
    "note", ["ex-wife of Bob", "ex husband Bob", "his wife Ann", "late husband Bob"]
)
def test_what_says_which_wife_or_husband_it_is_goes_with_the_note(note):
    expected = {"first_name": "Ann", "last_name": "Smith", "name_note": note}
    assert read("Ann", f"Smith {note}") == expected
    assert read(None, None, f"Smith, Ann {note}") == expected


def test_who_is_named_with_and_stays_the_second_of_two():
    two = {"first_name": "John", "last_name": "Bell", "partner_first_name": "his wife Ann"}
    assert read(None, None, "John and his wife Ann Bell") == two
    two = {"first_name": "ZZ", "last_name": "Bell", "partner_first_name": "Mary"}
    assert read(None, None, "ZZ and Mary Bell") == two


def test_a_name_that_a_telephone_may_have_too_stays_one():
    assert read("Alec", "Home") == {"first_name": "Alec", "last_name": "Home"}
    expected = {"first_name": "Alec", "last_name": "Home", "name_note": "334-822-9622"}
    assert read("Alec", "Home 334-822-9622") == expected
    assert read("Alec H 334-822-9622", "Home") == expected | {"first_name": "Alec H"}


def test_who_is_a_wife_or_a_spouse_by_name_stays_so() -> None:
    for name in ("Trophy Wife", "Farmer's Wife"):
        assert read_pet_name(name) == (name, None)
    rescue = "Military Spouse Rescue"
    assert read(None, rescue) == {"organisation": rescue}
    two = {"first_name": "Bob", "last_name": "Smith", "partner_first_name": "wife"}
    assert read("Bob and wife", "Smith") == two


def test_husband_is_a_surname_where_no_name_follows():
    assert read(None, None, "Rick Husband") == {"first_name": "Rick", "last_name": "Husband"}
    assert read("Ann", "Lee Husband-Bell") == {"first_name": "Ann", "last_name": "Lee Husband-Bell"}
    together = read(None, None, "Rick Husband & Evelyn Lee")
    assert (together["last_name"], "name_note" in together) == ("Husband", False)
