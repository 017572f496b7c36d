"""Jr, Sr and III tell father from son wherever in a name they stand."""

import pytest

from tests.matching.rows import HOME, client, crowd, pet, side
from tests.matching.test_several_people import LINKED, called, outcomes
from vet_pipeline.matching import match
from vet_pipeline.normalize.names import NameReader

DIFFER = ("possible", "generations_differ")
JR = called("Robert", last="Bell", suffix="Jr")


@pytest.mark.parametrize(
    "father",
    [
        called("Robert", last="Bell", suffix="Sr"),
        called("Robert", last="Bell", suffix="Sr., DVM"),
        called("Robert", last="Bell", suffix="MD Sr"),
        called("Robert", last="Bell Sr"),  # as people type it where there is no field for it
        called("Robert", last="Bell, Sr."),
        called("Robert", last="Bell Senior"),
        called("Robert", last="Bell S.R."),
        called("Robert", last="Bell", suffix="S.R."),
        called("Robert", last="Bell", suffix="I.I.I., MD"),
        called("Robert Sr", last="Bell"),
        called("Robert A. Sr", last="Bell"),
    ],
)
def test_father_and_son_are_two_however_the_generation_is_written(father):
    assert outcomes(father, JR) == [DIFFER]
    assert outcomes(JR, father) == [DIFFER]


@pytest.mark.parametrize(
    "son",
    [
        called("Robert", last="Bell", suffix="Jr MD"),
        called("Robert", last="Bell Jr."),
        called("Robert", last="Bell J.R."),
        called("Robert", last="Bell", suffix="J.R."),
        called("Robert", last="Bell Junior"),
        called("Robert Jr", last="Bell"),
        called("Robert A. Jr", last="Bell"),
    ],
)
def test_the_same_generation_in_another_place_is_the_same(son):
    assert outcomes(son, JR) == [LINKED]
    assert outcomes(JR, son) == [LINKED]


def test_a_generation_that_was_typed_behind_a_name_is_no_part_of_the_name():
    assert outcomes(
        called("Robert Allen", last="Bell", suffix="Jr"), called("Robert Jr", last="Bell")
    ) == [LINKED]


@pytest.mark.parametrize(("written", "expected"), [("4th", LINKED), ("3rd", DIFFER)])
def test_the_fourth_is_no_third_in_numbers_or_letters(written, expected):
    fourth = called("Robert", last="Bell", suffix="IV")
    assert outcomes(fourth, called("Robert", last="Bell", suffix=written)) == [expected]


@pytest.mark.parametrize(
    "other", [called("Junior", last="Senior"), called("Junior", last="Senior", suffix="MD")]
)
def test_who_is_called_junior_or_senior_has_no_generation_by_that(other):
    assert outcomes(called("Junior", last="Senior"), other) == [LINKED]
    assert outcomes(called("Junior", last="Senior", suffix="II"), other) == [LINKED]


def test_what_both_columns_say_behind_the_name_is_kept():
    name = NameReader().read(None, "Robert Jr", "Bell MD", None, None)
    assert (name.first_name, name.last_name, name.suffix) == ("Robert", "Bell", "Jr MD")


def couple(first, partner, note):
    """A row of `outcomes` as normalizing writes "Ann & Robert Jr": the Jr is in the note."""
    return called(first, last="Bell", partner_first_name=partner, name_note=note)


def test_a_partner_s_generation_tells_father_from_son():
    read = NameReader().read(None, "Ann & Robert Jr", "Bell", None, None)
    son = couple(read.first_name, read.partner_first_name, read.name_note)
    father = called("Robert", last="Bell", suffix="Sr")

    assert read.name_note == "Jr"
    for other in (
        father,
        couple("Mary", "Robert", "Sr"),
        couple("Robert", "Mary", "Sr; CASH ONLY"),
    ):
        assert outcomes(other, son) == [DIFFER]
        assert outcomes(son, other) == [DIFFER]
    for same in (son, JR, called("Ann", last="Bell"), couple("Ann", "Robert", None)):
        assert outcomes(same, son) == [LINKED]
        assert outcomes(son, same) == [LINKED]


def roberts(**of_son):
    """(decision, reason) of Robert Bell Jr beside Robert, who share house, landline (with Ann) and a dog."""
    landline, mobile = "+13344610472", "+13344619911"
    father = client("h", "Robert", "Bell", phones=[landline], email="rb52@example.com", **HOME)
    wife = client("w", "Ann", "Bell", phones=[landline], **HOME)
    son = {"phones": [mobile, landline], "email": "bob.bell@example.com", **HOME, **of_son}
    pets = [pet(key, key, "Duke", breed="Pug", birth_date="2018-05-24") for key in "hp"]
    others = [
        pet(f"x{n}", f"x{n}", "ABCDEFGH"[n % 8] + "adeilnor"[n // 8] + "bo") for n in range(60)
    ]
    home = side([father, wife, *crowd()], [pets[0], pet("k", "h", "Moxie"), *others])
    in_pims = side([client("p", "Robert", "Bell", suffix="Jr", **son)], [pets[1]])
    [row] = match(home, in_pims).clients.itertuples()
    return row.decision, row.reason


def test_of_whom_one_alone_is_jr_another_email_or_number_beside_the_landline_is_another_person():
    assert roberts() == roberts(phones=["+13344619911"]) == DIFFER
    assert roberts(email="rb52@example.com") == LINKED


@pytest.mark.parametrize("note", ["(Sr)", "*Sr*", "(OLD); (S.R.)", "- father", "(Dad)", "[Senior]"])
def test_a_generation_in_a_note_tells_father_from_son(note):
    father = called("Robert", last="Bell", name_note=note)
    for son in (JR, called("Robert", last="Bell", name_note="(son)")):
        assert outcomes(father, son) == outcomes(son, father) == [DIFFER]


@pytest.mark.parametrize("note", ["see Sr account", "(2nd)", "senior discount", "ask for his son"])
def test_a_note_about_anything_else_tells_no_generation(note):
    noted = called("Robert", last="Bell", name_note=note)
    assert outcomes(noted, JR) == outcomes(JR, noted) == [LINKED]
