"""Text folded for comparing, and distinct values coded as integers. No record logic here.

Folding is done once per distinct value: names, cities and breeds repeat, so this is what
keeps a practice of 100,000 clients cheap.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Codes = np.ndarray[Any, np.dtype[np.int32]]
Texts = np.ndarray[Any, np.dtype[np.object_]]

_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
#: Letters that NFKD leaves whole.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th"})


def fold(text: str) -> str:
    """Lower case, no accents, only letters and digits of ASCII, words joined by one blank."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _NOT_ALNUM.sub(" ", text.replace("'", "")).strip()


def arrow(frame: pd.DataFrame, column: str) -> pa.Array:
    """The column as an Arrow array, whatever pandas keeps it as; nulls where absent."""
    if column not in frame.columns:
        return pa.nulls(len(frame))
    made = pa.array(frame[column], from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def texts(frame: pd.DataFrame, column: str) -> Texts:
    """The column as objects, '' where missing or absent."""
    values = pc.fill_null(arrow(frame, column).cast(pa.string()), "")
    result = np.empty(len(values), dtype=object)
    result[:] = values.to_pylist()
    return result


@dataclass
class Column:
    """A column of text as codes into its distinct words; `words[0]` is '' (missing)."""

    codes: Codes
    words: list[str]

    @classmethod
    def of(cls, frames: Sequence[pd.DataFrame], name: str) -> Column:
        """The column `name` of several frames, one after the other."""
        parts = [arrow(frame, name).cast(pa.string()) for frame in frames]
        coded = pa.concat_arrays(parts).dictionary_encode()
        codes = pc.fill_null(coded.indices, -1).to_numpy().astype(np.int32) + 1
        return cls(codes, ["", *coded.dictionary.to_pylist()])

    def map(self, function: Callable[[str], str]) -> Column:
        """`function` of each word; words that become equal get one code."""
        table = {"": 0}
        new = [table.setdefault(function(word) if word else "", len(table)) for word in self.words]
        return Column(np.array(new, dtype=np.int32)[self.codes], list(table))


def mapped(values: Texts, function: Callable[[str], str]) -> Texts:
    """`function` of each value, called once per distinct value."""
    codes, distinct = pd.factorize(values)
    if not len(distinct):
        return np.full(len(values), "", dtype=object)
    made = np.empty(len(distinct), dtype=object)
    made[:] = [function(str(value)) for value in distinct]
    return made[codes]


def folded(frame: pd.DataFrame, column: str) -> Texts:
    """The column folded, '' where missing."""
    return mapped(texts(frame, column), fold)


def joined(*parts: Texts) -> Texts:
    """The parts of each row joined by '|'; '' where any part is ''."""
    result = parts[0].astype(object)
    empty = parts[0] == ""
    for part in parts[1:]:
        result = result + "|" + part
        empty = empty | (part == "")
    result[empty] = ""
    return result


def phone_numbers(phones_json: str) -> list[str]:
    """The numbers of a `phones` cell in order of preference, without fax numbers."""
    if not phones_json:
        return []
    return [
        str(phone["number"])
        for phone in json.loads(phones_json)
        if phone.get("number") and phone.get("kind") != "fax"
    ]


def skeleton(text: str) -> str:
    """First letter and the consonants after it, doubles once: what typos in vowels leave."""
    if len(text) < 2:
        return ""
    kept = text[0]
    for letter in text[1:]:
        if letter not in "aeiouyhw " and letter != kept[-1]:
            kept += letter
    return kept[:4]
