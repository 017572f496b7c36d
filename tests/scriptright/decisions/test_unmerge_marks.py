"""Marks on a prescription that came through two links to its pet, undone one after the other."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.asked import HOME
from tests.scriptright.builders import Cells, add_practice, client, load, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import explain, join
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.decisions.unmerge import undo_link
from vet_pipeline.scriptright.postgres.roles import transaction

BO = client("3", first_name="Bo", last_name="Ray", email="bo@example.com")
TOLD = ToldMatcher(
    {"1": ("linked", [1]), "2": ("linked", [1])}, {"p1": ("linked", [1]), "p2": ("linked", [1])}
)


class Told:
    """Client 1's Rex with an active prescription, whom the PIMS has twice, under both her entries."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.cells = {"p1": pet("p1", "1"), "p2": pet("p2", "2")}
        self.seq = 0
        add_practice(engine)
        with engine.begin() as connection:
            web_shop.add_client(connection, "oak", HOME)
            web_shop.add_pet(connection, "oak", 1, {"name": "Rex", "species": "dog"})
            web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug="carprofen")
        self.load()

    def load(self) -> None:
        self.seq += 1
        clients = [client("1"), client("2"), BO]
        load(self.engine, "oak", self.seq, clients, list(self.cells.values()), matcher=TOLD)

    def confirmed(self, pims_id: str, field: str, **cells: str) -> None:
        """The PIMS changes the pet, and a person confirms that."""
        said: Cells = dict(cells)
        self.cells[pims_id] |= said
        self.load()
        with self.engine.connect() as connection:
            asked = list_suggestions(connection, "oak", field=field)
        [one] = [s for s in asked if s.pims_id == pims_id]
        confirm(self.engine, "oak", one.suggestion_id, by="Pat Doe", same_animal=True)

    def shop(self, state: str) -> None:
        with transaction(self.engine, "shop", "oak") as shop:
            shop.execute(
                text("UPDATE scriptright.prescription SET state = :s, new_name = NULL"),
                {"s": state},
            )

    def undo(self, pims_id: str) -> None:
        undo_link(self.engine, "oak", "pet", pims_id, by="Pat Doe")

    def joined(self, pims_id: str) -> None:
        """A person says that the PIMS pet is the client's Rex after all."""
        pair = ("oak", "pet", pims_id)
        with self.engine.connect() as connection:
            shown = explain(connection, *pair, record_id=1).shown
        by = {"by": "Pat Doe", "shown": shown or ""}
        join(self.engine, *pair, 1, **by, match=TOLD)

    @property
    def seen(self) -> list[tuple[object, ...]]:
        """The pet's name and owner, and its prescription's client, label, state and new name."""
        return rows(
            self.engine,
            "SELECT p.name, p.client_id, r.client_id, r.label_name, r.state, r.new_name"
            " FROM scriptright.prescription r JOIN scriptright.pet p USING (practice_id, pet_id)",
        )


@pytest.fixture
def told(engine: Engine) -> Told:
    return Told(engine)


@pytest.mark.parametrize("names", [["Max"], ["Max", "Rex"]])  # a rename, and its taking back
def test_the_mark_of_an_owner_outlives_the_rename_that_it_was_noted_beside(
    told: Told, names: list[str]
) -> None:
    for name in names:
        told.confirmed("p1", "name", name=name)
    told.confirmed("p2", "owner", client_key="3")
    [(_, bo, *marked)] = told.seen
    assert marked == [1, "Rex", "needs_new_prescription", names[-1]]
    told.undo("p1")
    assert told.seen == [("Rex", bo, 1, "Rex", "owner_changed", None)]


def test_of_two_renames_through_two_links_none_is_left_without_both(told: Told) -> None:
    told.confirmed("p1", "name", name="Max")
    told.confirmed("p2", "name", name="Mia")
    told.undo("p1")
    assert told.seen == [("Mia", 1, 1, "Rex", "needs_new_prescription", "Mia")]
    told.undo("p2")
    assert told.seen == [("Rex", 1, 1, "Rex", "active", None)]


def test_a_prescription_that_has_ended_since_is_not_active_again_by_undoing(told: Told) -> None:
    told.confirmed("p1", "name", name="Max")
    told.shop("ended")
    told.undo("p1")
    assert told.seen == [("Rex", 1, 1, "Rex", "ended", None)]


def test_a_mark_through_a_link_that_stands_again_stays_when_another_is_undone(
    told: Told,
) -> None:
    told.confirmed("p1", "name", name="Max")
    told.undo("p1")
    told.joined("p1")
    told.confirmed("p1", "name", name="Max")
    told.confirmed("p2", "name", name="Mia")
    told.undo("p2")
    assert told.seen == [("Max", 1, 1, "Rex", "needs_new_prescription", "Max")]


def test_the_label_s_own_name_after_another_s_rename_stays_marked_without_an_earlier_one(
    told: Told,
) -> None:
    told.confirmed("p1", "name", name="Max")
    told.confirmed("p2", "name", name="Mia")
    told.confirmed("p2", "name", name="Rex")
    told.undo("p1")
    assert told.seen == [("Rex", 1, 1, "Rex", "needs_new_prescription", "Rex")]


def test_what_was_said_of_a_name_that_an_undo_took_back_says_nothing_of_a_later_rename(
    told: Told,
) -> None:
    told.confirmed("p1", "name", name="Max")
    told.shop("active")
    told.undo("p1")
    with told.engine.begin() as connection:
        web_shop.edit_pet(connection, "oak", 1, {"name": "Max"}, actor="web")
    marked = [("Max", 1, 1, "Rex", "needs_new_prescription", "Max")]
    assert told.seen == marked
    told.undo("p2")
    assert told.seen == marked
