"""One text of SQL for clients and for pets."""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.statements import of_each


def test_a_statement_is_written_once_for_clients_and_for_pets() -> None:
    made = of_each(
        "SELECT {columns} FROM scriptright.{record} WHERE {record}_id = :id AND {there}",
        columns={"client": "email", "pet": "name"},
        there="version > 0",
    )
    assert {record: statement.text for record, statement in made.items()} == {
        "client": "SELECT email FROM scriptright.client WHERE client_id = :id AND version > 0",
        "pet": "SELECT name FROM scriptright.pet WHERE pet_id = :id AND version > 0",
    }
