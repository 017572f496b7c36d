"""Text folded for comparing, and distinct values coded as integers. No record logic here.

Folding is done once per distinct value: names, cities and breeds repeat, so this is what
keeps a practice of 100,000 clients cheap.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vet_pipeline.matching.arrays import Bools, Codes, Texts, Wide
from vet_pipeline.matching.cells import arrow, as_text, numbered, text
from vet_pipeline.matching.nicknames import given_names, known_nicknames, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence


_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
_NOT_ALNUM_LINE = re.compile(r"[^0-9a-z\n]+")
#: Letters that NFKD leaves whole.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th"})
_RUN = re.compile(r"([^\n])\1+")
#: So many letters of a folded text are compared: no name is longer, and comparing costs their
#: square.
LONGEST = 200
#: Letters that say little about how a name sounds.
_SOFT = str.maketrans("", "", "aeiouyhw ")


def fold(text: str) -> str:
    """Lower case, no accents, only letters and digits of ASCII, words joined by one blank."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _NOT_ALNUM.sub(" ", text.replace("'", "")).strip()


def fold_all(words: list[str]) -> list[str]:
    """`fold` of each word, in one go over all plain ones: a third of the time."""
    joined_words = "\n".join(words)
    if not joined_words.isascii() or joined_words.count("\n") != len(words) - 1:
        plain = [word.isascii() and "\n" not in word for word in words]
        if not any(plain):
            return [fold(word) for word in words]
        made = iter(fold_all([word for word, one in zip(words, plain, strict=True) if one]))
        return [next(made) if one else fold(word) for word, one in zip(words, plain, strict=True)]
    folded_text = _NOT_ALNUM_LINE.sub(" ", joined_words.lower().replace("'", ""))
    return [line.strip() for line in folded_text.split("\n")]


def texts(frame: pd.DataFrame, column: str) -> Texts:
    """The column as objects, '' where missing or absent."""
    return np.asarray(text(frame, column).to_numpy(zero_copy_only=False), dtype=object)


@dataclass
class Column:
    """A column of text as codes into words; `words[0]` is '' (missing).

    Words may be equal: those of the frames aren't, but what is made of them may be.
    """

    codes: Codes
    words: list[str]

    @classmethod
    def of(cls, frames: Sequence[pd.DataFrame], name: str) -> Column:
        """The column `name` of several frames, one after the other."""
        parts = [arrow(frame, name) for frame in frames]
        if all(part.null_count == len(part) for part in parts):
            return cls(np.zeros(sum(map(len, parts)), dtype=np.int32), [""])
        codes, words = numbered(*map(as_text, parts))
        return cls(codes, words.to_pylist())

    def map(self, function: Callable[[str], str]) -> Column:
        """`function` of each word."""
        return Column(self.codes, [function(word) if word else "" for word in self.words])

    def folded(self) -> Column:
        """`map(fold)`, but no more than the first LONGEST letters of each."""
        return Column(self.codes, [word[:LONGEST].rstrip() for word in fold_all(self.words)])

    def distinct_codes(self) -> Codes:
        """Codes that are the same for equal words, 0 for ''."""
        return Vocabulary.of(self)[1][0]


@dataclass
class Vocabulary:
    """Distinct texts; `texts[0]` is '' (missing)."""

    texts: list[str]

    @classmethod
    def of(cls, *columns: Column) -> tuple[Vocabulary, list[Codes]]:
        """One vocabulary for several columns, and each column's codes in it."""
        table = {"": 0}
        parts = []
        for column in columns:
            new = [table.setdefault(word, len(table)) for word in column.words]
            parts.append(np.array(new, dtype=np.int32)[column.codes])
        return cls(list(table)), parts

    @cached_property
    def sizes(self) -> Codes:
        """Length of each text."""
        return np.array([len(text) for text in self.texts], dtype=np.int32)

    @cached_property
    def letters(self) -> Codes:
        """First letter of each text as a number, 0 for ''."""
        return np.array([ord(text[0]) if text else 0 for text in self.texts], dtype=np.int32)

    @cached_property
    def telling(self) -> list[str]:
        """Each text that is long enough to be looked for in another, else what none holds."""
        return [text if len(text) >= 3 else "\0" for text in self.texts]

    @cached_property
    def sounds(self) -> Codes:
        """A code of each text's skeleton, 0 where it has none."""
        table = {"": 0}
        made = [table.setdefault(sound, len(table)) for sound in skeletons(self.texts)]
        return np.array(made, dtype=np.int32)

    @cached_property
    def _spelled(self) -> tuple[dict[str, int], Codes]:
        """Codes of spellings so far, and that of each text's; below 0 not yet looked at."""
        return {"": 0}, np.full(len(self.texts), -1, dtype=np.int32)

    def spelled_alike(self, left: Codes, right: Codes) -> Bools:
        """Whether the texts of each pair are usual spellings of one name."""
        table, made = self._spelled
        codes = occurring(len(made), left, right)
        codes = codes[made[codes] < 0]
        found = spellings([self.texts[code] for code in codes.tolist()])
        made[codes] = [table.setdefault(one, len(table)) for one in found]
        return np.asarray((made[left] == made[right]) & (made[left] > 0))

    @cached_property
    def formed(self) -> Bools:
        """Whether each text is a given name with nicknames, or one."""
        return self.among(known_nicknames())

    @cached_property
    def given(self) -> Bools:
        """Whether each text is a known given name, so that it is hardly a slip in another."""
        return self.among(given_names())

    def among(self, known: Container[str]) -> Bools:
        """Whether each text is one of these."""
        return np.array([text in known for text in self.texts], dtype=bool)


def distinct(values: Wide) -> Wide:
    """The distinct values in order; sorting is faster here than numpy's hashing."""
    values = np.sort(values)
    return values[np.r_[True, values[1:] != values[:-1]]] if len(values) else values


def occurring(size: int, *codes: Codes) -> Wide:
    """The codes below `size` that occur anywhere, each once."""
    there = np.zeros(size, dtype=bool)
    for some in codes:
        there[some] = True
    return np.flatnonzero(there)


def different_holders(
    code: Codes, rows: Codes, who: Callable[[Codes], Codes], wanted: Codes, size: int
) -> Codes:
    """How many different `who` above 0 the rows have that hold each wanted value."""
    asked = np.zeros(size, dtype=bool)
    asked[wanted] = True
    at = np.flatnonzero(asked[code])
    holder = who(rows[at])
    pairs = distinct((code[at].astype(np.int64) << 32 | holder)[holder > 0])
    return np.bincount(pairs >> 32, minlength=size)[wanted].astype(np.int32)


def coded(values: Wide) -> tuple[Wide, Wide]:
    """The distinct values, in order of first appearance, and the place of each among them."""
    codes, there = pd.factorize(values)
    return np.asarray(there, dtype=np.int64), codes


def skeletons(words: list[str]) -> list[str]:
    """First letter and the consonants after it, doubles once: what typos in vowels leave.

    '' of a single letter. Words hold no line break: they are read in one go.
    """
    if not words:
        return []
    rests = "\n".join([word[1:] for word in words]).translate(_SOFT).split("\n")
    whole = "\n".join([word[:1] + rest for word, rest in zip(words, rests, strict=True)])
    found = _RUN.sub(r"\1", whole).split("\n")
    return [one[:4] if len(word) > 1 else "" for word, one in zip(words, found, strict=True)]
