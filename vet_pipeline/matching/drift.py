"""Whether a practice's scores look like one's that the model knows; else a person looks first.

The model file holds the score shares of made-up practices from very clean to very dirty ones. A
practice is compared with the one that is most like it, so better or worse data alone is no
drift: a spread of scores that no known practice has is, whichever way it leans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vet_pipeline.matching.model import load_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

#: Edges of the score bins, in bits.
EDGES = (2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0)
#: Fewer scored rows than this say nothing about a practice.
ENOUGH = 200
#: The index from which credit scoring calls a population shifted; the limit is never less.
USUAL_LIMIT = 0.25


@dataclass(frozen=True)
class Drift:
    """Population stability index to the most similar known practice, its limit, and the verdict."""

    index: float
    limit: float
    scored: int
    unlike: bool


def score_drift(clients: pd.DataFrame) -> Drift:
    """Compare the best score of each linked or possible PIMS client with the known practices.

    The limit: half as much again as any known practice is from the others, and not less than
    USUAL_LIMIT; on top, what chance alone gives so few rows (mean and three standard deviations
    of the index of two equal populations). Fewer than ENOUGH scored rows are never called unlike.
    """
    model = load_model("client_verdict")
    shares, scored = score_shares(clients, model.thresholds["possible"])
    index = min(stability_index(shares, known) for known in model.known)
    free = len(EDGES)
    chance = (free + 3 * (2 * free) ** 0.5) / max(scored, 1)
    limit = max(model.thresholds["drift_limit"], USUAL_LIMIT) + chance
    return Drift(round(index, 4), round(limit, 4), scored, scored >= ENOUGH and index > limit)


def score_shares(clients: pd.DataFrame, least: float) -> tuple[list[float], int]:
    """Share of PIMS clients per score bin (each one's best, from `least` bits), and how many."""
    scored = clients.loc[clients["score"] >= least]
    best = scored.groupby("pims_id", sort=True)["score"].max().to_numpy(dtype=np.float64)
    counts = np.bincount(np.digitize(best, EDGES), minlength=len(EDGES) + 1)
    return (counts / max(len(best), 1)).tolist(), len(best)


def stability_index(seen: Sequence[float], expected: Sequence[float]) -> float:
    """Sum of (seen - expected) * ln(seen / expected), shares below 0.5 % counted as 0.5 %."""
    a, b = np.maximum(seen, 0.005), np.maximum(expected, 0.005)
    return float(((a - b) * np.log(a / b)).sum())


def limit_among(known: Sequence[Sequence[float]]) -> float:
    """Half as much again as the biggest index of any known practice to the one most like it."""
    nearest = [
        min(stability_index(one, other) for other in known if other is not one) for one in known
    ]
    return 1.5 * max(nearest)
