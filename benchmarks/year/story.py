"""A harm told as it came about: whom the record is about, its PIMS rows' lives, what was written and asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.year.harms import Harms

_WRITTEN = """
    SELECT load_id, 0, 'wrote ' || field || ' ' || coalesce(old_value::text, '') || ' > '
        || coalesce(new_value::text, '') || ' by ' || cause || ' via ' || coalesce(via_pims_id, '')
    FROM scriptright.record_change WHERE practice_id = :practice_id AND record = :r AND record_id = :i
    UNION ALL
    SELECT load_id, suggestion_id, 'asked ' || field || ' ' || reason || ' ' || old_value::text || ' > '
        || new_value::text || ' ' || state || ' via ' || pims_id
    FROM scriptright.suggestion WHERE practice_id = :practice_id AND record = :r AND record_id = :i
    ORDER BY 1, 2
"""


def tell(harms: Harms, kind: str, where: tuple[str, int], value: object) -> None:
    """Print it: all of it is made up."""
    record, number = where
    world, desk = harms.world, harms.shop.desk
    about = -number if number < 0 else harms.about.get(where, 0)
    people: dict[int, Any] = world.clients if record == "client" else world.animals  # type: ignore[assignment]
    table = desk.clients if record == "client" else desk.pets
    ids = harms.fed.get(where, [])
    if number < 0:
        ids = [row.key for row in table.values() if row.about == about]
    print(f"\n--- {kind}: {value} at {record} {number}, {world.today}, load {harms.pharmacy.seq}")
    print("    is about", people.get(about))
    print("    holds", _short(harms.values.get(where, {})))
    for key in ids:
        row = desk.entry(record, key)
        if row:
            print(f"    row {key} is about {row.about}: {_short(row.cells)}")
            print("       ", "; ".join(f"{day} {what}" for day, what in row.marks))
            if row.about not in (about, 0):
                print("        that is", people.get(row.about))
        else:
            print(f"    row {key} is gone")
    for load, _, line in harms.pharmacy.rows(_WRITTEN, r=record, i=number):
        print(f"    load {load}: {line}")


def _short(values: dict[str, Any]) -> dict[str, Any]:
    return {k: str(v) for k, v in values.items() if v not in (None, "", [], False)}
