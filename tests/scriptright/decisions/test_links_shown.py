"""Links as staff see them: listed with their reasons, and one pair explained field by field."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.scriptright.asked import ask, candidates, confirmed, open_practice, rejected
from tests.scriptright.builders import client, load, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import UnknownItem
from vet_pipeline.scriptright.decisions.links import explain, list_links


@pytest.fixture
def practice(engine: Engine) -> str:
    return open_practice(engine)


def test_links_are_listed_with_their_reasons(engine: Engine, practice: str) -> None:
    matcher = ToldMatcher({"1": ("linked", [1])}, {"p1": ("linked", [1])})
    load(engine, practice, 1, [client("1")], [pet("p1", "1"), pet("p2", "1")], matcher=matcher)
    with engine.connect() as connection:
        merged = list_links(connection, practice)
        everything = list_links(connection, practice, merged_only=False)
    assert sorted((x.record, x.pims_id, x.record_id, x.method, x.score) for x in merged) == [
        ("client", "1", 1, "machine", 10.0),
        ("pet", "p1", 1, "machine", 10.0),
    ]
    assert len(everything) == 3


def test_a_pair_is_explained_field_by_field_with_score_rival_and_words(
    engine: Engine, practice: str
) -> None:
    matcher = ask(engine, [1, 2])
    rejected(engine, candidates(engine)[1])
    with engine.connect() as connection:
        why = explain(connection, practice, "client", "1")
    assert (why.state, why.record_id, why.score, why.model_version) == ("open", 1, 10.0, "told-1")
    assert (why.rival, why.words) == ((2, 9.0), ())
    shown = {f.field: (f.scriptright, f.pims, f.verdict, f.evidence) for f in why.fields}
    assert shown["email"] == (
        {"email": "ann@web.example"},
        {"email": "ann@example.com"},
        "suggest",
        {},
    )
    assert (shown["name"][2], shown["name"][3]) == ("same", {})

    confirmed(engine, candidates(engine)[0], matcher)
    with engine.connect() as connection:
        why = explain(connection, practice, "client", "1")
        with pytest.raises(UnknownItem):
            explain(connection, practice, "client", "8")
    assert (why.state, why.method, why.decided_by) == ("linked", "person", "Pat Doe")
    assert [(same, by) for same, by, _ in why.words] == [(True, "Pat Doe")]


def test_each_field_has_the_matchers_words_on_it(engine: Engine, practice: str) -> None:
    load(engine, practice, 1, [client("1", address_line1="5 Web St", email="ann@web.example")])
    with engine.connect() as connection:
        why = explain(connection, practice, "client", "1")
    said = {f.field: set(f.evidence) for f in why.fields}
    assert {"first_name", "surname"} <= said["name"]
    assert "email" in said["email"]
    assert "address" in said["address"]
