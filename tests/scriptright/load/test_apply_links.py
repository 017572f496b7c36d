"""New and waiting records: linked, possible or new, and pets with their owners (section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import (
    Cells,
    add_practice,
    client,
    delta_of,
    load,
    one,
    pet,
    rows,
)
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.matching import Decision, MatchResult, Side
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import links
from vet_pipeline.scriptright.load.apply import apply_delta

LINKS = "SELECT pims_id, record_id, method FROM scriptright.client_link ORDER BY pims_id"
PET_LINKS = "SELECT pims_id, record_id, method FROM scriptright.pet_link ORDER BY pims_id"
CANDIDATES = """
    SELECT record, pims_id, record_id, state FROM scriptright.match_candidate ORDER BY candidate_id
"""
HOME: dict[str, Any] = {"first_name": "Ann", "last_name": "Lee", "email": "login@example.com"}


@pytest.fixture
def home(engine: Engine) -> Engine:
    """A Home Delivery client (1) with a dog Rex (1)."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", HOME)
        web_shop.add_pet(connection, "oak", 1, {"name": "Rex", "species": "dog"})
    return engine


class Recording(ToldMatcher):
    """Also keeps what it was asked."""

    asked: list[tuple[Side, Side, Sequence[Decision]]]

    def __call__(
        self, home: Side, pims: Side, *, decisions: Sequence[Decision] = ()
    ) -> MatchResult:
        self.asked = [*getattr(self, "asked", []), (home, pims, decisions)]
        return super().__call__(home, pims, decisions=decisions)


def never(home: Side, pims: Side, *, decisions: Sequence[Decision]) -> MatchResult:
    raise AssertionError("the matcher was asked")


LINKED = ToldMatcher(clients={"1": ("linked", [1])}, pets={"10": ("linked", [1])})
POSSIBLE = ToldMatcher(clients={"1": ("possible", [1])})
PETS = [pet("10", "1"), pet("11", "1", name="Zoe")]


def test_without_home_clients_the_matcher_is_not_asked(engine: Engine) -> None:
    add_practice(engine)
    done = load(engine, "oak", 1, [client("1")], PETS, matcher=never)
    assert (done.counts["clients_new"], done.counts["pets_new"]) == (1, 2)


def test_without_new_records_the_matcher_is_not_asked(home: Engine) -> None:
    load(home, "oak", 1, [client("1")], PETS, matcher=LINKED)
    load(home, "oak", 2, [client("1", email="n@example.com")], PETS, matcher=never)


def test_a_linked_client_keeps_its_values_and_blanks_are_filled(home: Engine) -> None:
    done = load(home, "oak", 1, [client("1", first_name="Anna")], PETS, matcher=LINKED)
    assert {k: v for k, v in done.counts.items() if v and "read" not in k} == {
        "clients_linked": 1,
        "pets_linked": 1,
        "pets_new": 1,
        "merge_fills": 5,
        "suggestions_opened": 2,
        "email_requested": 1,
    }
    assert rows(home, LINKS) == [("1", 1, "machine")]
    # The number that was meant for a pet which turned out to be known stays unused.
    assert rows(home, PET_LINKS) == [("10", 1, "machine"), ("11", 3, "created")]
    assert rows(
        home, "SELECT first_name, email, address_line1, version, origin FROM scriptright.client"
    ) == [("Ann", "login@example.com", "12 Elm St", 2, "home_delivery")]
    assert rows(
        home,
        "SELECT record, field, reason FROM scriptright.suggestion ORDER BY record, field",
    ) == [
        ("client", "email", "differs_at_merge"),
        ("client", "name", "differs_at_merge"),
    ]
    assert rows(
        home,
        "SELECT record, field, cause, via_pims_id FROM scriptright.record_change"
        " ORDER BY record, field",
    ) == [
        ("client", "address", "merge_fill", "1"),
        ("client", "phones", "merge_fill", "1"),
        ("pet", "age", "merge_fill", "10"),
        ("pet", "breed", "merge_fill", "10"),
        ("pet", "weight", "merge_fill", "10"),
    ]


def test_a_link_keeps_what_the_record_would_be_alone(home: Engine) -> None:
    load(home, "oak", 1, [client("1")], PETS, matcher=LINKED)
    load(home, "oak", 2, [client("1", email="n@example.com", first_name="Anna")], PETS)
    alone = one(home, "SELECT standalone FROM scriptright.client_link")
    assert alone["values"]["email"] == "n@example.com", "automatic: would have been applied"
    assert alone["values"]["first_name"] == "Ann", "manual: would have been suggested"
    assert list(alone["suggestions"]) == ["name"]
    assert one(home, "SELECT email FROM scriptright.client") == "n@example.com"


