"""A link whose sides drift apart is put before a person by itself, and nothing is undone by that."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from expectations.accounts import standing_accounts
from tests.scriptright.builders import add_practice, client, edit, load, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import StaleDecision, UnknownItem, UsageError
from vet_pipeline.policy import RECORDS
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import review
from vet_pipeline.scriptright.decisions.links import explain
from vet_pipeline.scriptright.decisions.links_in_question import (
    LinkReview,
    keep_link,
    list_link_reviews,
)
from vet_pipeline.scriptright.decisions.unmerge import undo_link
from vet_pipeline.scriptright.records.in_question import others_by_now

OF_BOTH = [("client", "1", ("first_names_differ",)), ("pet", "1", ("names_differ",))]
LINKED = ToldMatcher({"1": ("linked", [1])}, {"1": ("linked", [1])})


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Ann Lee of the web shop with her dog Rex, linked to PIMS client 1 and pet 1: of one number on both sides."""
    add_practice(engine)
    with engine.begin() as connection:
        lee = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        web_shop.add_pet(connection, "oak", lee, {"name": "Rex", "species": "dog"})
    load(engine, "oak", 1, [client("1"), client("2", first_name="Zoe")], [pet("1", "1")],
         matcher=LINKED)  # fmt: skip
    return engine


def again(engine: Engine, seq: int, *, owner: str = "1", ann: str = "Ann", **cells: str) -> int:
    """A later load, in which Rex or his owner differ; returns how many links came into question."""
    clients = [client("1", first_name=ann), client("2", first_name="Zoe")]
    done = load(engine, "oak", seq, clients, [pet("1", owner, **cells)], matcher=LINKED)
    return done.counts["links_to_review"]


def questions(engine: Engine, state: str | None = "open") -> list[LinkReview]:
    with engine.connect() as connection:
        return list_link_reviews(connection, "oak", state=state)


def reasons(engine: Engine) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.record, one.pims_id, one.reasons) for one in questions(engine)]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"species": "cat", "breed": "Siamese"}, "species_differ"),
        ({"name": "Luna"}, "names_differ"),
        ({"birth_date": "2024-05-01"}, "birth_dates_differ"),
        ({"owner": "2"}, "owners_differ"),
    ],
)
def test_a_pet_that_becomes_another_in_the_pims_is_put_up_and_stays_linked(
    oak: Engine, cells: dict[str, str], why: str
) -> None:
    links = rows(oak, "SELECT pims_id, record_id, method FROM scriptright.pet_link")
    assert again(oak, 2, **cells) == 1
    assert reasons(oak) == [("pet", "1", (why,))]
    assert rows(oak, "SELECT pims_id, record_id, method FROM scriptright.pet_link") == links
    with oak.connect() as connection:
        assert not any(account.violations for account in standing_accounts(connection, "oak"))
        why_linked = explain(connection, "oak", "pet", "1")
    assert (why_linked.state, why_linked.in_question) == ("linked", (why,))


def test_a_key_that_the_pims_gives_to_another_client_is_put_up(oak: Engine) -> None:
    assert again(oak, 2, ann="Roberto") == 1
    assert reasons(oak) == [("client", "1", ("first_names_differ",))]


def test_one_question_a_link_however_often_it_is_loaded(oak: Engine) -> None:
    assert again(oak, 2, name="Luna") == 1
    since = questions(oak)[0].opened_at
    assert again(oak, 3, name="Luna") == 0
    assert again(oak, 4, name="Luna", species="cat") == 0
    assert reasons(oak) == [("pet", "1", ("names_differ", "species_differ"))]
    assert questions(oak)[0].opened_at == since
    assert [one.state for one in questions(oak, None)] == ["superseded", "open"]


def test_a_client_and_a_pet_of_one_number_are_two_questions_with_two_answers(oak: Engine) -> None:
    assert again(oak, 2, name="Luna") == 1
    assert again(oak, 3, ann="Roberto", name="Luna") == 1
    assert reasons(oak) == OF_BOTH[::-1]
    [of_pet, of_client] = questions(oak)
    keep_link(oak, "oak", of_pet.review_id, by="Pat Doe")
    assert reasons(oak) == OF_BOTH[:1]
    keep_link(oak, "oak", of_client.review_id, by="Pat Doe")
    assert again(oak, 4, ann="Roberto", name="Luna", weight="31") == 0
    assert questions(oak) == []


def test_undoing_a_pets_link_answers_nothing_about_the_client_of_its_number(oak: Engine) -> None:
    again(oak, 2, ann="Roberto", name="Luna")
    undo_link(oak, "oak", "pet", "1", by="Pat Doe")
    assert reasons(oak) == OF_BOTH[:1]


