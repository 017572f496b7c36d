"""A practice in the model's words: what persons can see of it."""

from __future__ import annotations

from typing import Any

from tests.model.pharmacy import Pharmacy

Picture = dict[str, Any]


def picture_of(model: Pharmacy) -> Picture:
    """The model in the same words."""
    picture: Picture = {}
    for name, record in model.records.items():
        at = f"{record.record} {name}"
        picture[at] = {**record.values, "origin": record.origin}
        if record.record == "pet":
            picture[at]["owner"] = record.owner
    for pid, name in model.links.items():
        picture[f"link {pid}"] = (name, pid in model.merged)
    for pid, homes in model.waiting.items():
        if homes:
            picture[f"waiting {pid}"] = set(homes)
    for (record_name, pid, field), new in model.questions.items():
        on = model.links[pid]
        target = model.records[on]
        old = target.owner if field == "owner" else target.values[field]
        picture[f"question {record_name} {pid} {field}"] = (on, old, new)
    for pid, since in model.missing.items():
        picture[f"missing {pid}"] = since
    for n, prescription in enumerate(model.prescriptions.values()):
        picture[f"prescription {n}"] = prescription.shown()
    picture["attested"] = list(model.attested)
    return picture


def differences(seen: Picture, expected: Picture) -> list[str]:
    """Where two pictures differ, a line a place."""
    return [
        f"{at}: seen {seen.get(at)}, expected {expected.get(at)}"
        for at in sorted({*seen, *expected})
        if seen.get(at) != expected.get(at)
    ]
