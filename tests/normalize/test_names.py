"""Client names: people, partners, organisations, notes."""

from dataclasses import asdict

import pytest

from vet_pipeline.normalize.names import NameReader


def read(first=None, last=None, full=None, *, title=None, organisation=None):
    name = NameReader().read(title, first, last, full, organisation)
    return {column: value for column, value in asdict(name).items() if value is not None}


def test_a_plain_name_stays_as_recorded_in_its_own_case():
    assert read("JOHN", "O'BRIEN-Smith") == {"first_name": "JOHN", "last_name": "O'BRIEN-Smith"}
    assert read("José", "Nuñez") == {"first_name": "José", "last_name": "Nuñez"}
    assert read("Melissa S.", "St. John") == {"first_name": "Melissa S.", "last_name": "St. John"}


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Dr. John", "Foster", {"title": "Dr.", "first_name": "John", "last_name": "Foster"}),
        ("MS JOE", "BAILEY", {"title": "MS", "first_name": "JOE", "last_name": "BAILEY"}),
        (
            "MR & MRS JOHN",
            "SMITH",
            {"title": "MR & MRS", "first_name": "JOHN", "last_name": "SMITH"},
        ),
        ("Mr.", "Smith", {"title": "Mr.", "last_name": "Smith"}),
        ("John", "Smith, Jr.", {"first_name": "John", "last_name": "Smith", "suffix": "Jr."}),
        ("John", "Taray III", {"first_name": "John", "last_name": "Taray", "suffix": "III"}),
        ("John Jr", "Smith", {"first_name": "John", "last_name": "Smith", "suffix": "Jr"}),
        ("JR", "Smith", {"first_name": "JR", "last_name": "Smith"}),
        ("Gen", "Major", {"first_name": "Gen", "last_name": "Major"}),
    ],
)
def test_titles_and_suffixes_are_taken_off(first, last, name):
    assert read(first, last) == name


def test_the_title_column_wins_over_a_title_in_the_name():
    assert read("John", "Smith", title="MR & MRS") == {
        "title": "MR & MRS",
        "first_name": "John",
        "last_name": "Smith",
    }
    assert read("Dr. John", "Smith", title="DR") == {
        "title": "DR",
        "first_name": "John",
        "last_name": "Smith",
    }
    assert read("Dr. John", "Smith", title="Mr")["name_note"] == "Dr."


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Nancy & Ronald", "Bailey", ("Nancy", "Bailey", "Ronald", None)),
        ("DAVID AND KAREN", "LEE", ("DAVID", "LEE", "KAREN", None)),
        ("Donald/Patrick", "Hubbard", ("Donald", "Hubbard", "Patrick", None)),
        ("Margaret & James", "Timmer/Keene", ("Margaret", "Timmer", "James", "Keene")),
        ("John", "Smith & Mary Jones", ("John", "Smith", "Mary", "Jones")),
        ("John", "Smith & Van Dyke", ("John", "Smith", None, "Van Dyke")),
        ("John & Mary", "Smith/Smith", ("John", "Smith", "Mary", None)),
        (None, "John & Mary Smith", ("John", "Smith", "Mary", None)),
        (None, "Smith & Jones", (None, "Smith", None, "Jones")),
        ("Andrea", "Sandoval", ("Andrea", "Sandoval", None, None)),
    ],
)
def test_two_people_in_one_account_are_told_apart(first, last, name):
    found = NameReader().read(None, first, last, None, None)
    assert (
        found.first_name,
        found.last_name,
        found.partner_first_name,
        found.partner_last_name,
    ) == name


