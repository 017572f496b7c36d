"""What a first load's metadata says of its matches: rates, and nothing where nothing was measured."""

from __future__ import annotations

from assets.report import match_facts


def test_rates_are_told_where_they_were_measured() -> None:
    counts = {
        "decoys": 1000,
        "decoys_linked": 1,
        "decoys_linked_at_most_per_million": 4735,
        "scores_unlike": 0,
        "score_drift_per_mille": 57,
    }
    assert match_facts(counts) == {
        "estimated_false_link_rate": 0.001,
        "false_link_rate_at_most": 0.004735,
        "score_drift": 0.057,
        "scores_look_unlike": False,
    }


def test_a_load_without_a_first_merge_tells_no_rates() -> None:
    assert match_facts({"clients_new": 5}) == {}
