"""A sampled sheet of links for a person to check by hand: values of both sides, side by side.

Only for people who may see them; never log it or send it anywhere.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import pandas as pd

from vet_pipeline.matching.keys import texts

if TYPE_CHECKING:
    from vet_pipeline.matching.contract import Side

_SHOWN = (
    "title", "first_name", "last_name", "suffix", "partner_first_name", "organisation",
    "address_line1", "unit", "postal_code", "phones", "email",
)  # fmt: skip


def review_sheet(
    clients: pd.DataFrame, home: Side, pims: Side, *, count: int = 50, salt: str = ""
) -> pd.DataFrame:
    """`count` automatic client links: half the weakest, half at random.

    The random half depends on the ids and `salt` alone, so a sheet can be made again, and its
    share of wrong ones estimates the false-link rate; the weakest half does not. Columns:
    pims_id, home_id, score, reason, drawn (weakest, random), pims_<field>, home_<field>, pims_pets,
    home_pets, and a blank `same` for the answer.
    """
    linked = clients[clients["decision"] == "linked"]
    scored = linked[linked["score"].notna()].sort_values(["score", "pims_id"])
    weakest = scored.head(count // 2).assign(drawn="weakest")
    rest = linked[~linked["pims_id"].isin(weakest["pims_id"])]
    keys = [_key(f"{salt}|{p}|{h}") for p, h in zip(rest["pims_id"], rest["home_id"], strict=True)]
    drawn = rest.assign(_key=keys).sort_values("_key").head(count - len(weakest))
    sheet = pd.concat([weakest, drawn.drop(columns="_key").assign(drawn="random")])
    sheet = sheet[["pims_id", "home_id", "score", "reason", "drawn"]].reset_index(drop=True)
    for name, side, key in (("pims", pims, "pims_id"), ("home", home, "home_id")):
        sheet = _with_values(sheet, name, side, key)
    return sheet.assign(same="")


def _with_values(sheet: pd.DataFrame, name: str, side: Side, key: str) -> pd.DataFrame:
    ids = texts(side.clients, "client_id")
    made = {f"{name}_{field}": texts(side.clients, field) for field in _SHOWN}
    values = pd.DataFrame(made, index=pd.Index(ids))
    pets: dict[str, list[str]] = {}
    for owner, pet in zip(texts(side.pets, "client_id"), texts(side.pets, "name"), strict=True):
        pets.setdefault(owner, []).append(pet)
    values[f"{name}_pets"] = [", ".join(sorted(pets.get(i, ()))) for i in ids]
    return sheet.join(values, on=key)


def _key(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()
