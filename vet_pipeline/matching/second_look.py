"""The second look at a pair, of clients or of pets: its own bits beside its rivals'."""

from __future__ import annotations

from typing import Any

import numpy as np

from vet_pipeline.matching.arrays import Bits, Levels, Matrix
from vet_pipeline.matching.rivals import NO_RIVAL

STRENGTH_EDGES = (-8.0, -6.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
MARGIN_EDGES = (-4.0, -1.0, 1.0, 3.0, 6.0, 10.0)
MARGIN_WORDS = ("none", "far_better", "better", "even", "worse", "weak", "weaker", "far_weaker")
#: The columns of the rivals: of the best other home row for the same PIMS row, and the other way.
RIVALS = slice(1, 3)

Features = dict[str, tuple[str, ...]]


def features_beside_rivals(first: Features, *kept: str) -> Features:
    """The features of a second look. `kept`: those of the first that change what a rival means."""
    return {
        "strength": tuple(f"from {edge:g}" for edge in (-99.0, *STRENGTH_EDGES)),
        "rival_at_home": MARGIN_WORDS,
        "rival_in_pims": MARGIN_WORDS,
        **{name: first[name] for name in kept},
    }


def second_look(
    levels: Matrix, first: Features, second: Features, bits: Bits, rivals: tuple[Bits, Bits]
) -> Matrix:
    """Levels with the columns of `second`, from those of the first look; rivals: `best_rivals`."""
    order, (_, _, _, *kept) = list(first), second
    columns: list[Any] = [
        np.digitize(bits, STRENGTH_EDGES),
        *(_margins(bits, rival) for rival in rivals),
        *(levels[:, order.index(name)] for name in kept),
    ]
    return np.column_stack(columns).astype(np.int8)


def _margins(bits: Bits, rival: Bits) -> Levels:
    """0 without a rival, then from a rival far better than the pair to one far weaker."""
    level = 1 + np.digitize(bits - rival, MARGIN_EDGES)
    return np.where(rival == NO_RIVAL, 0, level).astype(np.int8)
