"""Two PIMS records of one pet change in one load: which of them the pet goes by."""

from __future__ import annotations

from typing import Any

from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.records.rivals import Change, settle_rivals
from vet_pipeline.scriptright.records.values import canonical

WEIGHT, DECEASED = FIELD["pet", "weight"], FIELD["pet", "deceased"]
EMAIL, NAME = FIELD["client", "email"], FIELD["client", "name"]


def weight(kg: str, on: str | None) -> dict[str, Any]:
    return {"weight_value": kg, "weight_unit": "kg", "weight_kg": kg, "weighed_on": on}


def settled(
    field: Any, current: dict[str, Any], *news: tuple[str, dict[str, Any]], dead: bool = False
) -> list[tuple[str, str, str]]:
    """PIMS id, outcome and reason, in the order in which they count."""
    changes = [
        Change(field, pims_id, 1, canonical(field, {}), canonical(field, new), "apply", "changed")
        for pims_id, new in news
    ]
    found = settle_rivals(
        changes, canonical(field, current), known_on="2026-01-01", written=False, dead=dead
    )
    return [(one.change.pims_id, one.outcome, one.reason) for one in found]


def test_the_newest_weighing_counts_whichever_record_it_stands_in() -> None:
    before = weight("30", "2026-01-01")
    old, new = weight("31", "2026-02-01"), weight("32", "2026-02-02")
    wanted = [("apply", "changed"), ("suggest", "older_weighing")]
    assert settled(WEIGHT, before, ("1", old), ("2", new)) == [
        ("2", *wanted[0]),
        ("1", *wanted[1]),
    ]
    assert settled(WEIGHT, before, ("1", new), ("2", old)) == [
        ("1", *wanted[0]),
        ("2", *wanted[1]),
    ]
    undated = weight("33", None)
    assert settled(WEIGHT, before, ("1", undated), ("2", new))[0] == ("2", "apply", "changed")


def test_dead_counts_before_alive_whichever_record_says_so() -> None:
    dead, alive = {"deceased": True}, {"deceased": False}
    told = settled(DECEASED, {}, ("1", alive), ("2", dead), dead=True)
    assert told == [("2", "apply", "changed"), ("1", "suggest", "sources_disagree")]


def test_one_email_is_taken_whoever_brings_it_and_two_are_a_question() -> None:
    ann, anna = {"email": "ann@x.org"}, {"email": "anna@x.org"}
    assert settled(EMAIL, {}, ("1", ann)) == [("1", "apply", "changed")]
    assert settled(EMAIL, {}, ("1", ann), ("2", ann)) == [
        ("1", "apply", "changed"),
        ("2", "same", "same"),
    ]
    assert settled(EMAIL, {}, ("1", ann), ("2", anna)) == [
        ("1", "suggest", "sources_disagree"),
        ("2", "suggest", "sources_disagree"),
    ]


def test_what_is_asked_shows_what_scriptright_holds_and_not_what_another_record_asks() -> None:
    lee, kim, roy = (canonical(NAME, {"last_name": name}) for name in ("Lee", "Kim", "Roy"))
    changes = [
        Change(NAME, pims_id, 1, lee, new, "suggest", "changed")
        for pims_id, new in (("1", kim), ("2", roy))
    ]
    told = settle_rivals(changes, lee, known_on="2026-01-01", written=False, dead=False)
    assert [(one.change.new, one.current) for one in told] == [(kim, lee), (roy, lee)]


def test_of_two_days_of_death_the_earlier_counts_and_the_other_is_a_question() -> None:
    late, early = ({"deceased": True, "deceased_on": f"2026-02-0{day}"} for day in (2, 1))
    told = settled(DECEASED, {}, ("0", {"deceased": True}), ("1", late), ("2", early), dead=True)
    assert told == [
        ("2", "apply", "changed"),
        ("1", "suggest", "sources_disagree"),
        ("0", "keep", "date_known"),
    ]


def test_a_pet_that_lives_again_by_one_of_its_rows_is_a_question_while_another_says_dead() -> None:
    held, alive = {"deceased": True}, ("1", {"deceased": False})
    assert settled(DECEASED, held, alive, dead=True) == [("1", "suggest", "sources_disagree")]
    assert settled(DECEASED, held, alive) == [("1", "apply", "changed")]


def test_a_new_email_is_taken_where_the_other_row_says_none_any_more() -> None:
    ann, anna, none = (canonical(EMAIL, {"email": one}) for one in ("ann@x.org", "anna@x.org", ""))
    changes = [
        Change(EMAIL, "1", 1, ann, anna, "apply", "changed"),
        Change(EMAIL, "2", 1, ann, none, "suggest", "became_blank"),
    ]
    told = settle_rivals(changes, ann, known_on="2026-01-01", written=False, dead=False)
    assert [(one.change.pims_id, one.outcome, one.reason) for one in told] == [
        ("1", "apply", "changed"),
        ("2", "suggest", "became_blank"),
    ]
