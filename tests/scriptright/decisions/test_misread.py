"""What a load has copied is no misreading because a person has said another word on it."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import phones
from tests.scriptright.two_worlds import FULL_HOME, FULL_PET, Worlds
from vet_pipeline.scriptright.decisions.misread import find_misread
from vet_pipeline.scriptright.postgres.roles import connected


def test_what_was_said_no_to_before_a_link_was_undone_is_not_told(engine: Engine) -> None:
    worlds = Worlds(engine, FULL_HOME, FULL_PET)
    worlds.begin()
    worlds.clients["1"]["phones"] = phones("(217) 555-0188")
    worlds.refresh()
    worlds.decide("client", "1", "phones", yes=False)
    worlds.undo()
    for world in ("merged", "apart"):
        with connected(engine, "read", world) as connection:
            assert find_misread(connection, world) == []
