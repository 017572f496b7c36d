"""Reading an OpenVPMS-sized practice over ODBC: seconds, memory, and the ratio to bare pyodbc.

    python -m benchmarks.reader            15,000 clients, 30,000 pets, 150,000 weights
    python -m benchmarks.reader --times 10 ten times that, for the memory bar

Starts a MariaDB of its own in a temporary directory and ends it. Bars: 10 s, and 300 MB of peak
memory at ten times the size. The floor runs the same SQL once, unpaged, into tuples.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyodbc

from tests.mariadb import find_programs
from tests.pims.openvpms import LOOKUPS, schema
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.engines import ENGINES
from vet_pipeline.pims.sql import Page, render

CLIENTS, PETS, WEIGHTS = 15_000, 30_000, 150_000
DATABASE = "pims_benchmark"


def main() -> None:
    """Make the database, run floor and reader in processes of their own, print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["floor", "reader"], help=argparse.SUPPRESS)
    parser.add_argument("--odbc", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        print(
            json.dumps(
                floor(arguments.odbc) if arguments.only == "floor" else reader(arguments.odbc)
            )
        )
        return
    with tempfile.TemporaryDirectory(prefix="reader") as home, server(Path(home)) as odbc:
        fill(odbc, Path(home), arguments.times)
        runs: dict[str, list[dict[str, float]]] = {"floor": [], "reader": []}
        for _ in range(arguments.rounds):
            for which, found in runs.items():
                found.append(_in_its_own_process(which, odbc))
        best = {which: min(run["seconds"] for run in found) for which, found in runs.items()}
        print(
            json.dumps(
                {
                    "clients": CLIENTS * arguments.times,
                    "floor_seconds": round(best["floor"], 2),
                    "reader_seconds": round(best["reader"], 2),
                    "ratio": round(best["reader"] / best["floor"], 2),
                    "reader_cpu_seconds": round(min(r["cpu"] for r in runs["reader"]), 2),
                    "reader_peak_mb": round(max(r["peak_mb"] for r in runs["reader"])),
                    "floor_peak_mb": round(max(r["peak_mb"] for r in runs["floor"])),
                }
            )
        )


def _in_its_own_process(which: str, odbc: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reader", "--only", which, "--odbc", odbc]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def reader(odbc: str) -> dict[str, float]:
    """One read by the reader as it is."""
    from vet_pipeline.pims.reader import read_snapshot

    start, cpu = time.perf_counter(), time.process_time()
    snapshot = read_snapshot(load_connector("openvpms"), odbc)
    return _figures(start, cpu, len(snapshot.clients))


def floor(odbc: str) -> dict[str, float]:
    """The same SQL once, without pages, fetched into tuples and dropped."""
    connector = load_connector("openvpms")
    connection = pyodbc.connect(odbc, autocommit=True)
    start, cpu, rows = time.perf_counter(), time.process_time(), 0
    for part in ("clients", "phones", "patients"):
        section = getattr(connector.file, part)
        sql = connector.sql(part, "mariadb") or ""
        statement, parameters = render(sql, ENGINES["mariadb"], section.key, Page())
        rows += len(connection.execute(statement, *parameters).fetchall())
    return _figures(start, cpu, rows)


def _figures(start: float, cpu: float, rows: int) -> dict[str, float]:
    return {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rows": rows,
    }


class server:  # noqa: N801 - reads as a function in `with`
    """A private MariaDB, ended by its own pid."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __enter__(self) -> str:
        programs = find_programs()
        if programs is None:
            raise SystemExit("MariaDB isn't here: run deploy/setup.sh test")
        base = [option for option in programs.install if option.startswith("--basedir")]
        data = f"--datadir={self._home}/data"
        # A tmpdir of its own: on starting, a server deletes the temporary tables of others there.
        environment = {**os.environ, **programs.environment, "TMPDIR": str(self._home)}
        subprocess.run(
            [*programs.install, data, "--auth-root-authentication-method=normal",
             "--skip-test-db", "--user=root"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [programs.server, "--no-defaults", *base, data, f"--socket={self._home}/s", f"--port={port}",
             "--bind-address=127.0.0.1", "--user=root", "--innodb-buffer-pool-size=1G",
             "--innodb-flush-log-at-trx-commit=0"],
            stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        odbc = f"DRIVER={{MariaDB Unicode}};SERVER=127.0.0.1;PORT={port};UID=root;CHARSET=utf8mb4"
        for _ in range(100):
            try:
                connection = pyodbc.connect(odbc, autocommit=True)
                break
            except pyodbc.Error:
                time.sleep(0.1)
        connection.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()
        return f"{odbc};DATABASE={DATABASE}"

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(60)


Row = tuple[object, ...]


def fill(odbc: str, home: Path, times: int) -> None:
    """Load the practice by LOAD DATA from files written here."""
    connection = pyodbc.connect(odbc, autocommit=True)
    for statement in [*schema(), *LOOKUPS]:
        connection.execute(statement)
    tables: dict[str, str] = {
        "entities": "entity_id, arch_short_name, name, @active",
        "entity_details": "entity_id, name, value",
        "entity_relationships": "arch_short_name, active_start_time, source_id, target_id",
        "contacts": "contact_id, party_id, arch_short_name",
        "contact_details": "contact_id, name, value",
        "contact_classifications": "contact_id, lookup_id",
        "acts": "act_id, arch_short_name, activity_start_time",
        "act_details": "act_id, name, value",
        "participations": "arch_short_name, act_arch_short_name, entity_id, act_id",
    }
    files = {table: (home / f"{table}.tsv").open("w") for table in tables}
    for table, row in practice(times):
        files[table].write("\t".join(str(cell) for cell in row) + "\n")
    for table, columns in tables.items():
        files[table].close()
        connection.execute(
            f"LOAD DATA INFILE '{home}/{table}.tsv' INTO TABLE {table} ({columns})"
            + (" SET active = b'1'" if table == "entities" else "")
        )
    connection.execute(f"ANALYZE TABLE {', '.join(tables)}").fetchall()
    connection.close()


def practice(times: int) -> Iterator[tuple[str, Row]]:
    """Rows of a practice: clients and pets share one sequence of ids, as they do in life."""
    chance = random.Random(1)
    clients, pets, weights = CLIENTS * times, PETS * times, WEIGHTS * times
    contact = 0
    for client in range(1, clients + 1):
        number = client * 3
        yield "entities", (number, "party.customerperson", f"Last{client},First{client}", 1)
        for name, value in (
            ("firstName", f"First{client}"),
            ("lastName", f"Last{client}"),
            ("title", "MRS"),
        ):
            yield "entity_details", (number, name, value)
        for kind, details in (
            ("location", {"address": f"{client} Long Street", "suburb": "HILLTOP_2575",
                          "state": "NSW", "postCode": "2575", "preferred": "true"}),
            ("phoneNumber", {"telephoneNumber": f"555 {client:07}", "preferred": "true"}),
            ("phoneNumber", {"telephoneNumber": f"556 {client:07}", "areaCode": "02"}),
            ("email", {"emailAddress": f"client{client}@example.org", "preferred": "true"}),
        ):  # fmt: skip
            contact += 1
            yield "contacts", (contact, number, f"contact.{kind}")
            for name, value in details.items():
                yield "contact_details", (contact, name, value)
            yield "contact_classifications", (contact, 6 + contact % 3)
    numbers = []
    for pet in range(pets):
        number = (pet // 2 + 1) * 3 + 1 + pet % 2
        numbers.append(number)
        yield "entities", (number, "party.patientpet", f"Pet{pet}", 1)
        for name, value in (
            ("species", "CANINE"), ("breed", "KELPIE"), ("sex", "FEMALE"), ("colour", "black"),
            ("dateOfBirth", f"20{pet % 20:02}-0{pet % 9 + 1}-11 00:00:00.0"), ("deceased", "false"),
        ):  # fmt: skip
            yield "entity_details", (number, name, value)
        owner = chance.randint(1, clients) * 3
        yield (
            "entity_relationships",
            ("entityRelationship.patientOwner", "2020-01-01 00:00:00", owner, number),
        )
    for act, weight in enumerate(range(weights), start=1):
        day = f"20{10 + weight % 15}-0{weight % 9 + 1}-{weight % 28 + 1:02} 10:00:00"
        yield "acts", (act, "act.patientWeight", day)
        yield "act_details", (act, "weight", f"{weight % 400 / 10 + 1:.1f}")
        yield "act_details", (act, "units", "KILOGRAMS")
        yield (
            "participations",
            ("participation.patient", "act.patientWeight", numbers[weight % pets], act),
        )


if __name__ == "__main__":
    main()
