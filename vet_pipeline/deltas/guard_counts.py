"""What a delta says in numbers that the guards look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from vet_pipeline.deltas.changes import ID_COLUMN, field_changes, is_blank
from vet_pipeline.deltas.delta import Delta, RecordDelta
from vet_pipeline.deltas.guards import GuardCounts, OfEach
from vet_pipeline.deltas.stage import normalize_known
from vet_pipeline.normalize.first_copy import OF_NO_HOUSE
from vet_pipeline.normalize.keys import UNKEYED
from vet_pipeline.normalize.weights import ROUNDED, is_doubtful
from vet_pipeline.policy import FIELDS, Field, Record

_Had = Callable[[Iterable[str]], Mapping[str, int]]
# Why a value is or was blank says what may happen to it; the guards only count.
_NONE_REFUSED = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in ("pims_id", "field", "reason")}
)


def with_waiting(
    delta: Delta, old_clients: pd.DataFrame, old_patients: pd.DataFrame
) -> pd.DataFrame:
    """The delta's changes and, for the guards alone, those of records that wait for a person.

    `old_*`: the baseline's raw rows of the waiting ones whose text has changed.
    """
    parts = [delta.changes]
    sides: tuple[tuple[Record, RecordDelta, pd.DataFrame], ...] = (
        ("client", delta.clients, old_clients),
        ("pet", delta.pets, old_patients),
    )
    for record, side, old in sides:
        if len(old):
            read_on, key = delta.snapshot.read_at.date(), ID_COLUMN[record]
            was = normalize_known(record, old, delta.conventions, read_on).rows
            rows = side.rows[side.rows[key].isin(was[key])]
            parts.append(field_changes(record, was, rows, _NONE_REFUSED, _NONE_REFUSED))
    return pd.concat(parts, ignore_index=True)


def guard_counts(delta: Delta, changes: pd.DataFrame, had: _Had = lambda _: {}) -> GuardCounts:
    """What the guards look at, without what the database knows. `changes`: those of `with_waiting`.

    `had` tells of some emails, in lower case, how many known clients had each.
    """
    turns = [
        (old["deceased"], new["deceased"]) for old, new in _old_and_new(changes, "pet", "deceased")
    ]
    weights = _old_and_new(changes, "pet", "weight")
    moved = [(old, new) for old, new in weights if _is_of_another_day(old, new)]
    clients, pets = delta.clients.counts(), delta.pets.counts()
    return GuardCounts(
        clients_read=clients["read"],
        patients_read=pets["read"],
        missing_clients=clients["missing"],
        missing_pets=pets["missing"],
        new_clients=clients["new"],
        new_pets=pets["new"],
        newly_deceased=sum(bool(now) and not was for was, now in turns),
        no_longer_dead=sum(bool(was) and not now for was, now in turns),
        emails_changed=_emails_changed(changes, had),
        clients_quarantined=clients["quarantined"],
        patients_quarantined=pets["quarantined"],
        unkeyed=OfEach(_unkeyed(delta.quarantine, "client"), _unkeyed(delta.quarantine, "pet")),
        weights_doubtful=sum(_is_doubtful(old, new) for old, new in weights),
        weights_changed=sum(_is_unexplained(old, new) for old, new in weights),
        weighings_moved=len(moved),
        weighings_earlier=sum(new["weighed_on"] < old["weighed_on"] for old, new in moved),
        weighings_redated=sum(_ratio(old, new) == 1 for old, new in moved),
        values_asked=_values_asked(changes),
    )


def _emails_changed(changes: pd.DataFrame, had: _Had) -> int:
    """Emails that are another one or gone; and one that many get at once is none of theirs.

    As many as had it already are no news: desks go on with what a person has released once.
    """
    emails = _old_and_new(changes, "client", "email")
    times = Counter(new["email"].lower() for _, new in emails if new["email"])
    given = {email: clients for email, clients in times.items() if clients >= OF_NO_HOUSE}
    before = had(given)
    of_many = {email for email, clients in given.items() if clients > before.get(email, 0)}
    return sum(
        old["email"] is not None or (new["email"] or "").lower() in of_many for old, new in emails
    )


def _unkeyed(quarantine: pd.DataFrame, record: Record) -> int:
    of_rows = (quarantine["record"] == record) & (quarantine["scope"] == "row")
    return int(quarantine.loc[of_rows & quarantine["reason"].isin(UNKEYED), "rows"].sum())


def _values_asked(changes: pd.DataFrame) -> dict[tuple[Record, str], int]:
    """Of values that were there, those asked about or gone, by field; not emails and lives."""
    others = changes[changes["action"] != "apply"]
    return {
        (field.record, field.name): sum(
            not _is_blank(field, old) and (action == "suggest" or _is_blank(field, new))
            for old, new, action in _of(others, field.record, field.name)[
                ["old", "new", "action"]
            ].itertuples(index=False)
        )
        for field in FIELDS
        if field.name not in ("email", "deceased")
    }


def _is_blank(field: Field, text: str) -> bool:
    value = json.loads(text)
    return is_blank(field, tuple(value[column] for column in field.columns))


def _is_of_another_day(old: dict[str, Any], new: dict[str, Any]) -> bool:
    was, now = old["weighed_on"], new["weighed_on"]
    return bool(was and now and was != now)


def _ratio(old: dict[str, Any], new: dict[str, Any]) -> Decimal | None:
    """By how much a weight is another one; None where it isn't known."""
    column = "weight_kg" if old["weight_kg"] and new["weight_kg"] else "weight_value"
    was, now = old[column], new[column]
    return Decimal(now) / Decimal(was) if was and now else None


def _is_doubtful(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether no usual weighing explains it where many are so: another one on the same day, too."""
    ratio = _ratio(old, new)
    if ratio is None:
        return False
    is_of_same_day = old["weighed_on"] is not None and old["weighed_on"] == new["weighed_on"]
    return is_doubtful(ratio) or (is_of_same_day and abs(ratio - 1) > ROUNDED)


def _is_unexplained(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether a weight is another one beyond what rounding does, and of no later day that is known."""
    ratio, was, now = _ratio(old, new), old["weighed_on"], new["weighed_on"]
    return ratio is not None and abs(ratio - 1) > ROUNDED and not (was and now and was < now)


def _old_and_new(
    changes: pd.DataFrame, record: Record, field: str
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    of_field = _of(changes, record, field)
    both = zip(of_field["old"], of_field["new"], strict=True)
    return [(json.loads(old), json.loads(new)) for old, new in both]


def _of(changes: pd.DataFrame, record: Record, field: str) -> pd.DataFrame:
    return changes[(changes["record"] == record) & (changes["field"] == field)]