@pytest.mark.parametrize(
    ("full", "name"),
    [
        ("SMITH, JOHN", {"first_name": "JOHN", "last_name": "SMITH"}),
        ("John Smith", {"first_name": "John", "last_name": "Smith"}),
        ("Smith", {"last_name": "Smith"}),
        ("Smith Jr, John", {"first_name": "John", "last_name": "Smith", "suffix": "Jr"}),
        ("Smith, John, Jr.", {"first_name": "John", "last_name": "Smith", "suffix": "Jr."}),
        ("John Smith, DVM", {"first_name": "John", "last_name": "Smith", "suffix": "DVM"}),
        (
            "John & Mary Smith",
            {"first_name": "John", "last_name": "Smith", "partner_first_name": "Mary"},
        ),
        (
            "John A & Mary Smith",
            {"first_name": "John A", "last_name": "Smith", "partner_first_name": "Mary"},
        ),
        (
            "Smith, John & Mary",
            {"first_name": "John", "last_name": "Smith", "partner_first_name": "Mary"},
        ),
        (
            "Mr. & Mrs. John Smith",
            {"title": "Mr. & Mrs.", "first_name": "John", "last_name": "Smith"},
        ),
        (
            "John Smith & Mary Jones",
            {
                "first_name": "John",
                "last_name": "Smith",
                "partner_first_name": "Mary",
                "partner_last_name": "Jones",
            },
        ),
        (
            "Smith, John & Jones, Mary",
            {
                "first_name": "John",
                "last_name": "Smith",
                "partner_first_name": "Mary",
                "partner_last_name": "Jones",
            },
        ),
        ("John & Mary", {"first_name": "John", "partner_first_name": "Mary"}),
        (
            "Dr. John A. van der Berg Jr.",
            {"title": "Dr.", "first_name": "John A.", "last_name": "van der Berg", "suffix": "Jr."},
        ),
    ],
)
def test_a_whole_name_in_one_field_is_taken_apart(full, name):
    assert read(full=full) == name


def test_the_full_name_is_not_read_beside_a_first_or_last_name():
    assert read("Ann", None, "Bob Jones") == {"first_name": "Ann"}
    assert read(".", "N/A", "Bob Jones") == {"first_name": "Bob", "last_name": "Jones"}


@pytest.mark.parametrize(
    ("last", "kept", "note"),
    [
        ("SMITH (DECEASED)", "SMITH", "(DECEASED)"),
        ("SMITH (DECEASED", "SMITH", "(DECEASED"),
        ("SMITH ** DO NOT MAIL **", "SMITH", "** DO NOT MAIL **"),
        ("** DO NOT MAIL ** SMITH", "SMITH", "** DO NOT MAIL **"),
        ("SMITH - CASH ONLY", "SMITH", "- CASH ONLY"),
        ("Smith DNU", "Smith", "DNU"),  # do not use
        ("Smith - see acct 123", "Smith", "- see acct 123"),
        ("Smith DECEASED", "Smith", "DECEASED"),
        ("Smith, deceased", "Smith", "deceased"),
        ("Smith/deceased", "Smith", "deceased"),
        ("Smith do not call", "Smith", "do not call"),
        ("Smith 334-461-0472", "Smith", "334-461-0472"),
        ("Smith (334) 461-0472", "Smith", "(334) 461-0472"),
        ("Smith #2", "Smith", "#2"),
        ("Smith 2", "Smith", "2"),
        ("Smith *", "Smith", "*"),
        ("Smith; owes $20", "Smith", "owes $20"),
        ("Smith c/o Jones", "Smith", "c/o Jones"),
        ("Smith [OLD] (moved)", "Smith", "[OLD]; (moved)"),
    ],
)
def test_notes_in_a_name_go_to_the_note_and_never_into_the_name(last, kept, note):
    assert read("Ann", last) == {"first_name": "Ann", "last_name": kept, "name_note": note}


def test_nicknames_are_kept_as_a_note():
    assert read("John (Jack)", "Smith")["name_note"] == "(Jack)"
    assert read('John "Jack"', "Smith")["name_note"] == '"Jack"'


@pytest.mark.parametrize("last", ["Smith - Jones", "Garcia - de la Cruz", "Cash", "Old", "Call"])
def test_surnames_that_look_like_notes_stay_names(last):
    assert read("Ann", last) == {"first_name": "Ann", "last_name": last}


def test_marks_around_the_whole_name_are_only_marks():
    assert read("**John**", "(Smith)") == {"first_name": "John", "last_name": "Smith"}


def test_a_third_person_is_not_lost():
    assert read("Ann & Bob & Cid", "Smith") == {
        "first_name": "Ann",
        "last_name": "Smith",
        "partner_first_name": "Bob",
        "name_note": "& Cid",
    }


def test_the_title_of_the_second_person_is_not_lost():
    assert read("Jodi and Mr. Bill", "Baine")["name_note"] == "Mr."
    assert read("Mr. John & Mrs. Mary", "Smith")["title"] == "Mr. & Mrs."


