"""Which rows can be taken at all: every row needs a key of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.columns import QUARANTINE_SCHEMA, frame
from vet_pipeline.normalize.plain import Rest
from vet_pipeline.normalize.text import is_broken_key

# A record's key is an id, not text; the longest in the contract's PIMS has 50 characters.
MAX_KEY = 255
NO_KEY = "no_key"
DUPLICATE_KEY = "duplicate_key"  # rows that differ share it: none is taken
UNKEYED = (NO_KEY, DUPLICATE_KEY)
DUPLICATE_ROW = "duplicate_row"  # the same row again: its key is taken once

Refusal = tuple[int, str | None, str]  # row number, key, reason


def texts(column: pd.Series) -> pa.Array:
    """A raw column as Arrow text; half surrogates, which Arrow can't hold, become U+FFFD."""
    try:
        array = pa.array(column, type=pa.string(), from_pandas=True)
    except UnicodeEncodeError:
        array = pa.array(
            [
                t.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
                if isinstance(t, str)
                else None
                for t in column
            ],
            type=pa.string(),
        )
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def split_keys(raw: pd.DataFrame, key_column: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows whose key is present and theirs alone, the others as QUARANTINE_SCHEMA).

    The first keep their order and index labels; their keys are trimmed. `row_number` is the
    position in `raw`. Reasons: `no_key`, `text_too_long` and `undecodable_text` (of the key),
    `duplicate_row` (the first of equal rows is taken), `duplicate_key` (none of several rows
    that differ is taken: nobody can say which is right).
    """
    column = texts(raw[key_column])
    if are_plain(column):
        return raw, quarantine([])
    recorded: list[str | None] = column.to_pylist()
    keys = [key.strip() if key else key for key in recorded]
    reasons = _refusals(raw, key_column, recorded, keys)
    if reasons:
        keep = [number for number in range(len(raw)) if number not in reasons]
        kept = raw.iloc[keep]
        new_keys = [keys[number] for number in keep]
    else:
        kept, new_keys = raw, keys
    if reasons or new_keys != recorded:
        kept = kept.copy()
        kept[key_column] = pd.Series(new_keys, index=kept.index, dtype=raw[key_column].dtype)
    refused = [(number, keys[number], reason) for number, reason in sorted(reasons.items())]
    return kept, quarantine(refused)


def are_plain(keys: pa.Array) -> bool:
    """Whether all are different, of letters and digits: then there is nothing to look at."""
    return bool(
        keys.null_count == 0
        and pc.all(pc.ascii_is_alnum(keys)).as_py()
        and (pc.max(pc.binary_length(keys)).as_py() or 0) <= MAX_KEY
        and (_ascend(keys) or len(pc.unique(keys)) == len(keys))
    )


def _ascend(keys: pa.Array) -> bool:
    """Whether each key is above the one before, as text or as number, as a PIMS is read."""
    before, after = keys.slice(0, len(keys) - 1), keys.slice(1)
    is_greater = pc.greater(after, before)
    if pc.all(is_greater).as_py():
        return True
    digits, more = pc.binary_length(before), pc.binary_length(after)
    as_number = pc.or_(pc.greater(more, digits), pc.and_(pc.equal(more, digits), is_greater))
    return bool(pc.all(as_number).as_py())


def trimmed(keys: pa.Array) -> pa.Array:
    """The keys without blanks around them; null where nothing is left."""
    rest = Rest(pc.fill_null(pc.ascii_is_alnum(keys), False))
    recorded = keys.take(rest.places).to_pylist()
    return rest.put(keys, [key.strip() or None if key else None for key in recorded])


def broken(keys: pa.Array) -> Iterator[int]:
    """The places of keys that can't be typed, shown or stored safely."""
    rest = Rest(pc.fill_null(pc.ascii_is_alnum(keys), True))
    recorded = zip(rest.places.to_pylist(), keys.take(rest.places).to_pylist(), strict=True)
    return (place for place, key in recorded if is_broken_key(key))


def quarantine(refused: list[Refusal]) -> pd.DataFrame:
    """The refused rows as a QUARANTINE_SCHEMA frame; a key that can't be shown is left out."""
    return frame(
        pa.table(
            [
                pa.array([number for number, _, _ in refused], type=pa.int64()),
                pa.array([_shown(key) for _, key, _ in refused], type=pa.string()),
                pa.array([reason for _, _, reason in refused], type=pa.string()),
            ],
            schema=QUARANTINE_SCHEMA,
        )
    )


def _shown(key: str | None) -> str | None:
    return key if key and len(key) <= MAX_KEY and not is_broken_key(key) else None


def _refusals(
    raw: pd.DataFrame, key_column: str, recorded: list[str | None], keys: list[str | None]
) -> dict[int, str]:
    """Row number -> reason."""
    reasons: dict[int, str] = {}
    for number, key in enumerate(keys):
        if not key:
            reasons[number] = NO_KEY
        elif len(key) > MAX_KEY:
            reasons[number] = "text_too_long"
        elif not (key.isascii() and key.isalnum()) and is_broken_key(recorded[number] or ""):
            reasons[number] = "undecodable_text"
    counts = Counter(key for number, key in enumerate(keys) if number not in reasons)
    if len(counts) + len(reasons) < len(keys):
        reasons |= _duplicates(raw, key_column, keys, {k for k, n in counts.items() if n > 1})
    return reasons


def _duplicates(
    raw: pd.DataFrame, key_column: str, keys: list[str | None], several: set[str | None]
) -> dict[int, str]:
    rows: dict[str | None, list[int]] = {}
    for number, key in enumerate(keys):
        if key in several:
            rows.setdefault(key, []).append(number)
    numbers = sorted(n for group in rows.values() for n in group)
    others = [texts(raw[c].iloc[numbers]).to_pylist() for c in raw.columns if c != key_column]
    cells = dict(zip(numbers, zip(*others, strict=True), strict=True)) if others else {}
    reasons: dict[int, str] = {}
    for group in rows.values():
        if len({cells.get(number) for number in group}) == 1:
            reasons |= dict.fromkeys(group[1:], DUPLICATE_ROW)
        else:
            reasons |= dict.fromkeys(group, DUPLICATE_KEY)
    return reasons
