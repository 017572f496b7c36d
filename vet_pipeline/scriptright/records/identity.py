"""What identifies a client or a pet, as a digest: a person's word on a match holds while it stands.

The PIMS side is digested as the PIMS wrote it, not as we normalize it: a release of the rules
must not re-open questions that people have answered.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from vet_pipeline.matching import Decision
from vet_pipeline.policy import FIELD, RECORDS, Record
from vet_pipeline.scriptright.records.values import IDENTIFYING, as_compared, digest
from vet_pipeline.scriptright.records.writes import Keep, baseline_rows, read_records

# Names, addresses, phones and email of a client; name, species, breed and birth date of a pet. Kept
# digests are of these in this order: it must stay as it is, whatever becomes of the contract's columns.
IDENTIFYING_RAW: dict[str, tuple[str, ...]] = {
    "client": (
        "title", "first_name", "last_name", "full_name", "organisation", "address_line1",
        "address_line2", "address_line3", "city", "state", "postal_code", "email", "phones",
    ),
    "pet": ("name", "species", "breed", "birth_date"),
}  # fmt: skip


class Pair(NamedTuple):
    """A PIMS record and the ScriptRight record that it is, or may be."""

    record: Record
    pims_id: str
    record_id: int


_TYPED_OTHERWISE = re.compile(r"[\s().\-/]+")


def pims_digest(record: Record, raw: Mapping[str, Any]) -> bytes:
    """The digest of a baseline row's identifying text.

    Without blanks around it, and of phones without what people put between digits: a blank more or
    a dash retyped is no other client. This must stay as it is, as digests are kept.
    """
    return _digest([_plain(column, raw[column]) for column in IDENTIFYING_RAW[record]])


def _plain(column: str, cell: str | None) -> str | None:
    said = " ".join((cell or "").split())
    return (_TYPED_OTHERWISE.sub("", said) if column == "phones" else said) or None


def _digest_as_written(record: Record, raw: Mapping[str, Any]) -> bytes:
    """The digest of the text to the letter: words that earlier releases kept by it hold, too."""
    return _digest([raw[column] or None for column in IDENTIFYING_RAW[record]])


def record_digest(record: Record, row: Mapping[str, Any]) -> bytes:
    """The digest of a ScriptRight row's identifying fields; a phone retyped is the same phone.

    Not a pet's owner: pets are linked under linked owners.
    """
    names = (name for name in IDENTIFYING[record] if name != "owner")
    return _digest([as_compared(FIELD[record, name], row) for name in names])


def remember(connection: Connection, practice_id: str, pair: Pair, *, same: bool, by: str) -> None:
    """Keep a person's word on a pair, with both sides as they are now in the transaction."""
    record, pims_id, record_id = pair
    raw = baseline_rows(connection, practice_id, record, [pims_id])[pims_id]
    row = read_records(connection, practice_id, record, [record_id])[record_id]
    word = {
        "same": same,
        "by": by,
        "pims_digest": pims_digest(record, raw),
        "record_digest": record_digest(record, row),
    }
    connection.execute(_REMEMBER, {"practice_id": practice_id, **pair._asdict(), **word})


def pair_digest(connection: Connection, practice_id: str, pair: Pair) -> str:
    """The fingerprint of one pair, as `pair_digests`."""
    return pair_digests(connection, practice_id, pair.record, [pair[1:]])[pair[1:]]


def pair_digests(
    connection: Connection,
    practice_id: str,
    record: Record,
    pairs: Iterable[tuple[str, int]],
    *,
    keep: Keep | None = None,
) -> dict[tuple[str, int], str]:
    """A fingerprint of both sides of each pair (PIMS id, record id) as they are now.

    For "is this still the pair that was shown?". `keep`: the records stay so (writes.py).
    """
    wanted = list(pairs)
    raw = baseline_rows(connection, practice_id, record, {pims_id for pims_id, _ in wanted})
    ids = sorted({record_id for _, record_id in wanted})
    rows = read_records(connection, practice_id, record, ids, keep=keep)
    said = {pims_id: pims_digest(record, row).hex() for pims_id, row in raw.items()}
    held = {record_id: record_digest(record, row).hex() for record_id, row in rows.items()}
    return {
        (pims_id, record_id): digest(
            record, pims_id, record_id, (said.get(pims_id), held.get(record_id))
        )
        for pims_id, record_id in wanted
    }


def decisions_for_match(connection: Connection, practice_id: str) -> list[Decision]:
    """Every word of a person that still holds, for the matcher; the last word on a pair counts.

    A word is dropped when the identifying data of either side have changed since, or a side is
    gone from ScriptRight; and where it only followed from a word on the owners that is taken back.
    """
    last = connection.execute(_LAST_WORDS, {"practice_id": practice_id}).mappings().all()
    kept: list[Decision] = []
    for record in RECORDS:
        words = [w for w in last if w["record"] == record]
        kept += [
            Decision(record, w["pims_id"], str(w["record_id"]), w["same"])
            for w in _holding(connection, practice_id, record, words)
        ]
    return kept


def _holding(
    connection: Connection, practice_id: str, record: Record, words: list[Any]
) -> Iterable[Any]:
    raw = baseline_rows(connection, practice_id, record, [w["pims_id"] for w in words])
    rows = read_records(connection, practice_id, record, [w["record_id"] for w in words])
    for word in words:
        pims_row, row = raw.get(word["pims_id"]), rows.get(word["record_id"])
        if pims_row is None or row is None:
            continue
        pims_now = pims_digest(record, pims_row), _digest_as_written(record, pims_row)
        if bytes(word["pims_digest"]) in pims_now and record_digest(record, row) == bytes(
            word["record_digest"]
        ):
            yield word


def _digest(values: object) -> bytes:
    text_ = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text_.encode(), digest_size=16).digest()


_REMEMBER = text("""
    INSERT INTO scriptright.match_decision (practice_id, record, pims_id, record_id, same,
        decided_by, pims_digest, record_digest)
    VALUES (:practice_id, :record, :pims_id, :record_id, :same, :by, :pims_digest, :record_digest)
""")
# The last word on each pair. Undoing a client's link says no of its pets, too, at the same moment:
# once that client's no is taken back (the two are one after all), theirs is nobody's.
LAST_WORDS = """
    SELECT DISTINCT ON (record, pims_id, record_id) *
    FROM scriptright.match_decision
    WHERE practice_id = :practice_id AND (record = 'client' OR same OR decided_at NOT IN (
        SELECT said.decided_at FROM scriptright.match_decision said
        JOIN scriptright.match_decision since USING (practice_id, record, pims_id, record_id)
        WHERE said.practice_id = :practice_id AND said.record = 'client' AND NOT said.same
          AND since.same AND since.decision_id > said.decision_id))
    ORDER BY record, pims_id, record_id, decision_id DESC
"""
_LAST_WORDS = text(LAST_WORDS)
