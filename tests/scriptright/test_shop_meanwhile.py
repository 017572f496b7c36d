"""What the web shop has written and not committed yet when a load or a person decides on it.

Its own statements don't wait for the practice's lock, so whoever decides waits for their rows.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.asked import ask, candidates, open_practice
from tests.scriptright.builders import client, delta_of, load, one, pet, rows
from tests.scriptright.joined import joined, load_as_new
from tests.scriptright.meanwhile import beside
from tests.scriptright.prescribed import PRESCRIPTIONS, prescribed, renamed
from tests.scriptright.suggested import MOVED, ann_and_rex, the_suggestion
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused, LoadInProgress, StaleDecision
from vet_pipeline.matching import match
from vet_pipeline.scriptright.decisions.links import confirm_candidate, undo_link
from vet_pipeline.scriptright.decisions.review import confirm
from vet_pipeline.scriptright.load.apply import apply_delta
from vet_pipeline.scriptright.postgres.roles import transaction

ADDRESS = "UPDATE scriptright.client SET address_line1 = '5 Web St' WHERE client_id = 1"


def test_a_load_leaves_what_the_shop_saves_beside_it(engine: Engine) -> None:
    ann_and_rex(engine)
    delta = delta_of(engine, "oak", 2, [client("1", email="new@example.com")], [pet("p1", "1")])
    beside(engine, ADDRESS, lambda: apply_delta(engine, delta, run_id=None, match=match))
    saved = "SELECT email, address_line1 FROM scriptright.client"
    assert rows(engine, saved) == [("new@example.com", "5 Web St")]


def test_a_confirmation_is_refused_when_the_shop_saves_another_value_beside_it(
    engine: Engine,
) -> None:
    ann_and_rex(engine)
    load(engine, "oak", 2, [client("1", **MOVED)], [pet("p1", "1")])
    asked = the_suggestion(engine)
    with pytest.raises(StaleDecision):
        beside(engine, ADDRESS, lambda: confirm(engine, "oak", asked.suggestion_id, by="Pat Doe"))
    assert one(engine, "SELECT address_line1 FROM scriptright.client") == "5 Web St"


@pytest.mark.parametrize(
    ("statement", "states"),
    [
        (
            "UPDATE scriptright.prescription SET state = 'ended' WHERE prescription_id = 1",
            ["ended", "needs_new_prescription", "ended"],
        ),
        (
            "INSERT INTO scriptright.prescription"
            " (practice_id, client_id, pet_id, label_name, drug)"
            " VALUES ('oak', 1, 1, 'Rex', 'cefpodoxime')",
            ["needs_new_prescription", "needs_new_prescription", "ended", "needs_new_prescription"],
        ),
    ],
    ids=["ended", "written"],
)
def test_a_rename_marks_prescriptions_as_the_shop_leaves_them(
    engine: Engine, statement: str, states: list[str]
) -> None:
    prescribed(engine)
    asked = renamed(engine, "Max")
    by = {"by": "Pat Doe", "same_animal": True}
    beside(engine, statement, lambda: confirm(engine, "oak", asked.suggestion_id, **by))
    assert [row[4] for row in rows(engine, PRESCRIPTIONS)] == states


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE scriptright.client SET email = NULL WHERE client_id = 3", "edited in the web"),
        (
            "INSERT INTO scriptright.pet (practice_id, client_id, origin, name)"
            " VALUES ('oak', 3, 'home_delivery', 'Kit')",
            "has pet 4",
        ),
        (
            "INSERT INTO scriptright.prescription"
            " (practice_id, client_id, pet_id, label_name, drug)"
            " VALUES ('oak', 3, 2, 'Rex', 'carprofen')",
            "named by prescription",
        ),
    ],
    ids=["edit", "pet", "prescription"],
)
def test_a_record_that_the_shop_makes_its_own_meanwhile_is_not_joined(
    engine: Engine, statement: str, why: str
) -> None:
    open_practice(engine)
    load_as_new(engine)
    with pytest.raises(DecisionRefused, match=why):
        beside(engine, statement, lambda: joined(engine, "client", "1", 1))
    assert one(engine, "SELECT count(*) FROM scriptright.client") == 3


def test_a_match_is_stale_when_the_shop_changes_a_side_meanwhile(engine: Engine) -> None:
    open_practice(engine)
    matcher = ask(engine, [1])
    [asked] = candidates(engine)

    def same() -> object:
        by = {"by": "Pat Doe", "match": matcher}
        return confirm_candidate(engine, "oak", asked.candidate_id, **by)

    with pytest.raises(StaleDecision):
        beside(engine, ADDRESS.replace("5 Web", "6 Web"), same)


def test_undoing_a_link_keeps_what_the_shop_saves_meanwhile(engine: Engine) -> None:
    open_practice(engine)
    told = ToldMatcher({"1": ("linked", [1])})
    load(engine, "oak", 1, [client("1")], matcher=told)
    save = 'UPDATE scriptright.client SET phones = \'[{{"number": "+12175550199"}}]\''
    phones = "SELECT phones -> 0 ->> 'number' FROM scriptright.client WHERE client_id = 1"
    assert one(engine, phones) == "+12175550142"
    beside(
        engine,
        save.format() + " WHERE client_id = 1",
        lambda: undo_link(engine, "oak", "client", "1", by="Pat Doe"),
    )
    assert one(engine, phones) == "+12175550199"


def test_a_load_gives_up_where_the_shop_has_left_a_transaction_open(engine: Engine) -> None:
    ann_and_rex(engine)
    delta = delta_of(engine, "oak", 2, [client("1", email="new@example.com")], [pet("p1", "1")])
    with transaction(engine, "shop", "oak") as shop:
        shop.execute(text(ADDRESS))
        with pytest.raises(LoadInProgress, match="transaction of the web shop"):
            apply_delta(engine, delta, run_id=None, match=match, wait_seconds=0.1)
    assert apply_delta(engine, delta, run_id=None, match=match).state == "applied"
