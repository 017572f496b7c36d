"""The history of a client and of a pet: everything, in order, with causes."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet, read_time
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import UnknownItem, UnknownPractice
from vet_pipeline.policy import Record
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links_in_question import keep_link, list_link_reviews
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions, reject
from vet_pipeline.scriptright.decisions.unmerge import undo_link
from vet_pipeline.scriptright.trail.history import (
    Event,
    History,
    history_of,
)

Line = tuple[object, ...]


def lines(history: History) -> list[Line]:
    """What happened, without times and ids."""
    return [_line(event) for event in history.events]


def _line(event: Event) -> Line:
    return (event.kind, event.record, event.field, event.by, event.snapshot)


def of_client(engine: Engine, client_id: int) -> History:
    with engine.connect() as connection:
        return history_of(connection, "oak", "client", client_id)


def of_pet(engine: Engine, pet_id: int) -> History:
    with engine.connect() as connection:
        return history_of(connection, "oak", "pet", pet_id)


@pytest.fixture
def practice(engine: Engine) -> str:
    """A home-delivery client with Rexy, linked by the machine in the first load."""
    add_practice(engine)
    with engine.begin() as connection:
        home = {"last_name": "Lee", "first_name": "Ann", "email": "ann@web.example"}
        web_shop.add_client(connection, "oak", home)
        web_shop.add_pet(connection, "oak", 1, {"name": "Rexy", "species": "dog", "breed": "Pug"})
        web_shop.add_prescription(connection, "oak", 1, label_name="Rexy", drug="carprofen")
    matcher = ToldMatcher({"1": ("linked", [1])}, {"p1": ("linked", [1])})
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")], matcher=matcher)
    return "oak"


def decide(engine: Engine, record: Record, field: str, *, yes: bool) -> None:
    with engine.connect() as connection:
        [asked] = list_suggestions(connection, "oak", record=record, field=field)
    if yes:
        confirm(engine, "oak", asked.suggestion_id, by="Pat Doe", same_animal=True)
    else:
        reject(engine, "oak", asked.suggestion_id, by="Pat Doe")


def test_a_client_s_history_tells_of_the_link_the_changes_and_the_words_in_order(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1", email="new@pims.example")], [pet("p1", "1")])
    with engine.begin() as connection:
        web_shop.edit_client(connection, practice, 1, {"last_name": "Lea"}, actor="the client")
    load(
        engine,
        practice,
        3,
        [client("1", email="new@pims.example", last_name="Kim")],
        [pet("p1", "1")],
    )
    decide(engine, "client", "name", yes=False)
    load(engine, practice, 4, [client("2", first_name="Bo")], [pet("p2", "2")])
    assert [line for line in lines(of_client(engine, 1)) if line[0] != "missing"] == [
        ("created", "client", None, None, None),
        ("linked", "client", None, None, 1),
        ("changed", "client", "address", None, 1),
        ("changed", "client", "phones", None, 1),
        ("suggestion_opened", "client", "email", None, 1),
        ("changed", "client", "email", None, 2),
        ("suggestion_superseded", "client", "email", None, 2),
        ("changed", "client", "name", "the client", None),
        ("suggestion_opened", "client", "name", None, 3),
        ("suggestion_rejected", "client", "name", "Pat Doe", None),
    ]
    # read times of these snapshots are in the past: missing since the read, not the load
    [missing] = [e for e in of_client(engine, 1).events if e.kind == "missing"]
    assert (missing.at, missing.pims_id, missing.snapshot) == (read_time(4), "1", 4)


def test_a_change_tells_from_what_to_what_and_why(engine: Engine, practice: str) -> None:
    load(engine, practice, 2, [client("1", email="new@pims.example")], [pet("p1", "1")])
    [email] = [e for e in of_client(engine, 1).events if (e.kind, e.field) == ("changed", "email")]
    assert (email.old, email.new, email.pims_id, email.detail["cause"]) == (
        {"email": "ann@web.example"},
        {"email": "new@pims.example"},
        "1",
        "refresh",
    )


def test_a_suggestion_that_a_load_superseded_tells_by_which(engine: Engine, practice: str) -> None:
    for seq, name in ((2, "Anne"), (3, "Annie")):
        load(engine, practice, seq, [client("1", first_name=name)], [pet("p1", "1")])
    told = [line for line in lines(of_client(engine, 1)) if line[2] == "name"]
    assert ("suggestion_superseded", "client", "name", None, 3) in told
    assert ("suggestion_opened", "client", "name", None, 3) in told


def test_what_takes_the_place_of_an_earlier_question_is_told_when_it_did(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1")], [pet("p1", "1", name="Max")])
    with engine.begin() as connection:
        web_shop.edit_pet(connection, practice, 1, {"name": "Zorro"}, actor="the client")
    told = [
        (e.kind, e.old["name"], e.new["name"]) if e.old and e.new else e.kind
        for e in of_pet(engine, 1).events
        if e.record == "pet" and e.field in ("name", None) and e.snapshot != 1
    ]
    assert told == [
        "created",
        ("suggestion_superseded", "Rexy", "Rex"),
        ("suggestion_opened", "Rexy", "Max"),
        "link_questioned",
        ("changed", "Rexy", "Zorro"),
        ("suggestion_superseded", "Rexy", "Max"),
        ("suggestion_opened", "Zorro", "Max"),
        "link_question_superseded",
        "link_questioned",
    ]


def test_a_pet_s_history_tells_of_the_rename_the_statement_and_the_prescriptions(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1")], [pet("p1", "1", name="Max")])
    decide(engine, "pet", "name", yes=True)
    after_load = [e for e in of_pet(engine, 1).events if e.kind != "created" and not _first(e)]
    assert [_line(e) for e in after_load] == [
        ("changed", "prescription", "state", "postgres", None),  # written
        ("suggestion_opened", "pet", "name", None, 2),
        ("link_questioned", "pet", None, None, 2),
        ("suggestion_confirmed", "pet", "name", "Pat Doe", None),
        ("changed", "pet", "name", "Pat Doe", 2),
        ("changed", "prescription", "state", "Pat Doe", 2),
        ("attested", "pet", "name", "Pat Doe", 2),
        ("link_question_superseded", "pet", None, None, None),
    ]
    assert after_load[-2].detail["prescriptions"] == [1]
    assert after_load[2].detail["reason"] == "names_differ"


def test_a_link_in_question_and_the_word_that_kept_it_are_in_the_history(
    engine: Engine, practice: str
) -> None:
    load(engine, practice, 2, [client("1")], [pet("p1", "1", name="Max")])
    with engine.connect() as connection:
        [question] = list_link_reviews(connection, practice)
    keep_link(engine, practice, question.review_id, by="Pat Doe")
    told = of_pet(engine, 1)
    about_it = [(e.kind, e.by, e.pims_id, e.snapshot) for e in told.events if "link_" in e.kind]
    assert about_it == [("link_questioned", None, "p1", 2), ("link_kept", "Pat Doe", "p1", None)]


def _first(event: Event) -> bool:
    return event.snapshot == 1 or (event.kind == "suggestion_superseded" and event.by is None)


def test_an_undone_link_stays_in_both_histories(engine: Engine, practice: str) -> None:
    done = undo_link(engine, practice, "client", "1", by="Kim Roe")
    home = [(e.kind, e.by, e.pims_id) for e in of_client(engine, done.home_id).events]
    assert ("linked", None, "1") in home
    assert ("unlinked", "Kim Roe", "1") in home
    restored = [
        (e.field, e.by, e.detail["cause"])
        for e in of_client(engine, done.home_id).events
        if e.kind == "changed" and e.by
    ]
    assert restored == [("address", "Kim Roe", "unmerge"), ("phones", "Kim Roe", "unmerge")]
    own = of_client(engine, done.new_id).events
    assert [(e.kind, e.by) for e in own][:3] == [
        ("created", None), ("linked", None), ("unlinked", "Kim Roe"),
    ]  # fmt: skip
    assert len({e.at for e in own[:3]}) == 1  # nothing happened to it before it was


def test_an_unknown_record_or_practice_is_said_so(engine: Engine, practice: str) -> None:
    with pytest.raises(UnknownItem):
        of_client(engine, 99)
    with engine.connect() as connection, pytest.raises(UnknownPractice):
        history_of(connection, "elm", "pet", 1)
