"""PIMS rows that are no word about their record while newcomers are compared: they say another.

Of some it was asked, or said no to; others have come to say so in the same snapshot: a backup was
put back, Bob got Ann's number, and she was entered anew on the same day.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.taken import OwnerAndPet, taken
from vet_pipeline.scriptright.records.another import LOOKS, is_another
from vet_pipeline.scriptright.records.in_question import others_by_now
from vet_pipeline.scriptright.records.writes import read_records


def others_now(load: LoadInHand, record: Record) -> list[str]:
    """Their ids, before the load has asked anything; found once a load. Pets' by their looks alone."""
    if load.delta.is_first_load:
        return []
    if record not in load.others:
        asked = others_by_now(load.connection, load.practice_id, record, load.delta.conventions)
        load.others[record] = sorted({*asked, *_of_this_snapshot(load, record)})
    return load.others[record]


def taken_now(load: LoadInHand, wanted: AbstractSet[OwnerAndPet]) -> set[OwnerAndPet]:
    """Those that are `taken` beside them; nothing is looked up where none is wanted."""
    if not wanted:
        return set()
    return taken(load.connection, load.practice_id, wanted, others_now(load, "pet"))


def _of_this_snapshot(load: LoadInHand, record: Record) -> list[str]:
    lines = load.delta.changes
    ids = lines.loc[(lines["record"] == record) & lines["field"].isin(LOOKS[record]), "pims_id"]
    if ids.empty:
        return []
    said = load.said(record, ids)
    feeds = load.fed(record, said)
    here = read_records(load.connection, load.practice_id, record, {*feeds.values()})
    return [i for i, to in feeds.items() if is_another(record, here[to], said[i])]
