"""The lists of names are written as the matcher reads names, and pairs are two."""

from __future__ import annotations

from pathlib import Path

import pytest

from vet_pipeline.matching import lists
from vet_pipeline.matching.keys import fold

TEXTS = sorted(Path(lists.__file__).parent.glob("*.txt"))


def _lines(text: Path) -> list[list[str]]:
    lines = text.read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_each_name_is_one_folded_word(text: Path) -> None:
    words = [word for line in _lines(text) for word in line]
    assert len(words) > 6
    assert [word for word in words if fold(word) != word] == []
    assert [line for line in _lines(text) if not line] == []


@pytest.mark.parametrize("name", ["abbreviations", "two_names", "often_two", "seldom_one"])
def test_a_pair_is_two_names_and_stands_once(name: str) -> None:
    pairs = [sorted(line) for line in _lines(Path(lists.__file__).with_name(f"{name}.txt"))]
    assert [pair for pair in pairs if len(set(pair)) != 2] == []
    assert [pair for pair in pairs if pairs.count(pair) > 1] == []


def test_the_page_beside_them_tells_of_each_list() -> None:
    page = Path(lists.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert [text.stem for text in TEXTS if f"\n| {text.stem} |" not in page] == []
