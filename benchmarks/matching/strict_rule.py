"""The strict rule: same name and one same contact, and nobody else like it on either side.

A peer without a model. It misses nicknames, typos and moves by design.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from vet_pipeline.matching.arrays import Texts
from vet_pipeline.matching.candidates import CROWDED
from vet_pipeline.matching.cells import text
from vet_pipeline.matching.contract import Side
from vet_pipeline.matching.keys import fold, texts
from vet_pipeline.matching.owners import owner_rows, owners_of_pets
from vet_pipeline.matching.phones import all_phone_numbers
from vet_pipeline.matching.verdicts import (
    LINK,
    POSSIBLE,
    Verdicts,
    repeated,
    result_frame,
    settle,
)

#: Distances in the scale of the model, so that both engines sort alike.
LINK_BITS, POSSIBLE_BITS = 10.0, 0.0


def strict_match(home: Side, pims: Side) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames of a `MatchResult`: its clients and its pets."""
    ids = text(home.clients, "client_id"), text(pims.clients, "client_id")
    clients = settle(_client_verdicts(home.clients, pims.clients), *ids, set())
    rows = result_frame(clients, *ids, pa.repeat("nothing_alike", len(ids[1])))
    owners = owners_of_pets(home, pims, owner_rows(pims), clients, {})
    of_owner = text(pims.pets, "client_id")
    verdicts = _pet_verdicts(
        home.pets,
        pims.pets,
        texts(home.pets, "client_id"),
        np.asarray(owners.clients.take(pa.array(owners.pims)).to_pylist(), dtype=object),
        texts(pims.pets, "client_id"),
    )
    ids = text(home.pets, "pet_id"), text(pims.pets, "pet_id")
    pets = settle(verdicts, *ids, set(), of_owner)
    otherwise = pa.repeat("nothing_alike", len(ids[1]))
    return rows, result_frame(pets, *ids, otherwise, owners.answered)


def _client_verdicts(home: pd.DataFrame, pims: pd.DataFrame) -> Verdicts:
    """Pairs of clients with the same name and a same email, phone or address."""
    frames = []
    home_keys, pims_keys = _client_keys(home), _client_keys(pims)
    for evidence in ("email", "phone", "address"):
        pairs = _pairs(home_keys[evidence], pims_keys[evidence], CROWDED)
        frames.append(pairs.assign(evidence=evidence))
    found = pd.concat(frames, ignore_index=True).sort_values(["pims", "home", "evidence"])
    agreed = found.groupby(["pims", "home"], sort=True)["evidence"].agg("+".join).reset_index()
    verdicts = _without_rivals(agreed, "same_name_and_")
    suffix_home, suffix_pims = folded(home, "suffix"), folded(pims, "suffix")
    differs = suffix_home[verdicts.home] != suffix_pims[verdicts.pims]
    verdicts.verdict[differs] = POSSIBLE
    verdicts.reason[differs] = "suffix_differs"
    return verdicts


def _pet_verdicts(
    home: pd.DataFrame, pims: pd.DataFrame, owner_home: Texts, owner_pims: Texts, pims_owner: Texts
) -> Verdicts:
    """Pairs of pets of one owner pair with the same name and species; a birth date may not differ.

    `owner_home` and `owner_pims` hold the same text for the two sides of a linked owner;
    `pims_owner` is the PIMS owner, of whom one home client may have several.
    """
    keys_home = joined(owner_home, folded(home, "name"), folded(home, "species"))
    keys_pims = joined(owner_pims, folded(pims, "name"), folded(pims, "species"))
    pairs = _pairs(_keyed(keys_home), _keyed(keys_pims), max_block=1000)
    verdicts = _without_rivals(
        pairs.assign(evidence="species"), "same_name_and_", within=pims_owner
    )
    born_home, born_pims = texts(home, "birth_date"), texts(pims, "birth_date")
    one, other = born_home[verdicts.home], born_pims[verdicts.pims]
    differs = (one != "") & (other != "") & (one != other)
    verdicts.verdict[differs] = POSSIBLE
    verdicts.reason[differs] = "birth_date_differs"
    return verdicts


