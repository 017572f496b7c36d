"""Writing a model file: JSON that people can read, lists of numbers on one line each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching.fit import referenced
from vet_pipeline.matching.model import Model

Array = np.ndarray[Any, Any]


def as_json(
    version: str,
    words: dict[str, tuple[str, ...]],
    start: float,
    tables: list[tuple[tuple[int, ...], Array]],
    beside: dict[str, Any],
) -> str:
    """A model file: what stands beside the tables, then one line per table."""
    names = list(words)
    terms = [
        {"features": [names[c] for c in columns], "bits": np.round(table, 2).tolist()}
        for columns, table in tables
    ]
    head = {
        "version": version,
        "thresholds": {},
        **beside,
        "start": round(start, 2),
        "features": {name: list(w) for name, w in words.items()},
    }
    body = ",\n".join("  " + json.dumps(term) for term in terms)
    # Lists of numbers stand on one line each.
    text = re.sub(r"\[\s+([-\d.,\s]+?)\s+\]", _on_one_line, json.dumps(head, indent=1))
    return text[:-2] + ',\n "terms": [\n' + body + "\n ]\n}\n"


def _on_one_line(found: re.Match[str]) -> str:
    return "[" + " ".join(found[1].split()) + "]"


def write(
    path: Path,
    version: str,
    model: Model,
    thresholds: dict[str, float],
    about: dict[str, Any],
    more: dict[str, Any],
) -> None:
    """The model file."""
    start, tables = referenced(model.start, [(term.columns, term.bits) for term in model.terms])
    beside = {"training": about, "thresholds": thresholds} | {k: v for k, v in more.items() if v}
    path.write_text(as_json(version, model.features, start, tables, beside))
