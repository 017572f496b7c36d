"""Whether a practice's scores look like those the model knows; if not, a person looks first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vet_pipeline.matching.model import load_model

if TYPE_CHECKING:
    import pandas as pd

#: Edges of the score bins, in bits.
EDGES = (-2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
#: Fewer scored rows than this say nothing about a practice.
ENOUGH = 200
#: The index from which credit scoring calls a population shifted; small samples stay below.
USUAL_LIMIT = 0.25


@dataclass(frozen=True)
class Drift:
    """Population stability index of the best scores, its limit, and the verdict."""

    index: float
    limit: float
    scored: int
    unlike: bool


def score_drift(clients: pd.DataFrame) -> Drift:
    """Compare the best score of each linked or possible PIMS client with the model's own draws.

    The limit is USUAL_LIMIT, or half as much again as any calibration draw reached, whichever is
    bigger. Fewer than ENOUGH scored rows are never called unlike.
    """
    thresholds = load_model("client_verdict").thresholds
    expected = [thresholds[f"share_{i}"] for i in range(len(EDGES) + 1)]
    shares, scored = score_shares(clients)
    index = stability_index(shares, expected)
    limit = max(thresholds["drift_limit"], USUAL_LIMIT)
    return Drift(round(index, 4), limit, scored, scored >= ENOUGH and index > limit)


def score_shares(clients: pd.DataFrame) -> tuple[list[float], int]:
    """Share of PIMS clients per score bin (best candidate each), and how many there are."""
    scored = clients.loc[clients["score"].notna()]
    best = scored.groupby("pims_id", sort=True)["score"].max().to_numpy(dtype=np.float64)
    counts = np.bincount(np.digitize(best, EDGES), minlength=len(EDGES) + 1)
    return (counts / max(len(best), 1)).tolist(), len(best)


def stability_index(seen: list[float], expected: list[float]) -> float:
    """Sum of (seen - expected) * ln(seen / expected), shares below 0.1 % counted as 0.1 %."""
    a, b = np.maximum(seen, 0.001), np.maximum(expected, 0.001)
    return float(((a - b) * np.log(a / b)).sum())
