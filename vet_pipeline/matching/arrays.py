"""The matcher's arrays by what their numbers mean. Types only.

Both sides' rows lie in one array, the home side's first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Codes = np.ndarray[Any, np.dtype[np.int32]]  # one number a value, 0 for blank; or a row's number
Rows = Codes  # rows of one side
Days = np.ndarray[Any, np.dtype[np.int32]]  # since 1970; UNKNOWN_DAY (animals.py) where missing
Places = np.ndarray[Any, np.dtype[np.int64]]  # positions in another array
Wide = np.ndarray[Any, np.dtype[np.int64]]  # two codes in one number; counts and days
Levels = np.ndarray[Any, np.dtype[np.int8]]  # how far each pair agrees in one feature
Matrix = np.ndarray[Any, np.dtype[np.int8]]  # levels: a row a pair, a column a feature
Kinds = np.ndarray[Any, np.dtype[np.int8]]  # NONE, POSSIBLE or LINK (verdicts.py)
Bits = np.ndarray[Any, np.dtype[np.float64]]  # log2 of the odds for the same
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Texts = np.ndarray[Any, np.dtype[np.object_]]