def test_a_question_whose_reason_is_past_is_superseded(oak: Engine) -> None:
    again(oak, 2, name="Luna")
    assert again(oak, 3) == 0
    assert questions(oak) == []
    assert [one.state for one in questions(oak, None)] == ["superseded"]


def test_a_row_that_has_gone_is_no_question_until_it_is_back(oak: Engine) -> None:
    """Its link is right again; undone, the web shop's record would lose what it has from there."""
    again(oak, 2, name="Luna", ann="Roberto")
    load(oak, "oak", 3, [client("2", first_name="Zoe")], [])
    assert reasons(oak) == []
    assert again(oak, 4, name="Luna", ann="Roberto") == 2
    assert reasons(oak) == OF_BOTH


def test_confirming_the_new_name_of_the_same_animal_answers_the_question(oak: Engine) -> None:
    again(oak, 2, name="Luna")
    with oak.connect() as connection:
        [rename] = [s for s in review.list_suggestions(connection, "oak") if s.field == "name"]
    review.confirm(oak, "oak", rename.suggestion_id, by="Pat Doe", same_animal=True)
    assert questions(oak) == []


def test_a_web_shop_client_who_reuses_the_entry_for_the_next_pet_is_noticed_at_once(
    oak: Engine,
) -> None:
    with oak.begin() as connection:
        web_shop.edit_pet(
            connection, "oak", 1, {"name": "Luna", "species": "cat"}, actor="client 1"
        )
    assert reasons(oak) == [("pet", "1", ("names_differ", "species_differ"))]
    assert questions(oak)[0].load_id is None


def test_a_kept_link_is_put_up_again_only_when_the_data_change_again(oak: Engine) -> None:
    again(oak, 2, name="Luna")
    [question] = questions(oak)
    kept = keep_link(oak, "oak", question.review_id, by=" Pat Doe ", shown=question.shown)
    assert (kept.state, kept.decided_by) == ("kept", "Pat Doe")
    assert again(oak, 3, name="Luna", weight="31", weight_date="2026-03-02") == 0
    assert again(oak, 4, name="Bella") == 1
    assert reasons(oak) == [("pet", "1", ("names_differ",))]
    with oak.connect() as connection:
        words = explain(connection, "oak", "pet", "1").words
    assert [(same, by) for same, by, _ in words] == [(True, "Pat Doe")]
    acts = rows(oak, "SELECT actor, detail::text FROM scriptright.audit WHERE act = 'link_kept'")
    assert [actor for actor, _ in acts] == ["Pat Doe"]
    assert not any(name in acts[0][1] for name in ("Luna", "Rex", "Ann"))


def test_a_decision_is_refused_when_a_side_has_changed_or_it_is_closed(oak: Engine) -> None:
    again(oak, 2, name="Luna")
    [question] = questions(oak)
    again(oak, 3, name="Bella")
    [newer] = questions(oak)
    with pytest.raises(StaleDecision, match="superseded already") as stale:
        keep_link(oak, "oak", question.review_id, by="Pat Doe")
    assert stale.value.next_step.startswith("`vet-pipeline history oak --pet 1` tells what came")
    with pytest.raises(StaleDecision, match="a side has changed"):
        keep_link(oak, "oak", newer.review_id, by="Pat Doe", shown=question.shown)
    with pytest.raises(UnknownItem):
        keep_link(oak, "oak", 99, by="Pat Doe")
    with pytest.raises(UsageError):
        keep_link(oak, "oak", newer.review_id, by=" ")
    assert [one.state for one in questions(oak)] == ["open"]


def test_undoing_the_link_answers_the_question(oak: Engine) -> None:
    again(oak, 2, name="Luna", ann="Roberto")
    assert len(questions(oak)) == 2
    undo_link(oak, "oak", "client", "1", by="Kim Roe")
    assert questions(oak) == []
    assert {(one.record, one.state, one.decided_by) for one in questions(oak, None)} == {
        ("client", "undone", "Kim Roe"),
        ("pet", "undone", "Kim Roe"),
    }
    assert again(oak, 3, name="Bella", ann="Zelda") == 0, "each stands alone by now"


