"""A link that a person undid isn't made again by the machine under the PIMS's next number."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import candidates, confirmed
from tests.scriptright.builders import add_practice, client, load, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision, MatchResult, Side, match
from vet_pipeline.policy import Record
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.load.kept_apart import kept_apart

LINKS = "SELECT pims_id, record_id, method FROM scriptright.client_link ORDER BY pims_id"
NUMBER = {"number": "+12175550142", "extension": None, "kind": "unknown", "recorded": "555-0142"}


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann Lee of the web shop (1); PIMS client 1 was linked to her, undone, and is client 3 now."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = {**client("1"), "phones": [NUMBER]}
        del ann["client_key"]
        web_shop.add_client(connection, "oak", ann)
        web_shop.add_pet(connection, "oak", 1, {"name": "Rex", "species": "dog"})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    assert rows(engine, LINKS) == [("1", 3, "created")]
    return engine


def questions(engine: Engine) -> list[tuple[str, str, int, str]]:
    return sorted(
        (c.record, c.pims_id, c.record_id, (c.evidence or {})["reason"]) for c in candidates(engine)
    )


def test_which_of_two_told_apart_a_new_number_is_a_person_says(oak: Engine) -> None:
    load(oak, "oak", 2, [client("9")], [pet("p9", "9")])
    assert rows(oak, LINKS) == [("1", 3, "created")]
    assert questions(oak) == [("client", "9", 1, "told_apart"), ("client", "9", 3, "told_apart")]
    own = next(c for c in candidates(oak) if c.record_id == 3)
    confirmed(oak, own, match)
    assert rows(oak, LINKS) == [("1", 3, "created"), ("9", 3, "person")]


class Better(ToldMatcher):
    """Links PIMS client 9 to the better one of 1 and 3, and to the other where that is refused."""

    def __init__(self, better: int) -> None:
        super().__init__()
        self.better = better

    def __call__(
        self, home: Side, pims: Side, *, decisions: Sequence[Decision] = ()
    ) -> MatchResult:
        refused = Decision("client", "9", str(self.better), same=False) in decisions
        self.clients = {"9": ("linked", [4 - self.better if refused else self.better])}
        return super().__call__(home, pims, decisions=decisions)


def test_a_better_match_with_the_client_told_apart_is_a_question(oak: Engine) -> None:
    load(oak, "oak", 2, [client("9")], [pet("p9", "9")], matcher=Better(1))
    assert rows(oak, LINKS) == [("1", 3, "created")]
    assert questions(oak) == [("client", "9", 1, "told_apart"), ("client", "9", 3, "told_apart")]
    assert rows(oak, "SELECT pims_id FROM scriptright.pet_link") == [("p1",)]


def test_a_better_match_with_the_record_of_its_own_goes_by_the_word(oak: Engine) -> None:
    load(oak, "oak", 2, [client("9")], [pet("p9", "9")], matcher=Better(3))
    assert rows(oak, LINKS) == [("1", 3, "created"), ("9", 3, "machine")]


def test_a_newcomer_that_is_like_one_of_them_alone_is_linked(oak: Engine) -> None:
    told = ToldMatcher({"9": ("linked", [1])})
    load(oak, "oak", 2, [client("9")], matcher=told)
    assert rows(oak, LINKS) == [("1", 3, "created"), ("9", 1, "machine")]


def test_while_the_one_told_apart_is_in_the_pims_a_newcomer_is_linked(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1"), client("9")], [pet("p1", "1"), pet("p9", "9")])
    assert ("9", 1, "machine") in rows(oak, LINKS)


@pytest.mark.parametrize(
    ("record", "same", "apart"),
    [("client", False, {"1": {"3"}}), ("client", True, {}), ("pet", False, {})],
)
def test_a_word_on_a_pet_of_the_clients_number_tells_no_clients_apart(
    oak: Engine, record: Record, same: bool, apart: dict[str, set[str]]
) -> None:
    word = Decision(record, "1", "1", same=same)
    with oak.connect() as connection:
        assert kept_apart(connection, "oak", [word], {"1", "2", "3"}) == apart
