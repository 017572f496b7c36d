"""Pets of one owner go one to one, whatever the scores say: two links to one are none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from vet_pipeline.matching.verdicts import LINK, NONE, POSSIBLE, Verdicts, judge, settle


def settled(
    *links: tuple[int, int, float], owners: Sequence[str] = ("o", "o")
) -> list[tuple[int, int, int, str]]:
    """(home row, PIMS row, verdict, reason) of links by the machine: home row, PIMS row, bits."""
    home, pims, bits = (np.array(cells) for cells in zip(*links, strict=True))
    verdicts = Verdicts(
        home=home.astype(np.int32),
        pims=pims.astype(np.int32),
        verdict=np.full(len(links), LINK, np.int8),
        bits=bits.astype(np.float64),
        reason=np.full(len(links), "evidence", dtype=object),
        evidence=lambda at: ([], at),
    )
    found = settle(
        verdicts,
        pa.array(["a", "b"]),
        pa.array(["p", "q"]),
        set(),
        once_within=pa.array(owners, pa.string()),
    )
    return [
        (int(home[at]), int(pims[at]), int(verdict), str(reason))
        for at, verdict, reason in zip(found.shown, found.verdict, found.reason, strict=True)
    ]


def test_each_to_its_own_is_a_link() -> None:
    links = [(0, 0, 12.0), (1, 1, 9.0)]
    assert settled(*links) == [(0, 0, LINK, "evidence"), (1, 1, LINK, "evidence")]


@pytest.mark.parametrize("bits", [(12.0, 12.0), (20.0, 9.0)])
def test_two_pets_of_one_owner_that_claim_one_pet_are_questions(bits: tuple[float, float]) -> None:
    assert settled((0, 0, bits[0]), (0, 1, bits[1])) == [
        (0, 0, POSSIBLE, "rival"),
        (0, 1, POSSIBLE, "rival"),
    ]


def test_one_pet_that_would_be_two_is_a_question() -> None:
    assert sorted(settled((0, 0, 20.0), (1, 0, 9.0))) == [
        (0, 0, POSSIBLE, "rival"),
        (1, 0, POSSIBLE, "rival"),
    ]


def test_an_owner_who_is_entered_twice_has_the_pet_twice() -> None:
    assert settled((0, 0, 12.0), (0, 1, 9.0), owners=("o", "another")) == [
        (0, 0, LINK, "evidence"),
        (0, 1, LINK, "evidence"),
    ]


def test_what_is_asked_about_says_why():
    bits = np.array([9.0, 9.0, 1.0, 1.0, 1.0, -9.0])
    rival = np.array([True, False, True, False, True, True])
    vetoes = {"suffixes": np.array([False, True, False, False, True, False])}
    verdict, reason = judge(bits, vetoes, rival, link=5, possible=0)
    assert list(zip(verdict.tolist(), reason, strict=True)) == [
        (LINK, "evidence"),
        (POSSIBLE, "suffixes"),
        (POSSIBLE, "rival"),
        (POSSIBLE, "weak_evidence"),
        (POSSIBLE, "suffixes"),
        (NONE, "weak_evidence"),
    ]