def test_two_pets_of_one_owner_at_one_record_are_put_up_when_one_comes_back(oak: Engine) -> None:
    clients = [client("1"), client("2", first_name="Zoe")]
    told = ToldMatcher({}, {"11": ("linked", [1])})
    back = [pet("1", "1"), pet("11", "1")]
    load(oak, "oak", 2, clients, back[1:], matcher=told)
    assert reasons(oak) == []
    done = load(oak, "oak", 3, clients, back, matcher=told)
    assert done.counts["links_to_review"] == 2
    assert reasons(oak) == [("pet", p, ("two_of_one_owner",)) for p in ("1", "11")]
    keep_link(oak, "oak", questions(oak)[0].review_id, by="Pat Doe")
    undo_link(oak, "oak", "pet", "11", by="Pat Doe")
    load(oak, "oak", 4, clients, back, matcher=told)
    assert reasons(oak) == []


def test_a_pet_beside_the_number_that_it_had_before_is_no_second_one(oak: Engine) -> None:
    clients = [client("1"), client("2", first_name="Zoe")]
    told = ToldMatcher({}, {"11": ("linked", [1])})
    load(oak, "oak", 2, clients, [pet("11", "1")], matcher=told)
    done = load(oak, "oak", 3, clients, [pet("11", "1", breed="Beagle")], matcher=told)
    assert done.counts["links_to_review"] == 0
    edit(oak, "pet", breed="Beagle")  # all of its links are looked at
    assert reasons(oak) == []


def test_two_pets_are_put_up_when_the_pims_gives_one_to_the_others_owner(oak: Engine) -> None:
    """As a merge of two clients does in the PIMS: the one that was entered first moves."""
    add_practice(oak, "elm")
    with oak.begin() as connection:
        lee = web_shop.add_client(connection, "elm", {"first_name": "Ann", "last_name": "Lee"})
        rex = web_shop.add_pet(connection, "elm", lee, {"name": "Rex", "species": "dog"})
    told = ToldMatcher(
        {one: ("linked", [lee]) for one in ("1", "2")}, {p: ("linked", [rex]) for p in ("1", "11")}
    )
    clients = [client("1"), client("2")]
    load(oak, "elm", 1, clients, [pet("1", "1"), pet("11", "2")], matcher=told)
    done = load(oak, "elm", 2, clients[1:], [pet("1", "2"), pet("11", "2")], matcher=told)
    assert done.counts["links_to_review"] == 2
    with oak.connect() as connection:
        found = list_link_reviews(connection, "elm")
    assert {(q.pims_id, q.reasons) for q in found} == {
        ("1", ("two_of_one_owner",)),
        ("11", ("two_of_one_owner",)),
    }


def test_a_link_kept_before_there_were_two_is_put_up_again(oak: Engine) -> None:
    clients = [client("1"), client("2", first_name="Zoe")]
    told = ToldMatcher({}, {"11": ("linked", [1])})
    again(oak, 2, name="Luna")
    keep_link(oak, "oak", questions(oak)[0].review_id, by="Pat Doe")
    load(oak, "oak", 3, clients, [pet("11", "1")], matcher=told)
    load(oak, "oak", 4, clients, [pet("1", "1", name="Luna"), pet("11", "1")], matcher=told)
    assert ("pet", "1", ("names_differ", "two_of_one_owner")) in reasons(oak)


@pytest.mark.parametrize(
    ("kept", "left"),
    # Each keep answers whose its own row is, and nothing of the other's.
    [("client", {"pet": ["1"]}), ("pet", {"client": ["1"]})],
)
def test_keeping_a_clients_link_says_nothing_of_whose_its_pets_row_of_its_number_is_by_now(
    oak: Engine, kept: str, left: dict[str, list[str]]
) -> None:
    roberto = client("1", first_name="Roberto", email="r@example.com")
    luna = pet("1", "1", name="Luna", species="cat", breed="Siamese", weight="4")
    load(oak, "oak", 2, [roberto, client("2", first_name="Zoe")], [luna])
    [asked] = [one for one in questions(oak) if one.record == kept]
    keep_link(oak, "oak", asked.review_id, by="Pat Doe")
    with oak.connect() as connection:
        others = {record: others_by_now(connection, "oak", record) for record in RECORDS}
    assert {record: ids for record, ids in others.items() if ids} == left


def test_keeping_one_of_two_links_to_a_record_says_nothing_of_the_other(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    both = ToldMatcher({"1": ("linked", [1]), "2": ("linked", [1])})
    for seq, first, second in ((1, "Ann", "Ann"), (2, "Roberto", "Ann"), (3, "Roberto", "Roberto")):
        clients = [client("1", first_name=first), client("2", first_name=second)]
        load(engine, "oak", seq, clients, matcher=both)
        for asked in questions(engine)[: seq == 2]:
            keep_link(engine, "oak", asked.review_id, by="Pat Doe")
    assert reasons(engine) == [("client", "2", ("first_names_differ",))]
