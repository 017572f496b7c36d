"""Settings of a practice: what can be set, how it is written, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vet_pipeline.errors import UsageError
from vet_pipeline.matching import MatchSettings
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.deceased import read_word
from vet_pipeline.registry.practice_settings import (
    Settings,
    as_lines,
    changed,
    parted,
    parted_to,
    setting_names,
)


def test_dots_lead_down_and_a_blank_value_takes_the_default_back() -> None:
    own = changed(
        Settings(),
        [
            "thresholds.missing_percent=20",
            "matching.link_bits=9.5",
            "reader.limits.page_rows=500",
            "weight_unit_when_missing = lb",
        ],
    )
    assert as_lines(own) == {
        "thresholds.missing_percent": 20,
        "matching.link_bits": 9.5,
        "reader.limits.page_rows": 500,
        "weight_unit_when_missing": "lb",
    }
    back = changed(own, ["matching.link_bits=", "reader.limits.page_rows=", "phone_region=CA"])
    assert as_lines(back) == {
        "thresholds.missing_percent": 20,
        "weight_unit_when_missing": "lb",
        "phone_region": "CA",
    }


OWN = changed(Settings(), ["matching.link_bits=7", "thresholds.missing_percent=20"])


@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("weight_unit=lb", "weight_unit: there is no such setting"),
        ("weight_unit_when_missing=stone", "weight_unit_when_missing"),
        ("thresholds.missing_percent=101", "thresholds.missing_percent"),
        ("thresholds.missing_percent.low=1", "has no parts"),
        ("matching.link_bits=2", "matching.link_bits"),
        ("matching.link_bits=nan", "matching.link_bits"),
        ("matching.engine=rule", "matching.engine: there is no such setting"),
        ("matching.possible_bits=8", "can't need more bits than a link"),
        ("matching=", "group of settings"),
        ("matching", "isn't of the form name=value"),
        ("=5", "isn't of the form name=value"),
        ("reader.limits.page_rows=many", "reader.limits.page_rows"),
        ("deceased_words=D, Inactive", "deceased_words: inactive says nothing of life or death"),
        (
            "phone_region=UK",  # each number of the practice was left out
            "phone_region 'UK' has no telephone numbers: write GB for the United Kingdom",
        ),
        (
            "alive_words=n/a, moved away",
            "alive_words: moved away, n/a say nothing of life or death",
        ),
    ],
)
def test_what_is_wrong_is_named_with_what_there_is(assignment: str, told: str) -> None:
    """Of a wrong name all names there are; whose name is right looks for what it takes."""
    with pytest.raises(UsageError, match=told) as caught:
        changed(OWN, [assignment])
    is_listed = all(name in caught.value.next_step for name in setting_names())
    by_name = ("no such setting", "has no parts", "group of settings", "form name=value")
    assert is_listed == any(word in told for word in by_name)
    assert is_listed or "docs/review.md" in caught.value.next_step


def test_what_is_wrong_is_said_once_in_words_of_settings() -> None:
    with pytest.raises(UsageError) as caught:
        changed(Settings(), ["reader.limits.page_rows=many", "colour=red", "thresholds.flor=3"])
    said = str(caught.value)
    assert said.count("reader.limits.page_rows: ") == 1
    assert "colour: there is no such setting" in said
    assert "thresholds.flor: there is no such setting" in said
    assert ".int" not in said


def test_thresholds_that_arent_set_are_the_models() -> None:
    assert Settings().matching.for_matcher() == MatchSettings()
    own = changed(Settings(), ["matching.link_bits=9", "matching.pet_possible_bits=-1"])
    assert own.matching.for_matcher() == MatchSettings(client_link_bits=9, pet_possible_bits=-1)


def test_a_word_that_is_none_for_dead_in_a_practice_is_what_the_practice_says() -> None:
    """It was set in vain: each of PTS, the practice's word for its patients, came as dead."""
    own = changed(Settings(), ["alive_words=PTS"]).conventions(Conventions())
    assert [read_word("PTS", each, flag=False) for each in (Conventions(), own)] == [
        (True, True),
        (False, True),
    ]
    both = changed(Settings(), ["alive_words=gone", "deceased_words=gone"])
    assert read_word("gone", both.conventions(Conventions()), flag=False) == (True, True)


def test_a_practice_s_own_words_and_blank_days_stand_beside_the_connector_s() -> None:
    own = changed(Settings(), ["deceased_words=D,  Put  Down,D", "blank_dates=2001-01-01"])
    assert as_lines(own) == {"deceased_words": ["d", "put down"], "blank_dates": ["2001-01-01"]}
    assert Settings.model_validate(own.model_dump(mode="json")) == own
    connector = Conventions(alive_words=frozenset({"here"}))
    assert own.conventions(connector) == replace(
        connector,
        deceased_words=connector.deceased_words | {"d", "put down"},
        blank_dates=connector.blank_dates | {"2001-01-01"},
    )
    assert changed(own, ["deceased_words=", "blank_dates="]) == Settings()
    with pytest.raises(UsageError, match="blank_dates"):
        changed(own, ["blank_dates=1/1/2001"])


def test_headers_that_were_stated_and_taken_back_are_as_if_they_had_never_been() -> None:
    """What was read before, by a release that knew none too, goes on to count."""
    stated = changed(Settings(), ["headers.clients.client_key=Account No"])
    assert stated.how_written()["headers"] == {"clients": {"client_key": "Account No"}}
    taken_back = changed(stated, ["headers.clients.client_key="])
    assert taken_back.how_written() == Settings().how_written()
    assert "headers" not in Settings().how_written()


@pytest.mark.parametrize("pims_id", ["7", "A.7", "B=7", "C 7", "-7"])
def test_a_number_that_was_parted_is_taken_back_however_it_is_written(pims_id: str) -> None:
    own, new_id = parted(Settings(), "client", pims_id)
    assert new_id == f"{pims_id}~2"
    assert as_lines(own) == {f"parted.client.{pims_id}": 2}
    later, newer_id = parted(own, "client", new_id)
    waits = [parted_to(later, "client", one) for one in (pims_id, new_id, newer_id)]
    assert (newer_id, waits) == (f"{pims_id}~3", [newer_id, newer_id, None])
    assert changed(Settings(), [f"parted.client.{pims_id}=2"]) == own
    assert as_lines(changed(own, [f"parted.client.{pims_id}="])) == {}
