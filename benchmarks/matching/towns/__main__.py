"""The matcher on towns of another hand, by kind of household: `python -m benchmarks.matching.towns`.

The draws of `benchmarks.matching` write nicknames by the book that the matcher reads, and its
weights were trained on their kind. These towns share neither names nor nicknames with it. Recall,
questions and false links stand by what the household is, and by how badly a pair is written;
`--show` prints each false link, made up as it is.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.matching import TODAY
from benchmarks.matching.communities.files import make_community
from benchmarks.matching.draws import Draw
from benchmarks.matching.labelled import has_counterpart, same_client
from benchmarks.matching.measure import score_clients, score_pets
from benchmarks.matching.towns.files import make_town
from vet_pipeline.matching import MatchResult, match
from vet_pipeline.matching.files import side_of


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="7101,7102,7103,7104,7105", help="separated by commas")
    parser.add_argument(
        "--communities", action="store_true", help="places where the usual evidence fails, instead"
    )
    parser.add_argument("--clients", type=int, default=4_000)
    parser.add_argument("--show", action="store_true", help="print the rows of each false link")
    arguments = parser.parse_args()
    looks = []
    for seed in arguments.seeds.split(","):
        make = make_community if arguments.communities else make_town
        draw = make(int(seed), arguments.clients)
        looks.append(look(draw))
        print(looks[-1].line(draw.name), flush=True)
        if arguments.show:
            show_false(draw, looks[-1])
    rows = pd.concat([one.rows for one in looks], ignore_index=True)
    for title, column in (("household", "kind"), ("written", "written")):
        print(
            f"\n{title:32} {'clients':>8} {'recall':>7} {'+possible':>9} {'asked':>7} {'false':>6}"
        )
        for name, part in _groups(rows, column):
            print(_row(name, part))
    print(_row("all", rows))


@dataclass
class Look:
    """What came of a draw: per PIMS row, and of the pets."""

    rows: pd.DataFrame
    result: MatchResult
    scores: Any

    def line(self, name: str) -> str:
        """The draw's totals."""
        clients, pets = self.scores
        return (
            f"{name}: recall {clients.recall:.4f}, with possible {clients.recall_with_possible:.4f},"
            f" false {clients.false} of {clients.links} (per 1,000 at most {clients.false_at_most:.2f}),"
            f" asked {clients.possible / clients.rows:.4f}, pets' F1 {pets.f1:.4f},"
            f" false {pets.false} of {pets.links}"
        )


def look(draw: Draw) -> Look:
    """Match a town and say of each PIMS row what became of it."""
    home = side_of(draw.home_clients, draw.home_pets, read_on=TODAY).side
    pims = side_of(draw.pims_clients, draw.pims_pets, read_on=TODAY).side
    result = match(home, pims)
    decided = result.clients[result.clients["home_id"].notna()]
    one = draw.home_truth.set_index("client_id").loc[decided["home_id"]]
    other = draw.pims_truth.set_index("client_id").loc[decided["pims_id"]]
    truth = same_client(one, other)
    linked = (decided["decision"] == "linked").to_numpy()
    of = decided["pims_id"].to_numpy()
    rows = draw.pims_truth.assign(
        has=has_counterpart(draw.home_truth, draw.pims_truth),
        right=draw.pims_truth["client_id"].isin(of[linked & (truth == 1)]),
        shown=draw.pims_truth["client_id"].isin(of[truth == 1]),
        asked=draw.pims_truth["client_id"].isin(of[~linked]),
        false=draw.pims_truth["client_id"].isin(of[linked & (truth == 0)]),
    )
    # A pair is written as badly as both of its rows.
    at_home = draw.home_truth.groupby("account")["written"].agg("|".join)
    rows["written"] += "|" + rows["account"].map(at_home).fillna("")
    scores = (
        score_clients(result.clients, draw.home_truth, draw.pims_truth),
        score_pets(
            result.pets, result.clients, home.pets, pims.pets, draw.home_pet_truth,
            draw.pims_pet_truth,
        ),
    )  # fmt: skip
    return Look(rows, result, scores)


def show_false(draw: Draw, found: Look) -> None:
    """Each false link of clients and of pets with both of its rows."""
    kinds = draw.pims_truth.set_index("client_id")["kind"]
    links = found.result.clients[found.result.clients["decision"] == "linked"]
    for row in links.itertuples():
        one = draw.home_truth[draw.home_truth["client_id"] == row.home_id]
        other = draw.pims_truth[draw.pims_truth["client_id"] == row.pims_id]
        if same_client(one, other)[0] == 0:
            print(f"  {kinds[row.pims_id]}, {row.score:.1f} bits")
            for side, key in (("home", row.home_id), ("pims", row.pims_id)):
                print("   ", side, *_values(getattr(draw, f"{side}_clients"), "client_id", key))
                pets = getattr(draw, f"{side}_pets")
                for pet in pets.loc[pets["client_id"] == key, "pet_id"].head(6):
                    print("        ", *_values(pets, "pet_id", pet)[2:])
    of_home, of_pims = (
        getattr(draw, f"{side}_pet_truth").set_index("pet_id")["pet"] for side in ("home", "pims")
    )
    for row in found.result.pets[found.result.pets["decision"] == "linked"].itertuples():
        if of_home[row.home_id] != of_pims[row.pims_id]:
            print(f"  a pet, {row.score:.1f} bits")
            print("    home", *_values(draw.home_pets, "pet_id", row.home_id))
            print("    pims", *_values(draw.pims_pets, "pet_id", row.pims_id))


def _values(frame: pd.DataFrame, key: str, value: str) -> list[str]:
    return [repr(text) for text in frame[frame[key] == value].iloc[0].tolist()]


def _groups(rows: pd.DataFrame, column: str) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each word of a column, the worst recall first."""
    single = rows.assign(word=rows[column].str.split("|")).explode("word")
    single = single[single["word"] != ""].drop_duplicates(
        ["household", "client_id", "word", "account"]
    )
    groups = [(str(word), part) for word, part in single.groupby("word")]
    return sorted(groups, key=lambda group: group[1].loc[group[1]["has"], "right"].mean())


def _row(name: str, part: pd.DataFrame) -> str:
    there = part[part["has"]]
    recall, shown = (
        float(np.mean(there[column])) if len(there) else 0 for column in ("right", "shown")
    )
    return f"{name:32} {len(there):8d} {recall:7.4f} {shown:9.4f} {part['asked'].mean():7.4f} {part['false'].sum():6d}"


if __name__ == "__main__":
    main()
