"""Which pets of a new owner may be the very pet that the PIMS gives them."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, one, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import confirm
from vet_pipeline.scriptright.decisions.whose import namesakes_there

ANN, BOB, ZED = client("1"), client("2", first_name="Bob"), client("3", first_name="Zed")
REX_OF_BOB, REX_OF_ANN, GONE = pet("3", "2"), pet("11", "1"), pet("12", "1")


def namesakes(engine: Engine) -> dict[int, tuple[int, ...]]:
    number = one(engine, "SELECT suggestion_id FROM scriptright.suggestion WHERE field = 'owner'")
    with engine.connect() as connection:
        return namesakes_there(connection, "oak", [number])


def test_they_are_the_new_owner_s_own_that_no_pims_pet_feeds_by_either_name(
    engine: Engine,
) -> None:
    """Not Zed's Rex, nor the Rex of Ann whom the PIMS has beside; Zed's number is the pet's."""
    add_practice(engine)
    with engine.begin() as connection:
        for name in ("Ann", "Zed"):
            web_shop.add_client(connection, "oak", {"first_name": name, "last_name": "Lee"})
        for owner, name in ((1, "rex "), (1, "Tom"), (1, "Rexo"), (2, "Rex")):
            web_shop.add_pet(connection, "oak", owner, {"name": name, "species": "dog"})
    told = ToldMatcher({"1": ("linked", [1]), "3": ("linked", [2])})
    clients = [ANN, BOB, ZED]
    load(engine, "oak", 1, clients, [REX_OF_BOB, REX_OF_ANN, GONE], matcher=told)
    made = one(engine, "SELECT record_id FROM scriptright.pet_link WHERE pims_id = '12'")
    moved = REX_OF_BOB | {"client_key": "1", "name": "Rexo"}
    load(engine, "oak", 2, clients, [moved, REX_OF_ANN], matcher=told)
    number = one(engine, "SELECT suggestion_id FROM scriptright.suggestion WHERE field = 'owner'")
    assert namesakes(engine) == {number: (1, 3, made)}
    confirm(engine, "oak", number, by="Pat Doe")
    assert namesakes(engine) == {}
