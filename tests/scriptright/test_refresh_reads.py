"""A refresh finds the rows that it changes by their keys, row level security or not."""

from __future__ import annotations

import time

from sqlalchemy import Engine, text

from tests.scriptright.builders import Cells, add_practice, client, delta_of, load, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import records
from vet_pipeline.scriptright.apply import apply_delta

CLIENTS, LINKED = (
    1_500,
    100,
)  # each with a pet; the first ones are linked to clients of the web shop
MATCHER = ToldMatcher(
    {str(n): ("linked", [n]) for n in range(1, LINKED + 1)},
    {str(n): ("linked", [n]) for n in range(1, LINKED + 1)},
)


def test_what_a_refresh_reads_doesnt_grow_with_rows_times_changes(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        for n in range(1, LINKED + 1):
            home = records.add_client(connection, "oak", {"first_name": f"A{n}"})
            records.add_pet(connection, "oak", home, {"name": f"R{n}", "species": "dog"})
    done = load(engine, "oak", 1, *_practice(species="dog"), matcher=MATCHER)
    assert done.counts["pets_linked"] == LINKED

    before = _tuples_read(engine)
    delta = delta_of(engine, "oak", 2, *_practice(species="cat"))
    compared = _tuples_read(engine)
    done = apply_delta(engine, delta, run_id=None, match=MATCHER)
    applied = _tuples_read(engine)

    assert done.counts["links_to_review"] == LINKED  # every linked pet has become another
    for table, read in applied.items():
        # A handful of looks at each row; rows times changes would be a hundred times the table.
        assert compared[table] - before[table] <= 4 * CLIENTS, table
        assert read - compared[table] <= 4 * CLIENTS, table


def _practice(*, species: str) -> tuple[list[Cells], list[Cells]]:
    clients = [client(str(n), first_name=f"A{n}") for n in range(1, CLIENTS + 1)]
    changed = {str(n) for n in range(1, LINKED + 1)}
    pets = [pet(str(n), str(n), name=f"R{n}") for n in range(1, CLIENTS + 1)]
    return clients, [
        one | {"species": species} if one["patient_key"] in changed else one for one in pets
    ]


def _tuples_read(engine: Engine) -> dict[str, int]:
    """By table: rows that scans, of the table or of an index, have handed over so far."""
    engine.dispose()  # a backend tells what it has counted when it ends, at the latest
    with engine.connect() as connection:
        while connection.execute(_OTHERS).scalar_one():
            time.sleep(0.01)
        connection.rollback()
        return {table: read for table, read in connection.execute(_READ)}


_OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
""")
_READ = text("""
    SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables
    WHERE schemaname = 'scriptright' AND relname IN ('client', 'pet', 'pims_client', 'pims_pet')
""")
