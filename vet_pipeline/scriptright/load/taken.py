"""Whom a newcomer can't be: pets that another animal has, clients whose row is another's.

PIMS rows that say another by now are no word about their record. Of some it was asked, or said no
to; others have come to say so in the same snapshot: a backup was put back, Bob got Ann's number,
and she was entered anew on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection, text

from vet_pipeline.policy import Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.records.another import LOOKS, Unlike, unlike
from vet_pipeline.scriptright.records.in_question import in_question, others_by_now
from vet_pipeline.scriptright.records.writes import read_records

OwnerAndPet = tuple[str, int]  # PIMS client key, pet_id


def taken(
    connection: Connection,
    practice_id: str,
    wanted: Iterable[OwnerAndPet],
    others: list[str],
) -> set[OwnerAndPet]:
    """Those of `wanted` where no further pet of the PIMS owner can be the pet.

    A pet is taken by the PIMS pet that feeds it and is still in the PIMS, as itself (not one
    of `others`, which say another by now). By one of the same owner: pets of one owner are
    different animals. By one that the PIMS has given away: the next one of its name is a new
    animal. Only a PIMS pet of another PIMS client of the pet's owner leaves it open: practices
    enter clients twice, with their pets.
    """
    pairs = sorted(set(wanted))
    if not pairs:
        return set()
    owners, pets = (list(cells) for cells in zip(*pairs, strict=True))
    values = {"practice_id": practice_id, "owners": owners, "pets": pets, "others": others}
    return {(row.owner, row.pet_id) for row in connection.execute(_TAKEN, values)}


def others_now(load: LoadInHand, record: Record) -> list[str]:
    """Ids of rows that say another by now, before the load has asked; pets' by looks alone."""
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


def set_pets_aside(load: LoadInHand) -> list[str]:
    """PIMS ids of the new and waiting pets whose owner's row may be another client's by now.

    They would be pets of the client that the row feeds, and what is sent for them would go to that
    one's house. So they wait until a person has said who the owner is, or the PIMS gives them
    another one; and the machine links none of them to that one's own pets. Not those of which a
    person is asked whether they are one of these.
    """
    if load.delta.is_first_load:
        return []
    pets, possible = load.newcomers("pet"), {m.pims_id for m in load.matched("pet", "possible")}
    pets = pets[~pets["pims_pet_id"].isin(possible)]
    keys = set(pets["pims_client_id"].dropna())
    if not keys:
        return []
    conventions = load.delta.conventions
    asked = in_question(load.connection, load.practice_id, "client", keys, conventions)
    aside = set(pets.loc[pets["pims_client_id"].isin(asked), "pims_pet_id"])
    load.matches = [m for m in load.matches if m.record == "client" or m.pims_id not in aside]
    return sorted(aside)


def _of_this_snapshot(load: LoadInHand, record: Record) -> list[str]:
    lines = load.delta.changes
    ids = lines.loc[(lines["record"] == record) & lines["field"].isin(LOOKS[record]), "pims_id"]
    if ids.empty:
        return []
    said = load.said(record, ids)
    feeds = load.fed(record, said)
    here = read_records(load.connection, load.practice_id, record, {*feeds.values()})
    return [i for i, to in feeds.items() if unlike(record, here[to], said[i]) >= Unlike.ANOTHER]


# The feeding pet's owner key is made beforehand: joined by a trimmed key, row level security would
# have every pet read all clients.
_TAKEN = text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:owners AS text[]), CAST(:pets AS bigint[])) AS w (owner, pet_id)),
    feeding AS MATERIALIZED (
        SELECT b.record_id AS pet_id, btrim(b.client_key) AS owner_key
        FROM scriptright.pims_pet b
        WHERE b.practice_id = :practice_id AND b.record_id = ANY(:pets) AND b.missing_since IS NULL
          AND b.pims_id <> ALL(:others))
    SELECT DISTINCT w.owner, w.pet_id
    FROM wanted w
    JOIN feeding f USING (pet_id)
    JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = w.pet_id
    LEFT JOIN scriptright.client_link o ON o.practice_id = :practice_id AND o.pims_id = f.owner_key
    WHERE f.owner_key = w.owner OR o.record_id IS DISTINCT FROM p.client_id
""")
