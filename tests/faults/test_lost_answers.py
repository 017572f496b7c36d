"""The answer to a commit is lost: whoever is told of that isn't told that nothing was changed."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.faults.driver import Plan, faulty_engine
from tests.scriptright.builders import add_practice, one
from vet_pipeline.errors import DatabaseUnavailable
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.postgres.roles import transaction

_STATE = "SELECT state FROM scriptright.practice"


def test_an_act_whose_commit_was_not_answered_may_have_been_done(
    engine: Engine, program_url: str
) -> None:
    add_practice(engine)
    plan = Plan()
    faulty = faulty_engine(program_url, plan)
    at, told = 0, ""
    while one(engine, _STATE) == "active":
        at += 1
        assert at < 100
        plan.arm(at, "done_but_lost")
        try:
            with transaction(faulty, "ops", "oak") as connection:
                practices.pause(connection, "oak", by="Dana Field", reason="asked to stop")
        except DatabaseUnavailable as error:
            told = str(error)
        faulty.dispose()
    assert "then try again: all of it was done, or nothing" in told
    assert "nothing was changed" not in told
