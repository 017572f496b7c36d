"""The upper confidence bound of a rate that was seen a few times (Clopper-Pearson)."""

from __future__ import annotations

from math import exp, lgamma, log, log1p
from typing import TYPE_CHECKING

from vet_pipeline.matching.model import load_model

if TYPE_CHECKING:
    from vet_pipeline.policy import Record


def calibrated_bound(record: Record, link_bits: float | None = None) -> float | None:
    """Upper 95 % bound of false links per 1,000 at a threshold (None: the model's own).

    From the calibration draws in the model file, by the nearest threshold below that they were
    counted at; None below the lowest. It speaks of practices like those draws.
    """
    model = load_model(f"{record}_verdict")
    bits = model.thresholds["link"] if link_bits is None else link_bits
    below = [one for one in model.calibration if one.bits <= bits and one.links]
    if not below:
        return None
    nearest = max(below, key=lambda one: one.bits)
    return round(1000 * upper_bound(nearest.false, nearest.links), 2)


def upper_bound(seen: int, among: int) -> float:
    """One-sided upper bound (95 %) of the rate behind `seen` of `among`; 1.0 if none was tried."""
    if among <= 0 or seen >= among:
        return 1.0
    low, high = seen / among, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(seen, among, middle) > 0.05:
            low = middle
        else:
            high = middle
    return high


def _at_most(seen: int, among: int, rate: float) -> float:
    """Chance of `seen` or fewer among `among` at this rate."""
    return sum(
        exp(
            lgamma(among + 1)
            - lgamma(k + 1)
            - lgamma(among - k + 1)
            + k * log(max(rate, 1e-300))
            + (among - k) * log1p(-min(rate, 1 - 1e-15))
        )
        for k in range(seen + 1)
    )
