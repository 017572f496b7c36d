"""Pets of whoever has come to stand in a PIMS client's row: they aren't the one's as long as that is asked."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, edit, load, pet, rows
from tests.scriptright.handed import BOB, DEAD, decide, oak
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DecisionRefused
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import list_candidates, reject_candidate
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.decisions.unmerge import undo_link

__all__ = ["oak"]

PETS = "SELECT name, client_id FROM scriptright.pet ORDER BY pet_id"
LUNA = pet("20", "1", name="Luna", birth_date="2025-06-01")
CY = {"first_name": "Cy", "last_name": "Rao", "address_line1": "3 Fir Ct"}


ANN_IS_1 = ToldMatcher({"1": ("linked", [1])})


def bob_typed_over_a_linked_ann(engine: Engine) -> None:
    """PIMS client 1 was the web shop's Ann (1), with Rex; Bob was typed over her, with Luna."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    load(engine, "oak", 1, [client("1")], [DEAD], matcher=ANN_IS_1)
    load(engine, "oak", 2, [client("1", **BOB)], [DEAD, LUNA], matcher=ANN_IS_1)


def test_a_newcomers_pet_is_nobodys_until_a_person_has_said_who_the_newcomer_is(
    oak: Engine,
) -> None:
    bob = client("1", **BOB)
    done = load(oak, "oak", 2, [bob], [DEAD, LUNA])
    assert (done.counts["pets_new"], done.counts["pets_waiting"]) == (0, 1)
    done = load(oak, "oak", 3, [bob], [DEAD, LUNA, pet("21", "1", name="Nova")])
    assert (done.counts["pets_new"], done.counts["pets_waiting"]) == (0, 2)
    decide(oak, yes=False)
    load(oak, "oak", 4, [bob], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1)]


def test_a_new_client_of_the_number_of_a_pet_that_waits_so_is_asked_about(oak: Engine) -> None:
    with oak.begin() as connection:
        zoe = web_shop.add_client(connection, "oak", {"first_name": "Zoe", "last_name": "Kern"})
    told = ToldMatcher({"20": ("possible", [zoe])})
    clients = [client("1", **BOB), client("20", first_name="Zoe", last_name="Kern")]
    load(oak, "oak", 2, clients, [DEAD, LUNA], matcher=told)
    with oak.connect() as connection:
        asked = list_candidates(connection, "oak")
    assert [(one.record, one.pims_id, one.record_id) for one in asked] == [("client", "20", zoe)]


def test_it_is_the_ones_once_that_is_confirmed(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    decide(oak, yes=True)
    load(oak, "oak", 3, [client("1", **BOB)], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1), ("Luna", 1)]


def test_so_it_is_once_the_key_is_given_back(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    decide(oak, yes=False)
    load(oak, "oak", 3, [client("1")], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1), ("Luna", 1)]


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("still", ["number and house", "house"])
def test_nor_is_it_hers_beside_a_name_that_nobody_has_confirmed_whatever_is_in_common(
    oak: Engine, answered: bool, still: str
) -> None:
    """Whoever types Bob over Ann may leave her number or street for last: his dog came before."""
    bob = client("1", first_name="Bob", last_name="Moss")
    bob |= {"phones": BOB["phones"]} if still == "house" else {}
    load(oak, "oak", 2, [bob], [DEAD])
    if answered:  # Ann isn't Bob
        decide(oak, yes=False)
    done = load(oak, "oak", 3, [bob], [DEAD, LUNA])
    assert (done.counts["pets_new"], done.counts["pets_waiting"]) == (0, 1)
    load(oak, "oak", 4, [client("1")], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1), ("Luna", 1)]


def test_it_is_hers_where_the_web_shop_alone_calls_her_otherwise(oak: Engine) -> None:
    edit(oak, "client", first_name="Maria", last_name="Gonzalez")
    load(oak, "oak", 2, [client("1", first_name="Ann M")], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1), ("Luna", 1)]


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("name", [None, "Unknown", "DO NOT USE"])
def test_a_pet_in_a_row_that_was_emptied_waits_until_the_row_says_who_it_is(
    oak: Engine, asked: bool, name: str | None
) -> None:
    """For Bob, or once more after him: it was another who was to be typed in."""
    emptied = dict.fromkeys(client("")) | {"client_key": "1", "last_name": name}
    if asked:
        load(oak, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    load(oak, "oak", 3, [emptied], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1)]
    load(oak, "oak", 4, [client("1", **BOB)], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1)]
    load(oak, "oak", 5, [client("1")], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1), ("Luna", 1)]


def test_one_in_a_row_whose_name_was_blank_once_comes_in_whatever_was_said_no_to(
    oak: Engine,
) -> None:
    load(oak, "oak", 2, [client("1", first_name=None, last_name=None)], [DEAD])
    load(oak, "oak", 3, [client("1", first_name="Bob")], [DEAD])
    decide(oak, yes=False)  # he is of Ann's house
    load(oak, "oak", 4, [client("1", first_name="Bob")], [DEAD, LUNA])
    assert rows(oak, PETS) == [("Rex", 1), ("Luna", 1)]


