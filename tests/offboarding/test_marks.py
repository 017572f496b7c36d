"""What is kept when a practice leaves lets nobody guess what was erased."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, one, pet, whole_database
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import review
from vet_pipeline.scriptright.decisions.links import list_candidates, reject_candidate
from vet_pipeline.scriptright.offboard import erase_practice
from vet_pipeline.scriptright.records.values import digest


def home_pet(engine: Engine) -> tuple[int, int]:
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        rex = web_shop.add_pet(
            connection, "oak", ann, {"name": "Rex", "birth_date": date(2020, 5, 1)}
        )
    return ann, rex


def kept(engine: Engine) -> str:
    erase_practice(engine, "oak", by="Kim Roe", key=b"k" * 32)
    return "\n".join(row for found in whole_database(engine).values() for row in found)


def test_an_erased_birth_date_is_not_found_by_trying_all_days(engine: Engine) -> None:
    """Rex of the web shop stays with his own date; the PIMS's, which was rejected, is erased."""
    ann, rex = home_pet(engine)
    told = ToldMatcher({"1": ("linked", [ann])}, {"9": ("linked", [rex])})
    load(engine, "oak", 1, [client("1")], [pet("9", "1", birth_date="2019-08-21")], matcher=told)
    with engine.connect() as connection:
        [asked] = review.list_suggestions(connection, "oak", record="pet", field="age")
    review.reject(engine, "oak", asked.suggestion_id, by="Pat Doe")
    own = dict(asked.old)
    days = [date(2010, 1, 1) + timedelta(days=n) for n in range(4_000)]
    guesses = {
        digest(asked.suggestion_id, rex, own, own | {"birth_date": day.isoformat()}, own, None): day
        for day in days
    }
    assert guesses[asked.shown] == date(2019, 8, 21)  # all else is known, or kept
    left = kept(engine)
    assert [day for mark, day in guesses.items() if mark in left] == []


def test_no_mark_of_a_pair_that_was_decided_on_is_kept(engine: Engine) -> None:
    ann, rex = home_pet(engine)
    told = ToldMatcher({"1": ("linked", [ann])}, {"9": ("possible", [rex])})
    load(engine, "oak", 1, [client("1")], [pet("9", "1", name="Tom")], matcher=told)
    with engine.connect() as connection:
        [pair] = list_candidates(connection, "oak")
    reject_candidate(engine, "oak", pair.candidate_id, by="Pat Doe")
    assert one(engine, "SELECT count(*) FROM scriptright.audit WHERE actor = 'Pat Doe'") == 1
    assert pair.shown not in kept(engine)
