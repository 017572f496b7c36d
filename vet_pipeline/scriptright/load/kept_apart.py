"""A person's *not the same* outlives the PIMS id that it was said of, and what that row said.

A word hangs on a PIMS id. Where the PIMS renumbers, the newcomer is like the record that the lost
id has fed since and like the client it was told apart from: which of the two it is, a person knows.
And it holds while the data of both sides stand: after that the two are compared anew, but no
machine says that they are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection, text

from vet_pipeline.matching import Decision, MatchResult, Side
from vet_pipeline.scriptright.load.asked_instead import (
    TOLD_APART,
    ask_about_clients,
    ask_about_pets,
    by_machine,
)
from vet_pipeline.scriptright.records.identity import LAST_WORDS
from vet_pipeline.scriptright.records.writes import records_fed

Asked = Callable[[Sequence[Decision]], MatchResult]


def kept_apart(
    connection: Connection, practice_id: str, words: Iterable[Decision], client_ids: Iterable[str]
) -> dict[str, set[str]]:
    """Of these clients, those that a PIMS record was told apart from: what it feeds instead."""
    said = [d for d in words if d.record == "client" and not d.same]
    if not said:
        return {}
    there = set(client_ids)
    fed = records_fed(connection, practice_id, "client", (d.pims_id for d in said))
    apart: dict[str, set[str]] = {}
    for word in said:
        one = str(fed.get(word.pims_id, word.home_id))
        if one != word.home_id and {one, word.home_id} <= there:
            apart.setdefault(word.home_id, set()).add(one)
    return apart


def ask_about_told_apart(
    connection: Connection, practice_id: str, found: MatchResult, pims: Side
) -> MatchResult:
    """The result, where a link of two that a person has told apart is a question."""
    noes = {tuple(row) for row in connection.execute(_TOLD_APART, {"practice_id": practice_id})}
    if not noes:
        return found
    clients, pets = (
        pd.Series(
            [
                linked and (record, pims_id, str(home_id)) in noes
                for linked, pims_id, home_id in zip(
                    by_machine(rows), rows["pims_id"], rows["home_id"], strict=True
                )
            ],
            index=rows.index,
            dtype=bool,
        )
        for record, rows in (("client", found.clients), ("pet", found.pets))
    )
    found = ask_about_pets(found, dict.fromkeys(found.pets.index[pets], TOLD_APART))
    return ask_about_clients(found, pims, clients, TOLD_APART) if clients.any() else found


def ask_about_kept_apart(
    found: MatchResult, apart: dict[str, set[str]], pims: Side, ask: Asked
) -> MatchResult:
    """The result, where a link to a client that may be its told-apart double's is a question.

    A link to the double's own record goes by the word, and stays. `ask`: the same question with
    further decisions; without its link, whom else is it like?
    """
    links = found.clients[by_machine(found.clients) & found.clients["home_id"].isin(apart)]
    if links.empty:
        return found
    pairs = dict(zip(links["pims_id"], links["home_id"], strict=True))
    others = ask([Decision("client", *pair, same=False) for pair in pairs.items()]).clients
    either = [
        pims_id in pairs and home_id in apart[pairs[pims_id]]
        for pims_id, home_id in zip(others["pims_id"], others["home_id"], strict=True)
    ]
    if not any(either):
        return found
    second = others[either].assign(decision="possible", reason=TOLD_APART)
    waiting = found.clients["pims_id"].isin(second["pims_id"])
    result = ask_about_clients(found, pims, waiting, TOLD_APART)
    return replace(result, clients=pd.concat([result.clients, second], ignore_index=True))


_TOLD_APART = text(f"""
    SELECT record, pims_id, record_id::text FROM ({LAST_WORDS}) said WHERE NOT same
""")  # noqa: S608 - a constant
