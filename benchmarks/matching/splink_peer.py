"""Splink 5 on the same normalized rows: EM-trained, pet names as evidence, one-to-one, a veto.

Set up as its documentation teaches: blocking on exact keys, u by random sampling, m by EM on
two blocking rules, frequencies for names; then every PIMS row takes its best home row, and
pairs whose first names differ wholly or whose suffixes differ are forbidden.
"""

from __future__ import annotations

import json
import logging
import warnings
from typing import Any

import pandas as pd
from rapidfuzz.distance import JaroWinkler

from benchmarks.matching.strict_rule import folded
from vet_pipeline.matching import Side
from vet_pipeline.matching.keys import fold, texts
from vet_pipeline.matching.nicknames import known_nicknames

#: Its own threshold for an automatic link, and for showing a pair to a person.
LINK, POSSIBLE = 0.99, 0.5


def splink_match(home: Side, pims: Side) -> pd.DataFrame:
    """pims_id, home_id, decision for linked and possible pairs."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as cl

    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    api = DuckDBAPI()
    tables = [
        api.register(_table(side), source_dataset_name=name)
        if "source_dataset_name" in DuckDBAPI.register.__code__.co_varnames
        else api.register(_table(side), dataset_display_name=name)
        for side, name in ((home, "home"), (pims, "pims"))
    ]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.ArrayIntersectAtSizes("phones", [1]),
            cl.EmailComparison("email"),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.88]),
            cl.ExactMatch("postal"),
            cl.ArrayIntersectAtSizes("pets", [2, 1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"),
            block_on("phone"),
            block_on("email"),
            block_on("address", "postal"),
            block_on("surname", "postal"),
            block_on("first_name", "postal"),
        ],
        retain_matching_columns=False,
    )
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "phone"), block_on("first_name", "email")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (
        block_on("first_name", "surname"),
        block_on("address", "postal"),
        block_on("phone"),
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=POSSIBLE)
    pairs = (
        found.as_duckdbpyrelation().df()
        if hasattr(found, "as_duckdbpyrelation")
        else found.as_pandas_dataframe()
    )
    return _one_each(pairs, home, pims)


def _one_each(pairs: pd.DataFrame, home: Side, pims: Side) -> pd.DataFrame:
    left_is_home = pairs["source_dataset_l"].astype(str).str.contains("home")
    pairs = pd.DataFrame(
        {
            "home_id": pairs["unique_id_l"].where(left_is_home, pairs["unique_id_r"]),
            "pims_id": pairs["unique_id_r"].where(left_is_home, pairs["unique_id_l"]),
            "chance": pairs["match_probability"],
        }
    ).sort_values(["pims_id", "chance", "home_id"], ascending=[True, False, True])
    best = pairs.drop_duplicates("pims_id").copy()
    names = {
        side: dict(
            zip(
                texts(frame, "client_id"),
                zip(
                    folded(frame, "first_name"),
                    folded(frame, "partner_first_name"),
                    folded(frame, "suffix"),
                    strict=True,
                ),
                strict=True,
            )
        )
        for side, frame in (("home", home.clients), ("pims", pims.clients))
    }
    forbidden = [
        _forbidden(names["home"][h], names["pims"][p])
        for h, p in zip(best["home_id"], best["pims_id"], strict=True)
    ]
    linked = (best["chance"] >= LINK) & ~pd.Series(forbidden, index=best.index, dtype=bool)
    best["decision"] = linked.map({True: "linked", False: "possible"})
    return best[["pims_id", "home_id", "decision"]]


def _forbidden(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    if one[2] and other[2] and one[2] != other[2]:
        return True
    pairs = [(a, b) for a in one[:2] for b in other[:2] if a and b]
    return bool(pairs) and not any(_alike(a.split(" ")[0], b.split(" ")[0]) for a, b in pairs)


def _alike(a: str, b: str) -> bool:
    if min(len(a), len(b)) == 1:
        return a[0] == b[0]
    return b in known_nicknames().get(a, ()) or JaroWinkler.similarity(a, b) >= 0.8


def _table(side: Side) -> Any:
    clients = side.clients
    phones = [
        sorted({p["number"] for p in json.loads(cell)}) if cell else None
        for cell in texts(clients, "phones")
    ]
    pets: dict[str, set[str]] = {}
    for owner, name in zip(texts(side.pets, "client_id"), folded(side.pets, "name"), strict=True):
        pets.setdefault(owner, set()).add(name.split(" ")[0])
    ids = texts(clients, "client_id")
    address = [
        f"{fold(a)} {fold(u)}".strip() or None
        for a, u in zip(texts(clients, "address_line1"), texts(clients, "unit"), strict=True)
    ]
    import pyarrow as pa

    return pa.table(
        {
            "unique_id": pa.array(ids, pa.string()),
            "first_name": _known(folded(clients, "first_name")),
            "surname": _known(folded(clients, "last_name")),
            "phones": pa.array([p or None for p in phones], pa.list_(pa.string())),
            "phone": pa.array([p[0] if p else None for p in phones], pa.string()),
            "email": _known([e.casefold() for e in texts(clients, "email")]),
            "address": pa.array(address, pa.string()),
            "postal": _known([code[:5] for code in texts(clients, "postal_code")]),
            "pets": pa.array(
                [sorted(pets[i]) if i in pets else None for i in ids], pa.list_(pa.string())
            ),
        }
    )


def _known(values: Any) -> Any:
    import pyarrow as pa

    return pa.array([value or None for value in values], pa.string())
