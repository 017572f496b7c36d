"""Any life of a practice, step by step against the plain model: 320 sequences, 10,000 in `make soak`."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import seed as draws_from
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.faults.invariants import assert_holds
from tests.model.draws import FAMILIES
from tests.model.lives import Lives
from tests.soak import Figures, rounds

SEQUENCES = int(os.environ.get("MODEL_SEQUENCES", "0")) or rounds(320, 10_000)
PARTS = rounds(1, 8)  # for workers that share the machine
STEPS = 9


@pytest.mark.timeout(0)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_life_of_a_practice_is_as_the_plain_model_says(
    engine: Engine, seed: int, figures: Figures, part: int
) -> None:
    done: Counter[str] = Counter()
    machine = type("LivesHere", (Lives,), {"engine": engine, "done": done})
    run_state_machine_as_test(
        draws_from(seed * PARTS + part)(machine),  # else each part lives the same lives
        settings=settings(
            max_examples=-(-SEQUENCES // (FAMILIES * PARTS)),
            stateful_step_count=STEPS,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        ),
    )
    assert_holds(engine)
    figures("lives against the plain model", **done, differences=0)
