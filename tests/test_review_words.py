"""Whoever decides sees a word under *why*: docs/review.md, or what it leads to, has each of them."""

from __future__ import annotations

import re
from pathlib import Path

from vet_pipeline.cli.reasons import asks, plain
from vet_pipeline.matching.contract import VETOES
from vet_pipeline.scriptright.load import apply_changes, asked_instead, pets_in_doubt
from vet_pipeline.scriptright.records import merge, rivals, suggestions

ROOT = Path(__file__).parents[1]
# Where a change, a merge or two sources become a question: `return "suggest", "unit_unknown"`.
ASKED_IN = ("deltas/changes.py", "scriptright/records/merge.py", "scriptright/records/rivals.py")


def _words_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def test_the_review_page_has_every_reason_of_a_suggestion() -> None:
    asked = {"changed", merge.DIFFERS, rivals.CAME_BACK, suggestions.ANOTHER_RECORD}
    asked |= {
        rivals.NOT_DECEASED,
        rivals.UNREADABLE,
        rivals.WAS_UNREADABLE,
        apply_changes.MANY_ALIKE,
    }
    for name in ASKED_IN:
        written = (ROOT / "vet_pipeline" / name).read_text(encoding="utf-8")
        asked |= set(re.findall(r'(?<!, )"suggest", "(\w+)"', written))
    assert len(asked) > 10
    assert {reason for reason in asked if f"| `{reason}` |" not in _words_of("review.md")} == set()
    assert {reason for reason in asked if asks(reason) == plain(reason)} == {"changed"}


def test_the_review_page_has_every_reason_of_a_possible_match_and_leads_to_the_vetoes() -> None:
    asked = {"rival", "weak_evidence", "evidence"}
    asked |= {pets_in_doubt.MISSING, asked_instead.TOLD_APART, *pets_in_doubt.LIFETIMES}
    assert {reason for reason in asked if f"`{reason}`" not in _words_of("review.md")} == set()
    assert {reason for reason in asked if asks(reason) == plain(reason)} == set()
    assert {veto for veto in VETOES if f"*{veto}*" not in _words_of("matching.md")} == set()


def test_the_review_page_has_every_reason_of_a_link_in_question() -> None:
    files = ("records/likeness.py", "records/apart.py", "load/link_reviews.py")
    code = [ROOT / "vet_pipeline/scriptright" / file for file in files]
    written = "".join(file.read_text(encoding="utf-8") for file in code)
    asked = set(re.findall(r'^ +"(\w+_differ|two_of_one_owner)":', written, re.MULTILINE))
    asked |= set(re.findall(r'"(weighed_since_death|dead_by_another)"', written))
    assert len(asked) == 9
    assert {reason for reason in asked if f"| `{reason}` |" not in _words_of("review.md")} == set()
