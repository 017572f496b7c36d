"""Which pets a PIMS pet can't be, because another animal of the PIMS has them. One rule for all."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

OwnerAndPet = tuple[str, int]  # PIMS client key, pet_id


def taken(
    conn: Connection,
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
    values = {"p": practice_id, "owners": owners, "pets": pets, "others": others}
    return {(row.owner, row.pet_id) for row in conn.execute(_TAKEN, values)}


# The feeding pet's owner key is made beforehand: joined by a trimmed key, row level security would
# have every pet read all clients.
_TAKEN = text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:owners AS text[]), CAST(:pets AS bigint[])) AS w (owner, pet_id)),
    feeding AS MATERIALIZED (
        SELECT b.record_id AS pet_id, btrim(b.client_key) AS owner_key
        FROM scriptright.pims_pet b
        WHERE b.practice_id = :p AND b.record_id = ANY(:pets) AND b.missing_since IS NULL
          AND b.pims_id <> ALL(:others))
    SELECT DISTINCT w.owner, w.pet_id
    FROM wanted w
    JOIN feeding f USING (pet_id)
    JOIN scriptright.pet p ON p.practice_id = :p AND p.pet_id = w.pet_id
    LEFT JOIN scriptright.client_link o ON o.practice_id = :p AND o.pims_id = f.owner_key
    WHERE f.owner_key = w.owner OR o.record_id IS DISTINCT FROM p.client_id
""")