def test_after_the_merge_later_emails_are_automatic(home: Engine) -> None:
    load(home, "oak", 1, [client("1")], PETS, matcher=LINKED)
    load(home, "oak", 2, [client("1", email="n@example.com")], PETS)
    assert one(home, "SELECT email FROM scriptright.client") == "n@example.com"
    assert rows(
        home,
        "SELECT state FROM scriptright.suggestion WHERE field = 'email'",
    ) == [("superseded",)]


def test_two_pims_clients_may_feed_one_client(home: Engine) -> None:
    both = ToldMatcher(clients={"1": ("linked", [1]), "2": ("linked", [1])})
    clients = [client("1", phones=None), client("2")]
    load(home, "oak", 1, clients, matcher=both)
    assert rows(home, LINKS) == [("1", 1, "machine"), ("2", 1, "machine")]
    filled = "SELECT field, via_pims_id FROM scriptright.record_change ORDER BY change_id"
    assert rows(home, filled) == [("address", "1"), ("phones", "2")]


def test_one_pims_client_never_feeds_two(home: Engine) -> None:
    with home.begin() as connection:
        web_shop.add_client(connection, "oak", HOME)

    def twice(home: Side, pims: Side, *, decisions: Sequence[Decision]) -> MatchResult:
        line = {"pims_id": "1", "decision": "linked", "score": 1.0, "reason": "", "evidence": "{}"}
        lines = pd.DataFrame([{**line, "home_id": "1"}, {**line, "home_id": "2"}])
        return MatchResult(lines, lines.iloc[:0], "twice")

    with pytest.raises(DatabaseRefused, match="would feed two records"):
        load(home, "oak", 1, [client("1")], matcher=twice)
    assert rows(home, LINKS) == []


def test_a_possible_match_waits_for_a_person_and_its_pets_wait_too(home: Engine) -> None:
    done = load(home, "oak", 1, [client("1")], PETS, matcher=POSSIBLE)
    counts = {k: v for k, v in done.counts.items() if v and "read" not in k}
    assert counts == {"clients_possible": 1, "pets_waiting": 2, "email_requested": 1}
    assert rows(home, LINKS) == rows(home, PET_LINKS) == []
    assert rows(home, CANDIDATES) == [("client", "1", 1, "open")]
    assert one(home, "SELECT count(*) FROM scriptright.pims_pet") == 2
    assert one(home, "SELECT count(*) FROM scriptright.pet") == 1


def test_a_waiting_record_is_judged_again_in_every_load(home: Engine) -> None:
    load(home, "oak", 1, [client("1")], PETS, matcher=POSSIBLE)
    load(home, "oak", 2, [client("1")], PETS, matcher=POSSIBLE)
    assert rows(home, CANDIDATES) == [("client", "1", 1, "open")]
    done = load(home, "oak", 3, [client("1")], PETS, matcher=LINKED)
    assert (done.counts["clients_linked"], done.counts["pets_linked"]) == (1, 1)
    assert done.counts["pets_new"] == 1
    assert rows(home, CANDIDATES) == [("client", "1", 1, "superseded")]


def test_who_has_changed_and_is_no_possible_match_any_more_becomes_a_new_client(
    home: Engine,
) -> None:
    load(home, "oak", 1, [client("1")], PETS, matcher=POSSIBLE)
    moved = [client("1", address_line1="9 Oak Ave")]
    done = load(home, "oak", 2, moved, PETS, matcher=ToldMatcher())
    assert (done.counts["clients_new"], done.counts["pets_new"]) == (1, 2)
    assert rows(home, CANDIDATES) == [("client", "1", 1, "superseded")]


def test_a_possible_pet_waits_inside_its_linked_owner(home: Engine) -> None:
    matcher = ToldMatcher(clients={"1": ("linked", [1])}, pets={"10": ("possible", [1])})
    done = load(home, "oak", 1, [client("1")], PETS, matcher=matcher)
    assert (done.counts["pets_possible"], done.counts["pets_new"]) == (1, 1)
    assert done.counts["pets_waiting"] == 0
    assert rows(home, CANDIDATES) == [("pet", "10", 1, "open")]


