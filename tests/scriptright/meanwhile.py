"""An act beside a transaction of the web shop that is still open."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine, text

from tests.scriptright.builders import one
from vet_pipeline.scriptright.postgres.roles import transaction

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def beside(engine: Engine, statement: str, act: Callable[[], Any]) -> Any:
    """What the act comes to; the shop commits once the act waits for it, or is done."""
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine, "shop", "oak") as shop:
            shop.execute(text(statement))
            done = pool.submit(act)
            while not done.done() and not one(engine, WAITING):
                time.sleep(0.002)
        return done.result()
