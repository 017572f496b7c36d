"""Rex of Ann Lee with his prescriptions, and what the PIMS says of him next."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.scriptright.builders import add_practice, client, load, pet
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.review import Suggestion, list_suggestions

PRESCRIPTIONS = (
    "SELECT prescription_id, client_id, pet_id, label_name, state, new_name "
    "FROM scriptright.prescription ORDER BY prescription_id"
)


def prescribed(engine: Engine) -> str:
    """Ann Lee's Rex with two active prescriptions and an ended one."""
    add_practice(engine)
    load(
        engine, "oak", 1, [client("1"), client("2", first_name="Bo", email=None)], [pet("p1", "1")]
    )
    with engine.begin() as connection:
        for drug in ("carprofen", "gabapentin", "prednisone"):
            web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug=drug)
        connection.exec_driver_sql(
            "UPDATE scriptright.prescription SET state = 'ended' WHERE prescription_id = 3"
        )
    return "oak"


def home_dog(engine: Engine, *labels: str, **dog: str) -> str:
    """Ann Lee's dog in the web shop alone, with an active prescription for each label."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee"})
        web_shop.add_pet(connection, "oak", 1, {"species": "dog", **dog})
        for label in labels:
            web_shop.add_prescription(connection, "oak", 1, label_name=label, drug="tramadol")
    return "oak"


def renamed(engine: Engine, name: str, seq: int = 2) -> Suggestion:
    """The suggestion that Rex has another name in the PIMS."""
    load(
        engine,
        "oak",
        seq,
        [client("1"), client("2", first_name="Bo", email=None)],
        [pet("p1", "1", name=name)],
    )
    return the_suggestion(engine)


def the_suggestion(engine: Engine) -> Suggestion:
    with engine.connect() as connection:
        [only] = list_suggestions(connection, "oak")
    return only
