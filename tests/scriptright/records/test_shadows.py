"""What a merged PIMS record would be by now if it had become a record of its own."""

from __future__ import annotations

from datetime import date

from tests.scriptright.records.changed import shadow_after_change
from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.records.apart import reasons_to_look
from vet_pipeline.scriptright.records.merge import DIFFERS
from vet_pipeline.scriptright.records.rivals import CAME_BACK
from vet_pipeline.scriptright.records.shadows import (
    Shadow,
    shadow_after_decision,
    shadow_of,
)
from vet_pipeline.scriptright.records.values import canonical

NAME, EMAIL = FIELD["client", "name"], FIELD["client", "email"]
REX = {"name": "Rex", "species": "dog", "breed": "Beagle", "birth_date": date(2020, 5, 1)}


def test_the_shadow_takes_automatic_changes_and_keeps_manual_ones_as_questions() -> None:
    start = shadow_of("client", {"last_name": "Lee", "email": "a@b.example"})
    email = shadow_after_change(start, EMAIL, {"email": "c@d.example"}, "apply", "changed", 7)
    assert email["values"]["email"] == "c@d.example"
    kim = {"last_name": "Kim"}
    asked = shadow_after_change(email, NAME, kim, "suggest", "changed", 8)
    assert asked["values"]["last_name"] == "Lee"
    assert asked["suggestions"] == {
        "name": {
            "old": canonical(NAME, {"last_name": "Lee"}),
            "new": canonical(NAME, kim),
            "reason": "changed",
            "load_id": 8,
        }
    }
    back = shadow_after_change(asked, NAME, {"last_name": "Lee"}, "suggest", "changed", 9)
    assert back == email
    taken = shadow_after_decision(asked, NAME, canonical(NAME, kim), "changed", confirmed=True)
    assert (taken["values"]["last_name"], taken["suggestions"]) == ("Kim", {})
    refused = shadow_after_decision(asked, NAME, canonical(NAME, kim), "changed", confirmed=False)
    assert refused == email


def test_a_difference_found_at_the_merge_is_no_question_of_the_shadow() -> None:
    start = shadow_of("client", {"last_name": "Lee"})
    new = canonical(NAME, {"last_name": "Lee"})
    assert shadow_after_decision(start, NAME, new, "differs_at_merge", confirmed=True) == start


def test_links_made_before_the_sides_were_kept_go_by_what_the_shadow_knows() -> None:
    shadow = shadow_of("pet", REX)
    shadow["suggestions"]["name"] = {"old": {"name": "Rex"}, "new": {"name": "Luna"}}
    assert reasons_to_look("pet", shadow, REX) == ("names_differ",)


LEE, KIM, ROY = (canonical(NAME, {"last_name": name}) for name in ("Lee", "Kim", "Roy"))


def asked_kim() -> Shadow:
    start = shadow_of("client", LEE)
    return shadow_after_change(start, NAME, KIM, "suggest", "changed", 8)


def test_a_question_of_the_shadow_is_past_once_its_row_says_another_thing() -> None:
    start = shadow_of("client", LEE)
    # Roy had stood there before a blank: that is no change, and asked about nothing.
    assert shadow_after_change(asked_kim(), NAME, ROY, "suggest", CAME_BACK, 9) == start
    assert shadow_after_change(start, NAME, ROY, "suggest", CAME_BACK, 9) == start


def test_a_name_that_is_taken_out_leaves_the_question_of_the_shadow() -> None:
    blank = canonical(NAME, {})
    asked = asked_kim()
    assert shadow_after_change(asked, NAME, blank, "keep", "became_blank", 9) == asked


def test_a_change_that_is_held_already_leaves_no_question() -> None:
    asked = asked_kim()
    asked["values"] |= KIM
    assert shadow_after_change(asked, NAME, KIM, "suggest", "changed", 9)["suggestions"] == {}


def test_a_no_to_another_value_leaves_the_question_and_a_yes_is_the_value() -> None:
    asked = asked_kim()
    assert shadow_after_decision(asked, NAME, ROY, "changed", confirmed=False) == asked
    named = shadow_after_decision(asked, NAME, ROY, "changed", confirmed=True)
    assert (named["values"]["last_name"], named["suggestions"]) == ("Roy", {})


def test_a_difference_that_a_person_confirms_is_no_value_of_the_shadow() -> None:
    start = shadow_of("client", LEE)
    assert shadow_after_decision(start, NAME, KIM, DIFFERS, confirmed=True) == start


def test_a_word_on_a_difference_answers_what_the_record_of_its_own_had_asked() -> None:
    named = shadow_after_decision(asked_kim(), NAME, KIM, DIFFERS, confirmed=True)
    assert (named["values"]["last_name"], named["suggestions"]) == ("Kim", {})
    refused = shadow_after_decision(asked_kim(), NAME, KIM, DIFFERS, confirmed=False)
    assert refused == shadow_of("client", LEE)
