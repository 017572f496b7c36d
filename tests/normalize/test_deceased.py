"""Dead, alive or nothing said."""

from datetime import date

import pytest

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.deceased import is_date_of_death, is_deceased, read_flag, read_word


@pytest.mark.parametrize(
    ("flag", "status", "has_date", "deceased"),
    [
        (True, None, False, True), (None, True, False, True), (None, None, True, True),
        (True, False, False, True), (False, False, True, True), (False, True, False, True),
        (False, None, False, False), (None, False, False, False), (None, None, False, None),
    ],
)  # fmt: skip
def test_dead_wins_over_alive_and_alive_over_silence(flag, status, has_date, deceased):
    assert is_deceased(flag, status, has_date) is deceased


@pytest.mark.parametrize(
    ("word", "said"),
    [("Y", True), ("1", True), ("-1", True), ("TRUE", True), ("Dead", True), ("N", False),
     ("0", False), ("Alive", False), (None, None), ("", None), ("?", None), ("✓", True),
     ("✔️", True), ("☑", True), ("☐", None)],
)  # fmt: skip
def test_a_deceased_flag_is_read_by_the_conventions(word, said):
    assert read_word(word, Conventions(), flag=True) == (said, True)


@pytest.mark.parametrize(
    ("word", "said"),
    [("DECEASED", True), ("Put to  sleep", True), ("PTS", True), ("(R.I.P.)", True),
     ("Active", False), ("Inactive", None), ("Moved", None), ("", None)],
)  # fmt: skip
def test_a_status_word_says_dead_alive_or_nothing(word, said):
    assert read_word(word, Conventions(), flag=False) == (said, True)


@pytest.mark.parametrize(
    "status",
    ["Rainbow Bridge", "Crossed the Rainbow Bridge 3/2020", "Deceased.", "*DECEASED*", "Deceased 3/2020", "Deceased/Inactive", "Inactive - Deceased",
     "Deceased - Inactive", "Euthanasia", "Euthanized at home", "Was put to sleep (2020)",
     "Active, deceased", "Deceased May 2020", "Deceased - cremation requested", "Kitten died",
     "Euthanasia 12/1/2025", "Euthanasia at home", "Euthanasia (PTS)", "Euthanasia 2020, cremation", "Inactive - euthanasia", "Euthanasia done 2020", "Euthanasia 3/4/2026 by Dr. Lee", "Euthanasia performed by Dr Lee",
     "Moved, deceased 3/2020", "Sold - deceased", "Deceased, file closed", "Deceased - no reminders", "DO NOT CALL, pet deceased",
     "Dead on arrival", "DEAD HBC", "Dead old age", "HBC - dead", "Dead (HBC)", "DEAD 3/2020", "Dead, cremated", "Dead inactive", "Over the rainbow bridge at home",
     "Dead today", "dead hit by car", "Dead CKD", "dead seizure", "Dead PTS", "dead June 5", "Dead no reminders", "Dead Dr Smith",
     "Found dead outside", "Rainbow Bridge card sent", "Rainbow Bridge RIP", "Crossed Rainbow Bridge peacefully",
     "Deceased prior to arrival", "Deceased per owner", "Dead - per the client"],
)  # fmt: skip
def test_a_word_for_dead_among_others_says_dead(status):
    assert read_word(status, Conventions(), flag=False) == (True, True)


@pytest.mark.parametrize(
    "status",
    ["Not deceased", "Deceased: no", "Isn't dead", "Deceased?", "Owner deceased", "Deceased - N",
     "Euthanasia scheduled", "Nearly died", "Deadline", "possibly dead", "Active - sister deceased",
     "Active, housemate deceased", "Active (mother died 2019)", "brother's euthanasia",
     "companions deceased", "other dog died", "Discussing euthanasia", "Euthanasia requested",
     "call re: euthanasia", "possible euthanasia", "Deceased - reactivated", "might be dead",
     "marked deceased by mistake", "verify deceased", "uncle died", "Mrs. Smith died",
     "kittens died", "Dead file", "dead account - purge", "Euthanasia booked", "Euthanasia tomorrow",
     "Euthanasia 4 pm", "Euthanasia quoted by Dr Lee", "Euthanasia cancelled", "Euthanasia consent signed", "Saved from euthanasia",
     "Deceased/Transferred", "Dead / Sold", "Moved or deceased", "Deceased/Sold/Other",
     "Dead tooth", "dead tooth 3/4/2025", "Active - dead nail", "Dead Sea mud allergy", "stepped on dead wasp", "dead-lift",
     "At Rainbow Bridge Clinic", "rainbow bridge fund", "Deceased per owner, not confirmed", "to be put to sleep 12/15", "eats dead mice", "dead lame LH", "Previous pet euthanized", "prev. dog died", "un-deceased", "Died, resuscitated"],
)  # fmt: skip
def test_a_word_for_dead_beside_a_doubt_is_told_and_says_nothing(status):
    assert read_word(status, Conventions(), flag=False) == (None, False)


@pytest.mark.parametrize(
    ("status", "said"),
    [("Euth", True), ("Euth 3/2020", True), ("Euth requested", None), ("call re: euth", None),
     ("Euthanized, cremation requested", True)],
)  # fmt: skip
def test_a_practice_s_short_word_for_the_act_may_be_spoken_of_as_well(status, said):
    own = Conventions(deceased_words=Conventions().deceased_words | {"euth"})
    assert read_word(status, own, flag=False) == (said, said is not None)


