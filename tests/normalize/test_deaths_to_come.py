"""A death that has yet to come: an appointment, or a slip in the year."""

from datetime import date

import pytest

from tests.frames import raw_patients
from tests.normalize.rows import READ_ON, said
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.dates import is_to_come
from vet_pipeline.normalize.pets import normalize_pets

PET = {"patient_key": "7", "client_key": "42", "name": "Bella", "status": "Active"}


def _normalize(columns, read_on=READ_ON, order="mdy"):
    conventions = Conventions(date_order=order)
    return normalize_pets(raw_patients(PET | columns), conventions, read_on=read_on)


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "PTS 12/15/2026"},
        {"status": "PTS 12/15/26"},
        {"status": "Euthanasia on Dec 15, 2026"},
        {"status": "euthanized 15 December 2026"},
        {"status": "put to sleep 12/2026"},
        {"status": "Euthanized 12/15/2026 (dx 3/4/2025)"},
        {"status": "PTS 12/15"},  # or of December 2015: who knows
        {"status": "Euthanasia 12/15"},
        {"deceased_flag": "put to sleep 12/15"},
        {"deceased_flag": "PTS 12/15/2026"},
        {"deceased_flag": "12/15/2026"},
        {"deceased_date": "PTS 12/15/2026"},
        {"deceased_date": "12/2026"},
        {"deceased_date": "Dec 2026"},
    ],
)
def test_a_death_on_a_day_to_come_is_none_yet_and_its_row_is_looked_at_again(columns):
    """It was dead at once, and a row that says the same on that day isn't read any more."""
    result = _normalize(columns)
    assert result.quarantined["reason"].tolist() == ["impossible_deceased_date"]
    then = _normalize(columns, date(2027, 1, 2))
    assert then.rows["deceased"].tolist() == [True]


@pytest.mark.parametrize(
    ("columns", "dead"),
    [
        ({"status": "PTS 11/22/2026"}, True),
        ({"status": "PTS 11/24/2026"}, True),  # it is tomorrow already in Auckland
        ({"status": "PTS 11/2026"}, True),
        ({"status": "PTS 3/20"}, True),  # of 2020
        ({"status": "PTS 11/20"}, True),
        ({"status": "Deceased 12/15"}, True),  # nobody is that by appointment
        ({"status": "Euthanized 12/15"}, True),
        ({"status": "put to sleep 11/20/2026, ashes 12/15"}, True),
        ({"status": "Deceased 2026"}, True),
        ({"status": "Deceased 13/45/2030"}, True),  # no day at all
        ({"status": "Deceased - see 2040 Oak St"}, True),
        ({"status": "Deceased, cf. 12 Elm 2040"}, True),  # no month
        ({"status": "Deceased 2027"}, True),  # a slip: nobody makes an appointment for a year
        ({"status": "Deceased 11/20/2026, cremation 12/02/2026"}, True),
        ({"status": "Deceased, remove 01/01/2027", "deceased_date": "2026-11-20"}, True),
        ({"deceased_flag": "Y", "deceased_date": "2026"}, True),
        ({"status": "Euthanasia scheduled 12/15/2026"}, None),
        ({"status": "Active until 12/15/2026"}, None),
    ],
)
def test_what_is_past_or_no_word_of_a_death_is_taken_as_ever(columns, dead):
    result = _normalize(columns)
    assert said(result.rows.iloc[0].to_dict()).get("deceased") is dead


def test_a_day_that_may_be_past_in_one_order_is_not_to_come():
    unknown, european = Conventions(), Conventions(date_order="dmy")
    assert not is_to_come("PTS 12/05/2026", unknown, READ_ON)
    assert not is_to_come("PTS 12/05/2026", european, READ_ON)
    assert is_to_come("PTS 12/05/2026", Conventions(date_order="mdy"), READ_ON)
    assert is_to_come("PTS 12/15/2026", unknown, READ_ON)
