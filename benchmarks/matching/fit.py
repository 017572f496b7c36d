"""Fitting additive tables: logistic regression on one-hot levels and chosen pairs of them.

Rows of levels repeat, so the data shrink to distinct rows with weights and a fit takes
seconds. Newton steps per cell, damped and pulled towards zero; no randomness anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


#: Newton steps, and how much of each is gone.
ROUNDS, RATE = 150, 0.4


@dataclass
class Counted:
    """Distinct rows of levels with how often each was true and false."""

    levels: Array
    true: Array
    false: Array

    @classmethod
    def of(cls, levels: Array, truth: Array) -> Counted:
        """Count equal rows; `truth` is boolean."""
        rows, inverse = np.unique(levels, axis=0, return_inverse=True)
        inverse = inverse.ravel()
        true = np.bincount(inverse, weights=truth, minlength=len(rows))
        false = np.bincount(inverse, weights=~truth, minlength=len(rows))
        return cls(rows, true, false)


def fit(
    data: Counted, sizes: list[int], *, pairs: int
) -> tuple[float, list[tuple[tuple[int, ...], Array]]]:
    """Start and tables in bits: all single features first, then the `pairs` that gain most."""
    total = data.true + data.false
    start = float(np.log((data.true.sum() + 1) / (data.false.sum() + 1)))
    score = np.full(len(total), start)
    terms: list[tuple[tuple[int, ...], Array, Array]] = []
    for column, size in enumerate(sizes):
        terms.append(((column,), data.levels[:, column].astype(np.int64), np.zeros(size)))
    _descend(data, score, terms)
    gains = []
    for one, other in combinations(range(len(sizes)), 2):
        cell = data.levels[:, one].astype(np.int64) * sizes[other] + data.levels[:, other]
        gradient, hessian = _slopes(data, score)
        g = np.bincount(cell, weights=gradient, minlength=sizes[one] * sizes[other])
        h = np.bincount(cell, weights=hessian, minlength=sizes[one] * sizes[other])
        gains.append((float((g**2 / (h + 5)).sum()), one, other, cell))
    gains.sort(key=lambda gain: (-gain[0], gain[1], gain[2]))
    for _, one, other, cell in gains[:pairs]:
        terms.append(((one, other), cell, np.zeros(sizes[one] * sizes[other])))
    _descend(data, score, terms)
    tables = []
    for columns, _, values in terms:
        shape = tuple(sizes[column] for column in columns)
        tables.append((columns, values.reshape(shape) / np.log(2)))
    return start / float(np.log(2)), tables


def _slopes(data: Counted, score: Array) -> tuple[Array, Array]:
    chance = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
    total = data.true + data.false
    return data.true - total * chance, total * chance * (1 - chance)


def _descend(
    data: Counted,
    score: Array,
    terms: list[tuple[tuple[int, ...], Array, Array]],
) -> None:
    for _ in range(ROUNDS):
        for columns, cell, values in terms:
            gradient, hessian = _slopes(data, score)
            g = np.bincount(cell, weights=gradient, minlength=len(values))
            h = np.bincount(cell, weights=hessian, minlength=len(values))
            pull = 1 if len(columns) == 1 else 3  # ridge
            step = RATE * np.clip((g - pull * values) / (h + pull + 0.1), -1, 1)
            values += step
            score += step[cell]


def referenced(
    start: float, tables: list[tuple[tuple[int, ...], Array]]
) -> tuple[float, list[tuple[tuple[int, ...], Array]]]:
    """The same scores with level 0 (missing, none, no) of every feature at 0 bits.

    So that what isn't there says nothing in an explanation: a table of two features keeps only
    what they say beyond each by itself.
    """
    singles = {columns[0]: table.copy() for columns, table in tables if len(columns) == 1}
    doubles = []
    for columns, table in tables:
        if len(columns) == 2:
            one, other = columns
            singles[one] += table[:, 0] - table[0, 0]
            singles[other] += table[0, :] - table[0, 0]
            start += table[0, 0]
            doubles.append((columns, table - table[:, :1] - table[:1, :] + table[0, 0]))
    for column, table in singles.items():
        start += table[0]
        singles[column] = table - table[0]
    return float(start), [((column,), table) for column, table in singles.items()] + doubles
