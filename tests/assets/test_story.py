"""What an asset's page says first: what came, what waits for whom, what to type next."""

from __future__ import annotations

from assets.story import counted, load_story
from vet_pipeline.scriptright.load.apply import COUNTS, LoadResult


def load(**counts: int) -> LoadResult:
    return LoadResult("applied", 7, {**dict.fromkeys(COUNTS, 0), **counts})


def test_a_load_says_what_came_and_what_waits_with_the_command_for_it() -> None:
    done = load(
        clients_new=2, pets_new=1, changes_applied=1, suggestions_opened=18, pets_possible=1
    )
    assert load_story(done, "oak", 2) == (
        "**Applied: snapshot 2.** 2 new clients, 1 new pet, 1 value changed by itself.\n\n"
        "18 suggestions for a person: `vet-pipeline review list oak`\n\n"
        "1 possible match for a person: `vet-pipeline link list oak`"
    )


def test_links_that_came_into_question_are_told_with_or_without_a_possible_match() -> None:
    assert load_story(load(pets_possible=1, links_to_review=6), "oak", 2).endswith(
        "\n\n1 possible match, 6 links in question for a person: `vet-pipeline link list oak`"
    )
    assert load_story(load(links_to_review=1), "oak", 2).endswith(
        "\n\n1 link in question for a person: `vet-pipeline link list oak`"
    )


def test_pets_that_wait_with_their_owners_are_told() -> None:
    assert load_story(load(pets_waiting=1), "oak", 2).endswith(
        "\n\n1 pet that waits with its owner for a person: `vet-pipeline link list oak`"
    )
    assert load_story(load(clients_possible=1, pets_waiting=2), "oak", 2).endswith(
        "\n\n1 possible match, 2 pets that wait with their owners for a person:"
        " `vet-pipeline link list oak`"
    )


def test_rows_that_could_not_be_taken_are_told() -> None:
    refused = load(pets_new=25, clients_quarantined=1, pets_quarantined=100)
    assert load_story(refused, "oak", 1) == (
        "**Applied: snapshot 1.** 25 new pets.\n\n"
        "101 rows not taken: `vet-pipeline status oak` says why"
    )


def test_a_load_that_changed_nothing_says_so() -> None:
    assert load_story(load(), "oak", 2) == "**Applied: snapshot 2.** Nothing changed."
    assert load_story(load(missing=1_091, returned=1), "oak", 2) == (
        "**Applied: snapshot 2.** 1,091 records now missing, 1 record back."
    )
    late = LoadResult("superseded", None, {})
    assert load_story(late, "oak", 2) == (
        "Snapshot 2 was not needed (superseded): nothing changed."
    )


def test_numbers_come_with_the_right_noun() -> None:
    assert counted({"new record": 1200, "value that changes by itself": 1}) == (
        "1,200 new records, 1 value that changes by itself"
    )
    assert counted({"new record": 0}) == ""


def test_a_load_that_a_killed_run_had_done_says_what_that_one_brought() -> None:
    """Dagster's retry of a run that died after its commit is what the page shows from then on."""
    done = load(clients_new=2, pets_new=1, suggestions_opened=1)
    again = LoadResult("already_applied", done.load_id, done.counts)
    assert load_story(again, "oak", 2) == (
        "**Snapshot 2 had been applied before**, by load 7; nothing changed now. That load:"
        " 2 new clients, 1 new pet.\n\n1 suggestion for a person then: `vet-pipeline review list oak`"
    )