def _client_keys(clients: pd.DataFrame) -> dict[str, pd.DataFrame]:
    first, last = folded(clients, "first_name"), folded(clients, "last_name")
    partner = folded(clients, "partner_first_name")
    organisation = folded(clients, "organisation")
    name = joined(first, last)
    name = np.where(name == "", "", name + "&" + partner)
    name = np.where((name == "") & (organisation != ""), "org|" + organisation, name)
    line = mapped(texts(clients, "address_line1"), fold) + "#" + folded(clients, "unit")
    line[texts(clients, "address_line1") == ""] = ""
    postal = mapped(texts(clients, "postal_code"), lambda code: code[:5])
    numbers = all_phone_numbers(texts(clients, "phones").tolist())
    rows = np.repeat(np.arange(len(clients)), [len(n) for n in numbers])
    flat = np.array([number for n in numbers for number in n] + [""], dtype=object)[:-1]
    return {
        "email": _keyed(joined(name, mapped(texts(clients, "email"), str.casefold))),
        "phone": _keyed(joined(name[rows], flat), rows),
        "address": _keyed(joined(name, line, postal)),
    }


def _keyed(keys: Texts, rows: np.ndarray[Any, Any] | None = None) -> pd.DataFrame:
    taken = keys != ""
    at = np.arange(len(keys)) if rows is None else rows
    return pd.DataFrame({"key": keys[taken], "row": at[taken]}).drop_duplicates()


def _pairs(home: pd.DataFrame, pims: pd.DataFrame, max_block: int) -> pd.DataFrame:
    """Rows with the same key; a key with too many rows on a side is left out."""
    kept = []
    for side in (home, pims):
        sizes = side["key"].map(side["key"].value_counts())
        kept.append(side[(sizes <= max_block).to_numpy(dtype=bool)])
    pairs = kept[0].merge(kept[1], on="key", suffixes=("_home", "_pims"))
    named = pairs.rename(columns={"row_home": "home", "row_pims": "pims"})
    return named[["home", "pims"]].drop_duplicates()


def _without_rivals(pairs: pd.DataFrame, reason: str, within: Texts | None = None) -> Verdicts:
    home = pairs["home"].to_numpy(dtype=np.int32)
    pims = pairs["pims"].to_numpy(dtype=np.int32)
    evidence = pairs["evidence"].to_numpy(dtype=object)
    group = pims * 0 if within is None else pd.factorize(within)[0][pims]
    rival = repeated(pims) | pd.MultiIndex.from_arrays([home, group]).duplicated(keep=False)
    verdict = np.where(rival, POSSIBLE, LINK).astype(np.int8)
    reasons = np.where(rival, "rival", reason + evidence).astype(object)
    kind, kinds = pd.factorize(evidence)
    shown = [f'{{"name": "same", "also_same": "{fields}"}}' for fields in kinds]
    return Verdicts(
        home=home,
        pims=pims,
        verdict=verdict,
        bits=np.where(verdict == LINK, LINK_BITS, POSSIBLE_BITS).astype(np.float64),
        reason=reasons,
        evidence=lambda at: (shown, kind[at]),
    )


def folded(frame: pd.DataFrame, column: str) -> Texts:
    """The column folded, '' where missing."""
    return mapped(texts(frame, column), fold)


def mapped(values: Texts, function: Callable[[str], str]) -> Texts:
    """`function` of each value, called once per distinct value."""
    codes, distinct = pd.factorize(values)
    if not len(distinct):
        return np.full(len(values), "", dtype=object)
    made = np.empty(len(distinct), dtype=object)
    made[:] = [function(str(value)) for value in distinct]
    return made[codes]


def joined(*parts: Texts) -> Texts:
    """The parts of each row joined by '|'; '' where any part is ''."""
    result = parts[0].astype(object)
    empty = parts[0] == ""
    for part in parts[1:]:
        result = result + "|" + part
        empty = empty | (part == "")
    result[empty] = ""
    return result
