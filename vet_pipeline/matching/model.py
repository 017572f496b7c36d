"""Models as tables of bits: the score of a pair is the sum of the cells its levels point at.

A model file in `model/` is JSON: `features` (name -> words for the levels), `terms` (one or
two features and their table of bits), `start` (bits before any evidence), `thresholds` and
`training` (how it was made). Applying it is exact arithmetic on the same numbers every run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

Bits = np.ndarray[Any, np.dtype[np.float64]]
Matrix = np.ndarray[Any, np.dtype[np.int8]]


@dataclass(frozen=True)
class Term:
    """One table: `bits` has one axis per feature."""

    columns: tuple[int, ...]
    bits: Bits


@dataclass(frozen=True)
class Model:
    """An additive model with pairwise terms."""

    version: str
    features: dict[str, tuple[str, ...]]
    start: float
    terms: tuple[Term, ...]
    thresholds: dict[str, float]

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
        return cls(data["version"], features, data["start"], tuple(terms), data["thresholds"])

    def bits(self, levels: Matrix) -> Bits:
        """The score of each row of levels."""
        total = np.full(len(levels), self.start)
        for term in self.terms:
            total += term.bits[tuple(levels[:, column] for column in term.columns)]
        return total

    def by_feature(self, levels: Matrix) -> Bits:
        """Bits per row and feature; a term of two features is shared between them by halves."""
        shares = np.zeros((len(levels), len(self.features)))
        for term in self.terms:
            found = term.bits[tuple(levels[:, column] for column in term.columns)]
            for column in term.columns:
                shares[:, column] += found / len(term.columns)
        return shares


@cache
def load_model(name: str) -> Model:
    """The model file `model/<name>.json` of this package."""
    path = resources.files("vet_pipeline.matching") / "model" / f"{name}.json"
    return Model.from_json(path.read_text(encoding="utf-8"))
