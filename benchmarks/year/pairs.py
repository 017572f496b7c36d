"""The rule of another's rows alone, on many pairs of a row before and after: `python -m benchmarks.year.pairs`.

Without a database: how many rows that were typed over it knows, by what was typed so far, and of how
many honest changes it asks in vain; with each of its parts and without it.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from datetime import date
from typing import Any

import pandas as pd

from benchmarks.matching.towns.slips import slip
from benchmarks.year import rules_off
from benchmarks.year.accidents import Accidents
from benchmarks.year.desk import PET_PARTS, Row
from benchmarks.year.pharmacy import frame
from benchmarks.year.world import World
from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.scriptright.records import another
from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

_TODAY = date(2026, 3, 2)
_CLIENT = ("name", "address", "phones")
Pair = tuple[str, str, Row, Row]  # record, kind, before, after


def main() -> None:
    """Make pairs, judge them with all parts and without each, print shares by kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=500, help="of each kind")
    pairs = list(_pairs(parser.parse_args().pairs))
    judged = {"all": _judge(pairs)}
    variants = [n for n in rules_off.rules() if n.startswith("another.") and n != "another.levels"]
    for name in variants:
        with rules_off.without(name):
            judged[name] = _judge(pairs)
    names = [name.removeprefix("another.") for name in judged]
    print(f"{'% taken for another':44}{'pairs':>6}" + "".join(f"{n:>17}" for n in names))
    kinds = Counter((record, kind) for record, kind, _, _ in pairs)
    for (record, kind), total in sorted(kinds.items()):
        cells = [f"{100 * found[record, kind] / total:17.1f}" for found in judged.values()]
        print(f"{record + ' ' + kind:44}{total:6d}" + "".join(cells))


def _judge(pairs: list[Pair]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for record in ("client", "pet"):
        of = [pair for pair in pairs if pair[0] == record]
        was, now = (_normal(record, [pair[n] for pair in of]) for n in (2, 3))
        for n, (_, kind, _, _) in enumerate(of):
            if (i := str(n)) in was and i in now:
                known = another.Known(had_birth_date=bool(was[i].get("birth_date")))
                level = another.unlike(record, was[i], now[i], known)  # type: ignore[arg-type]
                found[record, kind] += level >= another.Unlike.ANOTHER
    return found


def _normal(record: str, rows: list[Any]) -> dict[str, dict[str, Any]]:
    """By a number of its own; what is quarantined (nobody's name) is left out."""
    columns = RAW_CLIENT_COLUMNS if record == "client" else RAW_PATIENT_COLUMNS
    numbered = {
        str(n): Row(str(n), row.cells | {columns[0]: str(n)}, 0) for n, row in enumerate(rows)
    }
    normalize = normalize_clients if record == "client" else normalize_pets
    raw: pd.DataFrame = frame(numbered, columns)
    made = normalize(raw, Conventions(), read_on=_TODAY, known=set(numbered)).rows
    return {
        str(row[ID_COLUMN[record]]): {str(k): v for k, v in row.items()}
        for row in made.to_dict("records")
    }


def _pairs(count: int) -> Any:
    world = World(1, _TODAY)
    desk = Accidents(world)
    for _ in range(count):
        yield from _client_pairs(world, desk)
        yield from _pet_pairs(world, desk)


def _client_pairs(world: World, desk: Accidents) -> Any:
    rng, who = world.rng, world.new_client()
    row = desk.add_client(who)
    newcomer = world.new_client()
    for parts in (c for n in (1, 2, 3) for c in itertools.combinations(_CLIENT, n)):
        after = _copy(row)
        desk.type_client(after, newcomer, *parts)
        yield "client", f"typed over: {', '.join(parts)}", row, after
    after = _copy(row)
    after.cells["last_name"] = slip(rng, who.surname)
    yield "client", "honest: surname, a slip", row, after
    for parts in (("address",), ("phones",), ("address", "phones")):
        after = _copy(row)
        desk.type_client(after, newcomer, *parts)  # whose home and number are nobody else's
        after.cells["last_name"] = newcomer.surname
        yield "client", f"honest: surname, {', '.join(parts)}", row, after
    after = _copy(row)
    desk.type_client(after, newcomer, "address", "phones")
    yield "client", "honest: address, phones", row, after


def _pet_pairs(world: World, desk: Accidents) -> Any:
    rng = world.rng
    pet = world.new_animal(1, young=False)
    world.weigh(pet, "lb")
    dead = rng.random() < 0.5
    pet.died = _TODAY if dead else None
    row = desk.add_pet(pet, "1")
    state = "dead" if dead else "living"
    other = world.new_animal(1, young=rng.random() < 0.7)
    world.weigh(other, "lb")
    for parts in (("weight",), ("name", "weight"), ("name", "kind"), ("life", "weight"), PET_PARTS):
        after = _copy(row)
        desk.type_pet(after, other, *parts)
        words = "all" if parts == PET_PARTS else ", ".join(parts)
        yield "pet", f"{state}, typed over: {words}", row, after
    if dead:
        pet.died = None
    name, pet.name = pet.name, world.town.names.common("pets").title()
    world.weigh(pet, "lb")
    for parts in (("weight",), ("life", "weight"), ("name", "weight"), ("name",)):
        after = _copy(row)
        desk.type_pet(after, pet, *parts)
        yield "pet", f"{state}, honest: {', '.join(parts)}", row, after
    pet.name = name


def _copy(row: Row) -> Row:
    return Row(row.key, dict(row.cells), row.about)


if __name__ == "__main__":
    main()
