"""When something happened: the order of times is the order in which transactions held the practice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text

from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.prescribed import PRESCRIPTIONS, the_suggestion
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import StaleDecision
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import undo_link
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions
from vet_pipeline.scriptright.postgres.database import lock_practice
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.roles import enter
from vet_pipeline.scriptright.trail.history import history_of

OWN = {"email": "mine@web.example", "address_line1": "9 Own St", "city": "Peoria"}
DEFAULTS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'scriptright' AND column_default = :default ORDER BY 1
"""


@contextmanager
def begun_before(engine: Engine) -> Iterator[Connection]:
    """A transaction of the web shop that begins now and is committed at the end."""
    with engine.begin() as shop:
        enter(shop, "shop", "oak")
        shop.execute(text("SELECT count(*) FROM scriptright.client")).scalar_one()
        yield shop


def home(engine: Engine, **of_pet: str) -> tuple[int, int]:
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        return ann, web_shop.add_pet(connection, "oak", ann, {"species": "dog", **of_pet})


def test_a_save_begun_before_a_load_and_made_after_it_outlives_the_undone_link(
    engine: Engine,
) -> None:
    ann, _ = home(engine)
    with begun_before(engine) as shop:
        load(engine, "oak", 1, [client("1")], matcher=ToldMatcher({"1": ("linked", [ann])}))
        web_shop.edit_client(shop, "oak", ann, OWN, actor="client 1")
    with engine.connect() as connection:
        told = [e.kind for e in history_of(connection, "oak", "client", ann).events]
        by = [
            e.by for e in history_of(connection, "oak", "client", ann).events if e.field == "email"
        ]
    assert told[:2] == ["created", "linked"]
    assert by == [None, "client 1"]  # filled, then saved
    undo_link(engine, "oak", "client", "1", by="Kim Roe")
    assert rows(
        engine, "SELECT email, address_line1 FROM scriptright.client ORDER BY client_id"
    ) == [("mine@web.example", "9 Own St"), ("ann@example.com", "12 Elm St")]


def test_a_prescription_begun_before_a_link_and_written_after_it_is_marked_when_it_is_undone(
    engine: Engine,
) -> None:
    ann, rex = home(engine, name="Bo")
    told = ToldMatcher({"a": ("linked", [ann])}, {"q": ("linked", [rex])})
    with begun_before(engine) as shop:
        load(engine, "oak", 1, [client("a")], [pet("q", "a")], matcher=told)
        with engine.connect() as connection:
            [asked] = list_suggestions(connection, "oak", record="pet", field="name")
        confirm(engine, "oak", asked.suggestion_id, by="Pat Doe", same_animal=True)
        web_shop.add_prescription(shop, "oak", rex, label_name="Rex", drug="carprofen")
    undo_link(engine, "oak", "pet", "q", by="Kim Roe")
    assert rows(engine, PRESCRIPTIONS) == [(1, ann, rex, "Rex", "needs_new_prescription", "Bo")]


def test_a_rename_isnt_confirmed_by_number_when_the_animal_was_changed_meanwhile(
    engine: Engine,
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("a")], [pet("q", "a")])
    with begun_before(engine) as shop:
        load(engine, "oak", 2, [client("a")], [pet("q", "a", name="Max")])
        web_shop.edit_pet(shop, "oak", 1, {"species": "cat", "breed": "Siamese"}, actor="client 1")
    seen = the_suggestion(engine)
    assert seen.means_another
    with pytest.raises(StaleDecision, match="its animal isn't what it was"):
        confirm(engine, "oak", seen.suggestion_id, by="Pat Doe", same_animal=True)


def test_all_that_a_transaction_does_to_a_practice_has_one_time(engine: Engine) -> None:
    for practice in ("oak", "elm"):
        add_practice(engine, practice)
    with engine.begin() as connection:
        begun = connection.execute(text("SELECT now()")).scalar_one()
        held = lock_practice(connection, "oak")
        ann = web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        web_shop.edit_client(connection, "oak", ann, {"last_name": "Moss"}, actor="client 1")
        other = lock_practice(connection, "elm")
    assert begun < held < other
    assert one(engine, "SELECT created_at FROM scriptright.client") == held
    assert one(engine, "SELECT changed_at FROM scriptright.record_change") == held
    with engine.begin() as connection:
        assert lock_practice(connection, "oak") > other


def test_the_columns_that_say_when_go_by_it_from_this_version_on(
    empty_engine: Engine, empty_database_url: str
) -> None:
    migrate(empty_database_url, "0011")
    add_practice(empty_engine)
    with empty_engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee"})
    written = "SELECT created_at FROM scriptright.client"
    before = one(empty_engine, written)
    assert rows(empty_engine, DEFAULTS, default="scriptright.moment()") == []
    by_now = rows(empty_engine, DEFAULTS, default="now()")
    migrate(empty_database_url)
    by_moment = rows(empty_engine, DEFAULTS, default="scriptright.moment()")
    assert set(by_moment) <= set(by_now)
    assert by_moment == [
        ("client", "created_at"),
        ("link_review", "opened_at"),
        ("load", "recorded_at"),
        ("match_decision", "decided_at"),
        ("pet", "created_at"),
        ("prescription", "created_at"),
        ("record_change", "changed_at"),
        ("rename_attestation", "attested_at"),
        ("suggestion", "opened_at"),
    ]
    assert one(empty_engine, written) == before
