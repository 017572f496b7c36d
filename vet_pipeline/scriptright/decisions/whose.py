"""Who a suggestion or a pair is about, and who a new owner is: numbers alone decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import FIELD
from vet_pipeline.scriptright.records.identity import Pair
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.values import Value, canonical

_WHO = (
    "title", "first_name", "last_name", "suffix", "partner_first_name", "partner_last_name",
    "organisation", "address_line1", "city",
)  # fmt: skip
_OURS_ALONE = ("suffix", "partner_first_name", "partner_last_name")  # the PIMS has no such column
SHOWN = 20  # of a client's pets
_MOST = SHOWN + 1  # one more tells that there are more
_ALL = (*_WHO[:3], "full_name", *_WHO[3:])  # the PIMS may have one name field alone


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a suggestion is about, by ScriptRight; a new owner it doesn't know, by the PIMS."""

    client: Value  # the client, or the pet's owner: of a question about that, whose it was then
    pet: str | None  # its name
    new_owner: Value | None  # of a question about a pet's owner; None too where nobody knows
    deceased: bool  # the pet, by now
    prescriptions: int  # the pet's that haven't ended
    login_of: tuple[Value, ...]  # of an email: as logins_of_others
    namesakes: tuple[int, ...]  # of a new owner: as namesakes_there
    saved_at: datetime | None  # UTC, where what ScriptRight holds was saved in the web shop


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a pair by name: the client, or the pet and its owner."""

    pims_client: Value  # as the PIMS writes it
    pims_pet: str | None
    client: Value
    pet: str | None


def sides_of_pairs(connection: Connection, practice_id: str, pairs: Sequence[Pair]) -> list[Sides]:
    """Of each pair, in their order: who they are.

    For the eyes of people who may see the records.
    """
    records, pims_ids, ids = ([pair[place] for pair in pairs] for place in range(3))
    values = {"practice_id": practice_id, "records": records, "pims_ids": pims_ids, "ids": ids}
    return [
        Sides(_who(row, "b") or {}, row["pims_pet"], _who(row, "c") or {}, row["pet"])
        for row in connection.execute(_SIDES, values).mappings()
    ]


def pets_of_pair(
    connection: Connection, practice_id: str, pair: Pair
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The pets of a ScriptRight client and of a PIMS client, 21 at most of each.

    Those of the PIMS as they are read, without rows that are missing.
    """
    values = {"practice_id": practice_id, **pair._asdict(), "most": _MOST}
    ids = connection.execute(_PIMS_PETS, values).scalars().all()
    said = pims_values(connection, practice_id, "pet", ids)
    here = connection.execute(_PETS, values).mappings()
    return tuple(map(_pet, here)), tuple(_pet(said[i]) for i in ids if i in said)


def _pet(row: Mapping[Any, Any]) -> Value:
    values: Value = {}
    for name in ("name", "breed", "age"):
        values |= canonical(FIELD["pet", name], row)
    return {c: v for c, v in values.items() if v} | ({"deceased": True} if row["deceased"] else {})


def whose_they_are(
    connection: Connection, practice_id: str, suggestion_ids: Iterable[int]
) -> dict[int, Whose]:
    """Who each of these suggestions is about. For the eyes of people who may see the records."""
    values: dict[str, Any] = {"practice_id": practice_id, "ids": list(suggestion_ids)}
    rows = connection.execute(_WHOSE, values).mappings().all()
    logins = logins_of_others(connection, practice_id, values["ids"])
    namesakes = namesakes_there(connection, practice_id, values["ids"])
    return {
        row["suggestion_id"]: Whose(
            client=_who(row, "c") or {},
            pet=row["pet"],
            new_owner=_who(row, "n") or _who(row, "b"),
            deceased=bool(row["deceased"]),
            prescriptions=row["prescriptions"],
            login_of=tuple(logins.get(row["suggestion_id"], ())),
            namesakes=namesakes.get(row["suggestion_id"], ()),
            saved_at=row["saved_at"],
        )
        for row in rows
    }