def test_a_first_name_that_stands_in_the_last_name_too_is_not_doubled():
    assert read("John", "Smith, JOHN") == {"first_name": "John", "last_name": "Smith"}
    assert read("Mary", "Smith, John") == {
        "first_name": "Mary",
        "last_name": "Smith",
        "name_note": "John",
    }


@pytest.mark.parametrize(
    ("first", "last", "full"),
    [
        (None, "Sunny Acres Ranch", None),
        (None, None, "Happy Paws, LLC"),
        ("Happy Paws", "Rescue", None),
        (None, "Paws and Claws Animal Rescue", None),
        (None, "K9 Rescue 4 Life", None),
        ("Cedar Creek Humane Society", None, None),
    ],
)
def test_an_organisation_is_not_taken_for_a_person(first, last, full):
    recorded = " ".join(part for part in (first, last, full) if part)
    assert read(first, last, full) == {"organisation": recorded}


def test_a_person_of_an_organisation_keeps_both():
    assert read("Fred", "Golden Hearts Stables") == {
        "first_name": "Fred",
        "organisation": "Golden Hearts Stables",
    }
    assert read("Jane", "Doe", organisation="Acme Farm") == {
        "first_name": "Jane",
        "last_name": "Doe",
        "organisation": "Acme Farm",
    }
    assert read("Jane", "Happy Paws Rescue", organisation="Acme") == {
        "first_name": "Jane",
        "organisation": "Acme",
        "name_note": "Happy Paws Rescue",
    }


def test_of_two_organisations_in_the_columns_of_a_person_none_is_lost():
    assert read("Happy Paws Rescue", "Oak Hill Farm") == {
        "organisation": "Oak Hill Farm",
        "name_note": "Happy Paws Rescue",
    }
    assert read("Oak Hill Farm", "OAK HILL FARM") == {"organisation": "OAK HILL FARM"}


def test_surnames_that_are_also_plain_words_are_not_organisations():
    assert read("Charlotte", "Church") == {"first_name": "Charlotte", "last_name": "Church"}
    assert read(None, "Horse") == {"last_name": "Horse"}


@pytest.mark.parametrize(
    ("first", "last", "full"),
    [
        (None, None, None),
        ("-", ".", None),
        ("UNKNOWN", "UNKNOWN", "N/A"),
        ("NULL", "NULL", None),
        ("(DECEASED)", None, None),
        (None, None, "x"),
    ],
)
def test_fillers_name_nobody(first, last, full):
    assert NameReader().read(None, first, last, full, None).is_blank


def test_a_filler_beside_a_name_is_blank_but_a_real_null_is_a_name():
    assert read(".", "Smith") == {"last_name": "Smith"}
    assert read("Jennifer", "Null") == {"first_name": "Jennifer", "last_name": "Null"}
    assert read("NULL", "Smith") == {"last_name": "Smith"}
    assert read("nan", "Smith") == {"last_name": "Smith"}
    assert read("Nan", "Smith") == {"first_name": "Nan", "last_name": "Smith"}


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ann", "c/o Mary Smith", {"first_name": "Ann", "name_note": "c/o Mary Smith"}),
        ("Paws Rescue", "C/O Jo Roe", {"organisation": "Paws Rescue", "name_note": "C/O Jo Roe"}),
        ("Ann", "Lee a/k/a Ray", {"first_name": "Ann", "last_name": "Lee", "name_note": "a/k/a Ray"}),
        ("Ann / N/A", "Lee", {"first_name": "Ann", "last_name": "Lee"}),
        ("Ann", "Lee / N/A", {"first_name": "Ann", "last_name": "Lee"}),
        ("Ann & Unknown", "Lee", {"first_name": "Ann", "last_name": "Lee"}),
        ("Ann w/ Bob", "Lee", {"first_name": "Ann", "last_name": "Lee", "partner_first_name": "Bob"}),
        ("N/A", "c/o Ann", {"name_note": "c/o Ann"}),
    ],
)  # fmt: skip
def test_a_stroke_within_an_abbreviation_makes_no_couple(first, last, name):
    assert read(first, last) == name


def test_two_whole_names_with_a_stroke_between_are_two_people():
    assert read(full="Smith, John / Jones, Mary") == {
        "first_name": "John",
        "last_name": "Smith",
        "partner_first_name": "Mary",
        "partner_last_name": "Jones",
    }
