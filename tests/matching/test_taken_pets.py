"""Home pets that other animals have: none of the PIMS owner's pets can be one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from pandas.testing import assert_frame_equal

from tests.matching.rows import decided, pet, side
from vet_pipeline.matching import Decision, match

HOME = side(
    [{"client_id": "7"}],
    [
        pet("1", "7", "Rex", birth_date="2020-05-01"),
        pet("2", "7", "Tasha", birth_date="2021-06-02"),
    ],
)
PIMS = side(
    [],
    [
        pet("p1", "A", "Rex", birth_date="2020-05-01"),
        pet("p2", "A", "Tasha", birth_date="2021-06-02"),
        pet("q1", "B", "Rex", birth_date="2020-05-01"),
    ],
)
OWNERS = [Decision("client", "A", "7", same=True), Decision("client", "B", "7", same=True)]


@pytest.mark.parametrize(
    ("said", "p1"),
    [
        ([], ("p1", None, "new")),
        ([Decision("pet", "p1", "1", same=True)], ("p1", "1", "linked")),
    ],
)
def test_what_is_taken_of_an_owner_is_free_to_another_and_to_a_persons_word(
    said: Sequence[Decision], p1: tuple[str, str | None, str]
) -> None:
    pims = replace(PIMS, taken=frozenset({("A", "1"), ("A", "99"), ("C", "2")}))
    found = match(HOME, pims, decisions=[*OWNERS, *said])
    assert decided(found, "pets") == [p1, ("p2", "2", "linked"), ("q1", "1", "linked")]


def test_it_comes_to_what_not_the_same_of_each_two_pets_does() -> None:
    each = [Decision("pet", pims_id, "1", same=False) for pims_id in ("p1", "p2")]
    pims = replace(PIMS, taken=frozenset({("A", "1")}))
    by_owner, one_by_one = (
        match(HOME, pims, decisions=OWNERS).pets,
        match(HOME, PIMS, decisions=[*OWNERS, *each]).pets,
    )
    assert_frame_equal(by_owner, one_by_one)
