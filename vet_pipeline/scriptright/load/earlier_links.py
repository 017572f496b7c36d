"""PIMS clients that were linked before, beside the newcomers: rivals for the clients they feed.

The newcomers of a refresh are judged as if all had come in one load: Jane isn't "J Smith" because
John has been that for a month.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.matching import Decision, MatchResult, Side
from vet_pipeline.scriptright.load.asked_instead import by_machine
from vet_pipeline.scriptright.records.apart import pims_side


def linked_before(
    connection: Connection, practice_id: str, found: MatchResult, pims: Side
) -> tuple[Side, list[Decision]]:
    """`pims` with those who feed the clients that the machine links newcomers to; their links.

    Who is missing in the PIMS counts, too: the newcomer may be the same under another number, or
    the wife who came after him. Not who is among the clients of `pims` already: no links, nothing
    new. They come without pets, which are taken or not by themselves (taken.py).
    """
    links = found.clients[by_machine(found.clients)]
    rows = connection.execute(
        _FEEDING,
        {
            "practice_id": practice_id,
            "records": [int(home_id) for home_id in links["home_id"].unique()],
            "known": list(pims.clients["client_id"]),
        },
    ).all()
    if not rows:
        return pims, []
    said = pd.DataFrame([{"client_id": r.pims_id, **pims_side(r.standalone)} for r in rows])
    said["phones"] = [json.dumps(phones) for phones in said["phones"]]
    said = said.reindex(columns=pims.clients.columns)
    clients = pd.concat([pims.clients.astype(object), said.astype(object)], ignore_index=True)
    links_before = [Decision("client", r.pims_id, str(r.record_id), same=True) for r in rows]
    return replace(pims, clients=clients), links_before


def of_newcomers(found: MatchResult, pims: Side) -> MatchResult:
    """The result without the clients that were linked before."""
    asked = found.clients["pims_id"].isin(pims.clients["client_id"])
    return replace(found, clients=found.clients[asked].reset_index(drop=True))


_FEEDING = text("""
    SELECT l.pims_id, l.record_id, l.standalone FROM scriptright.client_link l
    WHERE l.practice_id = :practice_id AND l.record_id = ANY(:records)
      AND l.standalone IS NOT NULL AND l.pims_id <> ALL(:known)
    ORDER BY l.pims_id
""")