def test_a_code_for_dead_counts_beside_no_other_word():
    codes = Conventions(deceased_words=frozenset({"d"}))
    assert read_word("D.", codes, flag=False) == (True, True)
    assert read_word("Type D", codes, flag=False) == (None, False)


@pytest.mark.parametrize(
    "status",
    ["PTS at home", "PTS by Dr Hale", "PTS - home 3/2020", "PTS at home, private cremation",
     "Euthanased", "Euthanased CHF", "Euthanased at home"],
)  # fmt: skip
def test_a_code_for_dead_counts_beside_words_for_what_was_done(status):
    assert read_word(status, Conventions(), flag=False) == (True, True)


@pytest.mark.parametrize(
    "status",
    ["PTS consent signed", "PTS Tuesday at home", "PTS? at home", "not PTS at home",
     "no PTS at home", "mother PTS at home", "to be euthanased", "12 pts at home"],
)  # fmt: skip
def test_beside_any_other_it_says_nothing(status):
    assert read_word(status, Conventions(), flag=False) == (None, False)


@pytest.mark.parametrize(
    ("word", "said"),
    [("PTS 3/4/2020", True), ("RIP 2020", True), ("pts (3/4/20)", True), ("D 3/2020", True),
     ("PTS Mar 4, 2020", True), ("PTS 5-Dec-2019", True), ("RIP (May 2020)", True),
     ("PTS in March 2020", True), ("PTS 3/20", True),
     ("12 pts", None), ("D 2", None), ("PTS? 2020", None), ("PTS quote 2020", None)],
)  # fmt: skip
def test_a_code_for_dead_may_say_when(word, said):
    codes = Conventions(deceased_words=Conventions().deceased_words | {"d"})
    assert read_word(word, codes, flag=False) == (said, said is not None)


def test_stops_around_a_word_change_nothing():
    assert read_word("Active.", Conventions(), flag=False) == (False, True)
    assert read_word("- Inactive -", Conventions(), flag=False) == (None, True)


def test_a_flag_that_came_through_a_column_of_numbers_is_a_flag():
    assert read_word("1.0", Conventions(), flag=True) == (True, True)
    assert read_word("0.0", Conventions(), flag=True) == (False, True)
    assert read_word("1.00", Conventions(), flag=True) == (True, True)
    assert read_word("0.000", Conventions(), flag=True) == (False, True)
    assert read_word("1.01", Conventions(), flag=True) == (None, False)
    assert read_flag("1.0", Conventions()) == (True, True)


@pytest.mark.parametrize(
    ("text", "says_dead"),
    [
        ("about 2019", True), ("spring 2019?", True), ("early Mar 2019", True), ("2018 or 2019", True),
        ("deceased", True), ("euthanized 2019", True), ("yes", True),
        # As spreadsheets show a day of which the year, or the day, is formatted away.
        ("Apr-19", True), ("19-Apr", True), ("late Mar '19", True), ("Dec-2030", False), ("march", False),
        ("3/19", True), ("6/15", True), ("6/5", True), ("15/6", True), ("16/15", False), ("approx 3/4/19", True), ("3/4/2019 at home", True), ("yes 3/4/19", True),
        ("13/19", False), ("0/00", False), ("sold 3/4/19", False), ("inactive 3/4/2019", False),
        # A spreadsheet's days, from 1985 to tomorrow.
        ("31047", False), ("31048", True), ("46350", True), ("46351", False), ("about 2026", True),
        ("soon", False), ("2031", False), ("about 1066", False), ("moved 2019", False),
        ("seen alive 2019", False), ("owner died 2019", False), ("no", False), ("?", False),
        (None, False),
    ],
)  # fmt: skip
def test_a_date_of_death_that_is_no_date_may_still_say_dead(text, says_dead):
    assert is_date_of_death(text, Conventions(), date(2026, 11, 23)) is says_dead


def test_a_status_of_one_is_not_a_death():
    assert read_word("1", Conventions(), flag=False) == (None, False)


def test_a_word_nobody_knows_is_told():
    assert read_word("ZZ", Conventions(), flag=True) == (None, False)
    assert read_word("✗", Conventions(), flag=True) == (None, False)
    assert read_word("ZZ", Conventions(deceased_words=frozenset({"zz"})), flag=False) == (
        True,
        True,
    )


def test_no_where_it_is_asked_for_a_death_is_no_though_a_practice_s_status_says_dead_by_it():
    own = Conventions(deceased_words=frozenset({"n", "0"}))
    assert [read_word("N", own, flag=flag) for flag in (False, True)] == [
        (True, True),
        (False, True),
    ]
    assert not is_date_of_death("0.0", own, date(2026, 1, 2))
    assert read_word("N 3/2020", own, flag=True) == (None, False)


@pytest.mark.parametrize(("word", "said"), [("Yes", (True, True)), ("0", (False, True)), ("", (None, True)), ("dead", (None, False))])  # fmt: skip
def test_plain_flags_know_yes_and_no_only(word, said):
    assert read_flag(word, Conventions()) == said
