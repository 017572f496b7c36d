"""A refresh finds the rows that it changes by their keys, row level security or not."""

from __future__ import annotations

import time

from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, delta_of, load, pet
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.load.apply import apply_delta

CLIENTS = 1_500  # each with a pet
LINKED = 100  # the first ones, to clients of the web shop with theirs
MATCHER = ToldMatcher(
    {str(n): ("linked", [n]) for n in range(1, LINKED + 1)},
    {str(n): ("linked", [n]) for n in range(1, LINKED + 1)},
)


def test_what_a_refresh_reads_doesnt_grow_with_rows_times_changes(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        for n in range(1, LINKED + 1):
            home = web_shop.add_client(connection, "oak", {"first_name": f"A{n}"})
            web_shop.add_pet(connection, "oak", home, {"name": f"R{n}", "species": "dog"})
    clients = [client(str(n), first_name=f"A{n}") for n in range(1, CLIENTS + 1)]
    pets = [pet(str(n), str(n), name=f"R{n}") for n in range(1, CLIENTS + 1)]
    done = load(engine, "oak", 1, clients, pets, matcher=MATCHER)
    assert done.counts["pets_linked"] == LINKED

    before = _tuples_read(engine)
    # Every linked pet becomes another, its owner moves and has a new pet; so do, unlinked, 100 more.
    changing = range(1, 2 * LINKED + 1)
    for n in changing:
        clients[n - 1] |= {"address_line1": "1 Oak St", "email": f"a{n}@example.com"}
        pets[n - 1] |= {"species": "cat", "weight": "5"}
    pets += [pet(str(n + CLIENTS), str(n), name="Luna") for n in changing]
    gone = CLIENTS - LINKED
    delta = delta_of(engine, "oak", 2, clients[:gone], pets[:gone] + pets[CLIENTS:])
    compared = _tuples_read(engine)
    done = apply_delta(engine, delta, run_id=None, match=MATCHER)
    applied = _tuples_read(engine)

    assert done.counts["links_to_review"] == LINKED
    assert done.counts["pets_new"] == 2 * LINKED
    assert done.counts["missing"] == 2 * LINKED
    assert done.counts["suggestions_opened"] > 0
    for table, read in applied.items():
        # A statement may read a table once; for every change again would be 100 times and more.
        assert compared[table] - before[table] <= 4 * CLIENTS, table
        assert read - compared[table] <= 15 * CLIENTS, table


def _tuples_read(engine: Engine) -> dict[str, int]:
    """By table: rows that scans, of the table or of an index, have handed over so far."""
    engine.dispose()  # a backend tells what it has counted when it ends, at the latest
    with engine.connect() as connection:
        while connection.execute(_OTHERS).scalar_one():
            connection.rollback()  # a transaction sees one snapshot of the backends
            time.sleep(0.01)
        return dict(connection.execute(_READ).all())


_OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
""")
_READ = text("""
    SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables
    WHERE schemaname = 'scriptright' AND relname IN ('client', 'pet', 'pims_client', 'pims_pet')
""")
