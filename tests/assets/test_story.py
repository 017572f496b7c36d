"""What a load's page says first: what came, and what waits for a person."""

from __future__ import annotations

from assets.story import load_story
from vet_pipeline.scriptright.load.apply import LoadResult

COUNTS = {"clients_new": 2, "suggestions_opened": 1, "pets_possible": 1, "links_to_review": 6}


def test_all_that_waits_for_a_person_is_told_with_its_command() -> None:
    load = LoadResult(state="applied", load_id=3, counts=COUNTS)
    assert load_story(load, "oak", 2) == (
        "**Applied: snapshot 2.** 2 new clients.\n\n"
        "1 suggestion for a person: `vet-pipeline review list oak`\n\n"
        "1 possible match, 6 links in question for a person: `vet-pipeline link list oak`"
    )


def test_a_link_in_question_is_told_without_a_possible_match() -> None:
    load = LoadResult(state="applied", load_id=3, counts={"links_to_review": 1})
    assert load_story(load, "oak", 2).endswith(
        "1 link in question for a person: `vet-pipeline link list oak`"
    )
