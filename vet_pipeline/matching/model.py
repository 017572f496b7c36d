"""Models as tables of bits: the score of a pair is the sum of the cells its levels point at.

A model file in `model/` is JSON:

- `features`: name -> words for the levels;
- `terms`: one or two features and their table of bits;
- `start`: bits before any evidence;
- `thresholds`, and `training`: how it was made;
- `known`: score shares of the practices that `drift` compares with;
- `calibration`: false links of unseen draws at several thresholds.

Applying it is exact arithmetic on the same numbers every run.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from vet_pipeline.matching.arrays import Bits, Matrix, Wide


@dataclass(frozen=True)
class Term:
    """One table: `bits` has one axis per feature."""

    columns: tuple[int, ...]
    bits: Bits


@dataclass(frozen=True)
class Calibrated:
    """Links at or above a threshold in draws that training hasn't seen, and the false ones."""

    bits: float
    links: int
    false: int


@dataclass(frozen=True)
class Model:
    """An additive model with pairwise terms."""

    version: str
    features: dict[str, tuple[str, ...]]
    start: float
    terms: tuple[Term, ...]
    thresholds: dict[str, float]
    known: tuple[tuple[float, ...], ...] = ()
    calibration: tuple[Calibrated, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Read a model file; raises ValueError where a table doesn't fit its features."""
        data = json.loads(text)
        features = {name: tuple(words) for name, words in data["features"].items()}
        order = list(features)
        terms = []
        for term in data["terms"]:
            columns = tuple(order.index(name) for name in term["features"])
            table = np.array(term["bits"], dtype=np.float64)
            if table.shape != tuple(len(features[order[c]]) for c in columns):
                raise ValueError(f"table of {term['features']} has the wrong shape")
            terms.append(Term(columns, table))
        if math.prod(len(words) for words in features.values()) >= 2**63:
            raise ValueError("too many features to number the rows of levels")
        return cls(
            data["version"],
            features,
            data["start"],
            tuple(terms),
            data["thresholds"],
            tuple(tuple(shares) for shares in data.get("known", ())),
            tuple(Calibrated(*row) for row in data.get("calibration", ())),
        )

    def bits(self, levels: Matrix) -> Bits:
        """The score of each row of levels."""
        if not len(levels):
            return np.zeros(0)
        # Rows of levels repeat: each distinct one is summed once.
        first, place = first_places(self.codes(levels))
        distinct = np.asfortranarray(levels[first])
        total = np.full(len(first), self.start)
        for term in self.terms:
            total += term.bits[tuple(distinct[:, column] for column in term.columns)]
        return np.asarray(total[place])

    def codes(self, levels: Matrix) -> Wide:
        """One number for each row of levels."""
        code = np.zeros(len(levels), dtype=np.int64)
        for column, words in enumerate(self.features.values()):
            code *= len(words)
            code += levels[:, column]
        return code

    def by_feature(self, levels: Matrix) -> Bits:
        """Bits per row and feature; a term of two features is shared between them by halves."""
        shares = np.zeros((len(levels), len(self.features)))
        for term in self.terms:
            found = term.bits[tuple(levels[:, column] for column in term.columns)]
            for column in term.columns:
                shares[:, column] += found / len(term.columns)
        return shares


def first_places(values: Wide) -> tuple[Wide, Wide]:
    """Where each distinct value stands first, and for each value which of those it is."""
    place, distinct = pd.factorize(values)
    first = np.empty(len(distinct), dtype=np.int64)
    first[place[::-1]] = np.arange(len(values))[::-1]
    return first, place


@cache
def load_model(name: str) -> Model:
    """The model file `model/<name>.json` of this package."""
    path = Path(__file__).with_name("model") / f"{name}.json"
    return Model.from_json(path.read_text(encoding="utf-8"))
