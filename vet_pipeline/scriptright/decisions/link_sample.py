"""A sampled sheet of matches for a person to check by hand. Only for people who may see the values.

ScriptRight's side is shown as it was when the link was made: what the merge filled in from the
PIMS would agree with the PIMS whatever it is.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.matching import Side, review_sheet
from vet_pipeline.matching.phones import all_phone_numbers
from vet_pipeline.scriptright.records.pims_values import pims_rows
from vet_pipeline.scriptright.records.sides import side_of

_NOBODY = Side(pd.DataFrame({"client_id": []}), pd.DataFrame({"pet_id": [], "client_id": []}))


def link_sheet(
    connection: Connection,
    practice_id: str,
    *,
    count: int,
    possible: bool,
    salt: str,
) -> pd.DataFrame:
    """`count` of the machine's client links, or of open possible matches, as `review_sheet` says.

    The same sheet for the same links, count and salt. An empty frame when there are none.
    """
    rows = (
        connection.execute(_POSSIBLE if possible else _LINKED, {"practice_id": practice_id})
        .mappings()
        .all()
    )
    pairs = pd.DataFrame(rows, columns=["pims_id", "home_id", "score", "reason", "linked_at"])
    pairs = pairs.assign(decision="linked", score=pairs["score"].astype("float64"))
    # Drawn by ids alone first: the values of the chosen ones are few.
    drawn = review_sheet(pairs, _NOBODY, _NOBODY, count=count, salt=salt)
    chosen = pairs[pairs["pims_id"].isin(drawn["pims_id"])]
    home = _home_side(connection, practice_id, chosen)
    pims = _pims_side(connection, practice_id, list(chosen["pims_id"]))
    return review_sheet(chosen, home, pims, count=count, salt=salt)


def _pims_side(connection: Connection, practice_id: str, pims_ids: list[str]) -> Side:
    pets = (
        connection.execute(_PIMS_PETS, {"practice_id": practice_id, "ids": pims_ids})
        .scalars()
        .all()
    )
    clients = pims_rows(connection, practice_id, "client", pims_ids)
    patients = pims_rows(connection, practice_id, "pet", pets)
    names = {"pims_client_id": "client_id", "pims_pet_id": "pet_id"}
    return Side(_readable(clients.rename(columns=names)), patients.rename(columns=names))


def _home_side(connection: Connection, practice_id: str, chosen: pd.DataFrame) -> Side:
    side = side_of(connection, practice_id, sorted({int(i) for i in chosen["home_id"]}))
    clients = side.clients.astype(object).set_index("client_id", drop=False)
    since = chosen.dropna(subset=["linked_at"]).groupby("home_id")["linked_at"].min()
    values = {"practice_id": practice_id, "ids": [int(i) for i in since.index]}
    for change in connection.execute(
        _CHANGES, values
    ):  # newest first: the oldest has the last word
        if change.changed_at >= since[str(change.record_id)]:
            for column, value in change.old_value.items():
                clients.loc[str(change.record_id), column] = _cell(value)
    own = connection.execute(
        _OWN_PETS, {"practice_id": practice_id, "ids": list(side.pets["pet_id"])}
    ).scalars()
    pets = side.pets[side.pets["pet_id"].isin(set(own))]
    return Side(_readable(clients.reset_index(drop=True)), pets.reset_index(drop=True))


def _readable(clients: pd.DataFrame) -> pd.DataFrame:
    cells = ["" if pd.isna(cell) else str(cell) for cell in clients["phones"]]
    return clients.assign(phones=[", ".join(numbers) for numbers in all_phone_numbers(cells)])


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else value


_LINKED = text("""
    SELECT pims_id, CAST(record_id AS text) AS home_id, score,
        coalesce(evidence->>'reason', '') AS reason, linked_at
    FROM scriptright.client_link
    WHERE practice_id = :practice_id AND method = 'machine' ORDER BY pims_id
""")
_POSSIBLE = text("""
    SELECT DISTINCT ON (pims_id) pims_id, CAST(record_id AS text) AS home_id, score,
        coalesce(evidence->>'reason', '') AS reason, CAST(NULL AS timestamptz) AS linked_at
    FROM scriptright.match_candidate
    WHERE practice_id = :practice_id AND record = 'client' AND state = 'open'
    ORDER BY pims_id, score DESC NULLS LAST, candidate_id
""")
_PIMS_PETS = text("""
    SELECT pims_id FROM scriptright.pims_pet
    WHERE practice_id = :practice_id AND btrim(client_key) = ANY(:ids)
""")
_OWN_PETS = text("""
    SELECT CAST(pet_id AS text) FROM scriptright.pet
    WHERE practice_id = :practice_id AND CAST(pet_id AS text) = ANY(:ids) AND origin = 'home_delivery'
""")
_CHANGES = text("""
    SELECT record_id, old_value, changed_at FROM scriptright.record_change
    WHERE practice_id = :practice_id AND record = 'client' AND record_id = ANY(:ids) AND field <> 'link'
    ORDER BY change_id DESC
""")
