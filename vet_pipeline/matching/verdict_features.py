"""The second look at a pair of clients: its own bits beside its rivals'."""

from __future__ import annotations

from typing import Any

import numpy as np

from vet_pipeline.matching.arrays import Bits, Matrix
from vet_pipeline.matching.features import CLIENT_FEATURES
from vet_pipeline.matching.rivals import NO_RIVAL

STRENGTH_EDGES = (-8.0, -6.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
MARGIN_EDGES = (-4.0, -1.0, 1.0, 3.0, 6.0, 10.0)
MARGIN_WORDS = ("none", "far_better", "better", "even", "worse", "weak", "weaker", "far_weaker")

#: Features of the first look that change what a rival means.
KEPT = (
    "first_name",
    "surname",
    "joint",
    "phone",
    "email",
    "address",
    "building",
    "suffix",
    "coincidence",
    "pets",
    "organisation",
)

VERDICT_FEATURES: dict[str, tuple[str, ...]] = {
    "strength": tuple(f"from {edge:g}" for edge in (-99.0, *STRENGTH_EDGES)),
    "rival_at_home": MARGIN_WORDS,
    "rival_in_pims": MARGIN_WORDS,
    **{name: CLIENT_FEATURES[name] for name in KEPT},
}


def verdict_features(levels: Matrix, bits: Bits, home_rival: Bits, pims_rival: Bits) -> Matrix:
    """Levels of the second look, columns as VERDICT_FEATURES.

    home_rival: the best other PIMS row that wants the same home row; pims_rival: the best other
    home row for the same PIMS row.
    """
    order = list(CLIENT_FEATURES)
    kept = [levels[:, order.index(name)] for name in KEPT]
    columns: list[Any] = [
        np.digitize(bits, STRENGTH_EDGES),
        margin_levels(bits, pims_rival),
        margin_levels(bits, home_rival),
        *kept,
    ]
    return np.column_stack(columns).astype(np.int8)


def margin_levels(bits: Bits, rival: Bits) -> Matrix:
    """0 without a rival, then from a rival far better than the pair to one far weaker."""
    level = 1 + np.digitize(bits - rival, MARGIN_EDGES)
    return np.where(rival == NO_RIVAL, 0, level).astype(np.int8)