def test_a_pet_of_a_number_of_its_own_goes_to_the_newcomer(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    load(oak, "oak", 3, [client("1"), client("2", **BOB)], [DEAD, LUNA | {"client_key": "2"}])
    assert rows(oak, PETS) == [("Rex", 1), ("Luna", 2)]


def test_who_is_no_missing_pet_is_not_the_ones_either(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", "1")])
    load(oak, "oak", 3, [client("1", **BOB)], [pet("20", "1", name="Luna")])
    with oak.connect() as connection:
        [asked] = list_candidates(connection, "oak")
    done = reject_candidate(oak, "oak", asked.candidate_id, by="Pat Doe")
    assert done.outcome == "waiting"
    assert rows(oak, PETS) == [("Rex", 1)]


def test_a_newcomers_pet_is_not_linked_to_the_ones_by_the_machine(oak: Engine) -> None:
    with oak.begin() as connection:
        said = {"name": "Luna", "species": "dog", "breed": "Labrador Retriever"}
        web_shop.add_pet(connection, "oak", 1, said | {"birth_date": "2025-06-01"})
    load(oak, "oak", 2, [client("1", **BOB)], [DEAD, LUNA])
    assert rows(oak, "SELECT pims_id FROM scriptright.pet_link") == [("10",)]
    load(oak, "oak", 3, [client("1")], [DEAD, LUNA])  # it was Ann all the same
    assert rows(oak, "SELECT pims_id, record_id FROM scriptright.pet_link ORDER BY pims_id") == [
        ("10", 1), ("20", 2),
    ]  # fmt: skip


def test_no_pet_is_moved_to_the_one_by_the_newcomers_number(oak: Engine) -> None:
    kit = pet("30", "2", name="Kit")
    load(oak, "oak", 2, [client("1"), client("2", **CY)], [DEAD, kit])
    given = kit | {"client_key": "1"}
    load(oak, "oak", 3, [client("1", **BOB), client("2", **CY)], [DEAD, given])
    with oak.connect() as connection:
        [owner] = list_suggestions(connection, "oak", field="owner")
    with pytest.raises(DecisionRefused, match="may be another"):
        confirm(oak, "oak", owner.suggestion_id, by="Pat Doe")
    decide(oak, yes=True, field="name")
    confirm(oak, "oak", owner.suggestion_id, by="Pat Doe")
    assert rows(oak, PETS) == [("Rex", 1), ("Kit", 1)]


def test_a_move_to_a_key_that_is_handed_on_meanwhile_is_confirmed_once_it_is_given_back(
    oak: Engine,
) -> None:
    ann, bob, rex = client("1"), client("2", **BOB), pet("10", "2", deceased_flag="1")
    load(oak, "oak", 2, [ann, bob], [DEAD])
    load(oak, "oak", 3, [ann, bob], [rex])
    load(oak, "oak", 4, [ann, client("2", **CY)], [rex])
    with oak.connect() as connection:
        [asked] = list_suggestions(connection, "oak", field="owner")
    with pytest.raises(DecisionRefused, match="leave this open") as refused:
        confirm(oak, "oak", asked.suggestion_id, by="Pat Doe", shown=asked.shown)
    assert "may be another than client 2" in str(refused.value)
    load(oak, "oak", 5, [ann, bob], [rex])
    confirm(oak, "oak", asked.suggestion_id, by="Pat Doe", shown=asked.shown)
    assert rows(oak, PETS) == [("Rex", 2)]


def test_a_pet_whose_owner_went_blank_is_nobody_elses(oak: Engine) -> None:
    load(oak, "oak", 2, [client("1")], [pet("10", None, deceased_flag="0")])
    assert rows(oak, "SELECT name, deceased FROM scriptright.pet") == [("Rex", False)]
    assert rows(oak, "SELECT field FROM scriptright.suggestion") == []


def test_undoing_the_links_of_a_row_in_question_makes_no_pet_of_its_newcomers_either(
    engine: Engine,
) -> None:
    bob_typed_over_a_linked_ann(engine)
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    load(engine, "oak", 3, [client("1", **BOB)], [DEAD, LUNA], matcher=ANN_IS_1)
    assert [name for name, _ in rows(engine, PETS)] == ["Rex"]
    decide(engine, yes=True, field="name")
    load(engine, "oak", 4, [client("1", **BOB)], [DEAD, LUNA], matcher=ANN_IS_1)
    assert [name for name, _ in rows(engine, PETS)] == ["Rex", "Luna"]


def test_nor_does_it_where_a_person_has_said_no_before(engine: Engine) -> None:
    """What was asked goes along with the PIMS record; a no that was said beside the link doesn't."""
    bob_typed_over_a_linked_ann(engine)
    decide(engine, yes=False)
    undo_link(engine, "oak", "client", "1", by="Pat Doe")
    both = [LUNA, pet("21", "1", name="Nova")]
    load(engine, "oak", 3, [client("1", **BOB)], [DEAD, *both], matcher=ANN_IS_1)
    assert [name for name, _ in rows(engine, PETS)] == ["Rex"]
    load(engine, "oak", 4, [client("1")], [DEAD, *both], matcher=ANN_IS_1)
    assert [name for name, _ in rows(engine, PETS)] == ["Rex", "Luna", "Nova"]