def test_a_later_pet_of_a_linked_client_is_compared_with_the_clients_own(home: Engine) -> None:
    load(home, "oak", 1, [client("1")], matcher=ToldMatcher(clients={"1": ("linked", [1])}))
    matcher = Recording(pets={"10": ("linked", [1])})
    done = load(home, "oak", 2, [client("1")], [pet("10", "1")], matcher=matcher)
    assert done.counts["pets_linked"] == 1
    [(side, pims, decisions)] = matcher.asked
    assert list(side.pets["pet_id"]) == ["1"]
    assert pims.clients.empty
    assert Decision("client", "1", "1", same=True) in decisions


def test_a_pet_that_feeds_a_record_keeps_its_siblings_off_it(home: Engine) -> None:
    load(home, "oak", 1, [client("1")], [pet("10", "1")], matcher=LINKED)
    done = load(home, "oak", 2, [client("1")], PETS, matcher=never)
    assert done.counts["pets_new"] == 1


def test_a_renumbered_pet_may_be_the_missing_one(home: Engine) -> None:
    load(home, "oak", 1, [client("1")], [pet("10", "1")], matcher=LINKED)
    renumbered = Recording(pets={"77": ("linked", [1])})
    done = load(home, "oak", 2, [client("1")], [pet("77", "1")], matcher=renumbered)
    assert done.counts["pets_linked"] == 1
    assert rows(home, PET_LINKS) == [("10", 1, "machine"), ("77", 1, "machine")]


def test_renumbered_clients_are_candidates_when_all_their_records_are_missing(
    engine: Engine,
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1"), client("2", first_name="Bob")], PETS)
    matcher = Recording(clients={"91": ("linked", [1])}, pets={"70": ("linked", [1])})
    clients = [client("91"), client("2", first_name="Bob")]
    done = load(engine, "oak", 2, clients, [pet("70", "91")], matcher=matcher)
    [(side, _, _)] = matcher.asked
    assert list(side.clients["client_id"]) == ["1"]
    assert (done.counts["clients_linked"], done.counts["pets_linked"]) == (1, 1)
    assert one(engine, "SELECT count(*) FROM scriptright.client") == 2


def test_a_pet_of_an_unreadable_owner_is_quarantined_not_lost(engine: Engine) -> None:
    add_practice(engine)
    nameless = client("1", first_name=None, last_name=None)
    done = load(engine, "oak", 1, [nameless, client("2")], [pet("10", "1"), pet("20", "2")])
    assert (done.counts["pets_quarantined"], done.counts["pets_new"]) == (1, 1)
    later = load(engine, "oak", 2, [client("1"), client("2")], [pet("10", "1"), pet("20", "2")])
    assert (later.counts["clients_new"], later.counts["pets_new"]) == (1, 1)


def test_practices_never_meet(engine: Engine) -> None:
    for practice_id in ("oak", "elm"):
        add_practice(engine, practice_id)
    with engine.begin() as connection:
        web_shop.add_client(connection, "elm", HOME)
    rows_of: list[Cells] = [client("1", email="login@example.com")]
    done = load(engine, "oak", 1, rows_of, matcher=never)
    assert done.counts["clients_new"] == 1


def test_a_decision_made_after_the_delta_was_computed_is_neither_undone_nor_doubled(
    home: Engine,
) -> None:
    load(home, "oak", 1, [client("1")], PETS, matcher=POSSIBLE)
    late = delta_of(home, "oak", 2, [client("1", email="n@example.com")], PETS)
    links.confirm_candidate(home, "oak", 1, by="Test Person", match=ToldMatcher())
    apply_delta(home, late, run_id=None, match=POSSIBLE)
    assert rows(home, LINKS) == [("1", 1, "person")]
    assert one(home, "SELECT count(*) FROM scriptright.client") == 1
    load(home, "oak", 3, [client("1", email="n@example.com")], PETS, matcher=ToldMatcher())
    assert one(home, "SELECT email FROM scriptright.client") == "n@example.com", "not lost"


def test_a_first_load_beside_few_home_clients_reads_no_table_once_a_row(home: Engine) -> None:
    newcomers = [client(str(n)) for n in range(1, 101)]
    with home.begin() as connection:
        connection.execute(text("ANALYZE scriptright.client, scriptright.pet"))
    before = _whole_reads(home)
    load(home, "oak", 1, newcomers, [pet(f"p{n}", str(n)) for n in range(1, 101)], matcher=LINKED)
    for table, reads in _whole_reads(home, copied=100).items():
        assert reads - before[table] < 20, table


def _whole_reads(engine: Engine, copied: int = 0) -> dict[str, int]:
    engine.dispose()  # a session hands in its numbers when it ends, which may be a little later
    handed_in = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'pims_client'"
    while one(engine, handed_in) < copied:
        engine.dispose()
    return dict(
        rows(
            engine,
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'scriptright'",
        )
    )