def logins_of_others(
    connection: Connection, practice_id: str, suggestion_ids: Sequence[int]
) -> dict[int, list[Value]]:
    """By open suggestion of an email: who else logs in with it or is asked to, three at most."""
    rows = connection.execute(_LOGINS, {"practice_id": practice_id, "ids": suggestion_ids})
    return {row.suggestion_id: row.clients for row in rows}


def namesakes_there(
    connection: Connection, practice_id: str, suggestion_ids: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """By open suggestion of a pet's owner: that client's pets of its name which no PIMS pet feeds.

    One of them may be this very pet: it came by the web shop, or a link to it was undone.
    """
    rows = connection.execute(_NAMESAKES, {"practice_id": practice_id, "ids": suggestion_ids})
    return {row.suggestion_id: tuple(row.pets) for row in rows}


def _who(row: Mapping[Any, Any], side: str) -> Value | None:
    said = {column: row[f"{side}_{column}"] for column in _ALL if row.get(f"{side}_{column}")}
    return said or None


def _columns(side: str, names: Iterable[str] = _WHO) -> str:
    return ", ".join(f"{side}.{name} AS {side}_{name}" for name in names)


_PIMS_COLUMNS = f"""{_columns("b", [name for name in _WHO if name not in _OURS_ALONE])},
        CASE WHEN b.first_name IS NULL AND b.last_name IS NULL THEN b.full_name END AS b_full_name"""
# The owner's key is made beforehand: a condition with JSON in it is none that row level security
# lets an index answer.
_WHOSE = text(f"""
    WITH asked AS MATERIALIZED (
        SELECT suggestion_id, record_id, record, field, state,
            CASE WHEN record = 'pet' THEN record_id END AS pet_id,
            CASE WHEN field = 'owner' THEN new_value ->> 'pims_client_id' END AS owner_key,
            CASE WHEN field = 'owner' THEN (old_value ->> 'client_id')::bigint END AS old_owner
        FROM scriptright.suggestion WHERE practice_id = :practice_id AND suggestion_id = ANY(:ids))
    SELECT a.suggestion_id, p.name AS pet, p.deceased, (
            SELECT count(*) FROM scriptright.prescription r
            WHERE r.practice_id = :practice_id AND r.pet_id = a.pet_id AND r.state <> 'ended') AS prescriptions, (
            SELECT CASE WHEN h.cause = 'web_shop' AND a.state = 'open' THEN h.changed_at END
            FROM scriptright.record_change h
            WHERE h.practice_id = :practice_id AND h.record = a.record AND h.record_id = a.record_id
              AND h.field = a.field ORDER BY h.change_id DESC LIMIT 1) AS saved_at,
        {_columns("c")}, {_columns("n")}, {_PIMS_COLUMNS}
    FROM asked a
    LEFT JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = a.pet_id
    LEFT JOIN scriptright.client c ON c.practice_id = :practice_id AND c.client_id =
        CASE a.record WHEN 'client' THEN a.record_id ELSE coalesce(a.old_owner, p.client_id) END
    LEFT JOIN scriptright.pims_client b ON b.practice_id = :practice_id AND b.pims_id = a.owner_key
    LEFT JOIN scriptright.client n ON n.practice_id = :practice_id AND n.client_id = b.record_id
""")  # noqa: S608 - column names of the schema
_LOGINS = text("""
    WITH asked AS MATERIALIZED (
        SELECT suggestion_id, record_id, lower(new_value ->> 'email') AS email
        FROM scriptright.suggestion
        WHERE practice_id = :practice_id AND suggestion_id = ANY(:ids) AND state = 'open'
          AND record = 'client' AND field = 'email'),
    others AS (
        SELECT client_id, lower(email) AS email FROM scriptright.client WHERE practice_id = :practice_id
        UNION ALL
        SELECT record_id, lower(new_value ->> 'email') FROM scriptright.suggestion
        WHERE practice_id = :practice_id AND record = 'client' AND field = 'email' AND state = 'open'),
    found AS (
        SELECT DISTINCT a.suggestion_id, o.client_id
        FROM asked a JOIN others o ON o.email = a.email AND o.client_id <> a.record_id)
    SELECT f.suggestion_id, (array_agg(jsonb_strip_nulls(jsonb_build_object(
            'client_id', c.client_id, 'first_name', c.first_name, 'last_name', c.last_name,
            'partner_first_name', c.partner_first_name, 'partner_last_name', c.partner_last_name,
            'organisation', c.organisation)) ORDER BY c.client_id))[1:3] AS clients
    FROM found f JOIN scriptright.client c ON c.practice_id = :practice_id AND c.client_id = f.client_id
    GROUP BY f.suggestion_id
""")
_NAMESAKES = text("""
    WITH asked AS MATERIALIZED (
        SELECT suggestion_id, record_id AS pet_id, pims_id,
            new_value ->> 'pims_client_id' AS owner_key
        FROM scriptright.suggestion
        WHERE practice_id = :practice_id AND suggestion_id = ANY(:ids) AND state = 'open'
          AND record = 'pet' AND field = 'owner'),
    named AS MATERIALIZED (
        SELECT a.suggestion_id, a.pet_id, b.record_id AS client_id,
            ARRAY[lower(btrim(p.name)), lower(btrim(q.name))] AS names
        FROM asked a
        JOIN scriptright.pims_client b ON b.practice_id = :practice_id AND b.pims_id = a.owner_key
        JOIN scriptright.pims_pet q ON q.practice_id = :practice_id AND q.pims_id = a.pims_id
        JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = a.pet_id)
    SELECT n.suggestion_id, array_agg(o.pet_id ORDER BY o.pet_id) AS pets
    FROM named n JOIN scriptright.pet o ON o.practice_id = :practice_id AND o.client_id = n.client_id
      AND o.pet_id <> n.pet_id AND lower(btrim(o.name)) = ANY(n.names)
    WHERE NOT EXISTS (
        SELECT FROM scriptright.pims_pet f
        WHERE f.practice_id = :practice_id AND f.record_id = o.pet_id AND f.missing_since IS NULL)
    GROUP BY n.suggestion_id
""")
_PETS = text("""
    SELECT name, name_note, species, breed, birth_date, birth_date_estimated, deceased
    FROM scriptright.pet WHERE practice_id = :practice_id AND client_id = :record_id ORDER BY pet_id LIMIT :most
""")
_PIMS_PETS = text("""
    SELECT pims_id FROM scriptright.pims_pet
    WHERE practice_id = :practice_id AND btrim(client_key) = :pims_id AND missing_since IS NULL
    ORDER BY pims_id LIMIT :most
""")
_SIDES = text(f"""
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:records AS text[]), CAST(:pims_ids AS text[]),
            CAST(:ids AS bigint[])) WITH ORDINALITY AS a (record, pims_id, record_id, place)),
    pets AS MATERIALIZED (
        SELECT a.*, p.name AS pet, p.client_id, q.name AS pims_pet, btrim(q.client_key) AS owner_key
        FROM asked a
        LEFT JOIN scriptright.pet p
            ON a.record = 'pet' AND p.practice_id = :practice_id AND p.pet_id = a.record_id
        LEFT JOIN scriptright.pims_pet q
            ON a.record = 'pet' AND q.practice_id = :practice_id AND q.pims_id = a.pims_id)
    SELECT a.pet, a.pims_pet, {_columns("c")}, {_PIMS_COLUMNS}
    FROM pets a
    LEFT JOIN scriptright.client c ON c.practice_id = :practice_id
        AND c.client_id = CASE a.record WHEN 'client' THEN a.record_id ELSE a.client_id END
    LEFT JOIN scriptright.pims_client b ON b.practice_id = :practice_id
        AND b.pims_id = CASE a.record WHEN 'client' THEN a.pims_id ELSE a.owner_key END
    ORDER BY a.place
""")  # noqa: S608 - column names of the schema
