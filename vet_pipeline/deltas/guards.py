"""The guards of docs/rules.md section 6: when a snapshot looks broken and must wait for a person.

Percentages are compared in whole numbers, so a threshold of 10 % means exactly that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from vet_pipeline.policy import RECORDS, Record


class Thresholds(BaseModel):
    """Per-practice settings; the defaults stand in docs/rules.md. Percentages are whole numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    missing_percent: int = Field(default=10, ge=0, le=100)
    newly_deceased_percent: int = Field(default=5, ge=0, le=100)
    emails_changed_percent: int = Field(default=10, ge=0, le=100)
    new_percent: int = Field(default=50, ge=0)
    unkeyed_percent: int = Field(default=5, ge=0, le=100)
    earlier_percent: int = Field(default=50, ge=0, le=100)
    floor: int = Field(default=25, ge=1)  # fewer records than this never trigger a percentage
    ask_from: int | None = Field(default=None, ge=1)  # of so many below the floor (doubted_records)


class OfEach(NamedTuple):
    """A number of clients, and one of pets."""

    clients: int
    pets: int


NONE = OfEach(0, 0)
BACKUP = "weighings_earlier"  # the rule of old backups


class KnownCounts(NamedTuple):
    """What the database knows: not missing before this snapshot, or back with it."""

    clients: int
    pets: int
    emails: int  # known clients whose baseline has an email
    weights: int  # known pets whose baseline has a weight
    dead: int  # known pets that are dead in ScriptRight
    now_refused: OfEach = NONE  # the snapshot has their rows and can't take them any more
    unkeyed_before: OfEach = NONE  # rows without a key of their own in the load before
    earlier_held: int = 0  # weighings by which a snapshot since then is held as an old backup


NOTHING = KnownCounts(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class GuardCounts:
    """What the guards look at."""

    clients_read: int
    patients_read: int
    missing_clients: int
    missing_pets: int
    new_clients: int
    new_pets: int
    newly_deceased: int
    emails_changed: int  # another one now, or blank; or one that many are given
    clients_quarantined: int = 0
    patients_quarantined: int = 0
    # Rows without a key, or with one that rows which differ share; `beside` takes the last load's off.
    unkeyed: OfEach = NONE
    no_longer_dead: int = 0  # said to live by now, or nothing
    weights_doubtful: int = 0  # twice or half as much, or another on the same day
    weights_changed: int = (
        0  # another one, and no later day explains it: no day is known, or the same
    )
    weighings_moved: int = 0  # pets that were weighed on another day than before
    weighings_earlier: int = 0  # of these, on an earlier one
    weighings_redated: int = 0  # of these, with the very same weight
    # Known records by field of the policy: a value that they had is another one, or gone in part,
    # and a person would be asked; or nothing that can be read stands there any more, which for one
    # is no question. Emails and lives have rules of their own.
    values_asked: Mapping[tuple[Record, str], int] = field(default_factory=dict)
    known: KnownCounts = NOTHING

    def beside(self, known: KnownCounts) -> GuardCounts:
        """The same beside what the database knows; unkeyed rows of the load before are no news."""
        before = known.unkeyed_before
        unkeyed = OfEach(self.unkeyed.clients - before.clients, self.unkeyed.pets - before.pets)
        return replace(self, known=known, unkeyed=unkeyed)


@dataclass(frozen=True, slots=True)
class GuardBreach:
    """One rule that a snapshot broke, in numbers only."""

    rule: str
    counted: int
    of: int
    threshold_percent: int | None  # None: the rule has no percentage

    def as_dict(self) -> dict[str, int | str | None]:
        """The breach as JSON: how a hold stores it."""
        return asdict(self)

    def __str__(self) -> str:
        if self.threshold_percent is None:
            return self.rule.replace("_", " ")
        share = f"{self.counted} of {self.of}"
        return f"{self.rule.replace('_', ' ')}: {share} (more than {self.threshold_percent} %)"


def smallest_passing_total(counted: int, percent: int, floor: int) -> int | None:
    """The smallest total of which `counted` is no more than `percent`: counting may stop there.

    0 where `counted` is below the floor, so that no total matters; None where none is large enough.
    """
    if counted < floor:
        return 0
    return -(-counted * 100 // percent) if percent else None


def evaluate_guards(
    counts: GuardCounts, thresholds: Thresholds, *, first_load: bool
) -> list[GuardBreach]:
    """Every rule the snapshot breaks; an empty list means it may be applied.

    An empty table always holds, first load or not, and so does one of which no row can be taken: an
    export of other columns would use up the first load and its email. So do more rows without a key
    of their own than a few bad ones: a table that was joined wrongly. The other percentages need
    something known. Missing are counted by kind and, where neither kind says anything, both
    together: 24 of 30 clients with 24 of 30 pets are 48 records.
    """
    of_the_read = _of_the_read(counts, thresholds)
    return of_the_read if first_load else [*of_the_read, *_beside_the_known(counts, thresholds)]


def _of_the_read(counts: GuardCounts, t: Thresholds) -> list[GuardBreach]:
    """What holds a first load, too: it needs nothing known."""
    empty = [
        GuardBreach(rule, 0, 0, None)
        for rule, read in (
            ("client_table_empty", counts.clients_read),
            ("patient_table_empty", counts.patients_read),
        )
        if read == 0
    ]
    all_refused = [
        GuardBreach(rule, quarantined, read, None)
        for rule, quarantined, read in (
            ("clients_all_quarantined", counts.clients_quarantined, counts.clients_read),
            ("patients_all_quarantined", counts.patients_quarantined, counts.patients_read),
        )
        if 0 < read == quarantined
    ]
    unkeyed = (
        ("clients_without_own_key", counts.unkeyed.clients, counts.clients_read),
        ("patients_without_own_key", counts.unkeyed.pets, counts.patients_read),
    )
    without_key = _broken(((*rule, t.unkeyed_percent) for rule in unkeyed), t.floor)
    return [*empty, *all_refused, *without_key]


def doubted_records(
    counts: GuardCounts, thresholds: Thresholds, *, first_load: bool
) -> frozenset[Record]:
    """Of which records nothing is automatic, where a practice wants to be asked about few as well.

    More than half of what they say is another thing, and fewer than would hold the snapshot: the
    emails of a practice of 20 that slipped by a row. That all ZIP codes are written anew says
    nothing of a death; where most weighings are earlier ones, the whole PIMS may be that of before.
    """
    least, floor = thresholds.ask_from, thresholds.floor
    if first_load or least is None:
        return frozenset()
    rules = {
        rule
        for rule, counted, of, _ in _of_values(counts, thresholds)
        if least <= counted < floor and 2 * counted > of
    }
    if BACKUP in rules:
        return frozenset(RECORDS)
    of_clients = {rule for rule in rules if rule.startswith(("client_", "emails_"))}
    sides: dict[Record, set[str]] = {"client": of_clients, "pet": rules - of_clients}
    return frozenset(record for record, broken in sides.items() if broken)


def _beside_the_known(counts: GuardCounts, t: Thresholds) -> list[GuardBreach]:
    known, refused, gone = counts.known, counts.known.now_refused, t.missing_percent
    rules = (
        ("clients_missing", counts.missing_clients, known.clients, gone),
        ("pets_missing", counts.missing_pets, known.pets, gone),
        # As good as missing. Where dates are written the other way round since the machine that
        # exports was set anew, those that are possible in either order are others now.
        ("clients_now_refused", refused.clients, known.clients, gone),
        ("pets_now_refused", refused.pets, known.pets, gone),
        *_of_values(counts, t),
        ("new_clients", counts.new_clients, known.clients, t.new_percent),
        ("new_pets", counts.new_pets, known.pets, t.new_percent),
    )
    by_kind = _broken(rules, t.floor)
    if not any(breach.rule in ("clients_missing", "pets_missing") for breach in by_kind):
        missing = counts.missing_clients + counts.missing_pets
        by_kind += _broken(
            [("records_missing", missing, known.clients + known.pets, gone)], t.floor
        )
    return by_kind


def _of_values(counts: GuardCounts, t: Thresholds) -> list[tuple[str, int, int, int]]:
    """The rules about what known records say: rule, counted, of how many, percent."""
    known, died, other = counts.known, t.newly_deceased_percent, t.emails_changed_percent
    of = {"client": known.clients, "pet": known.pets}
    weighed = counts.weighings_moved
    if known.earlier_held:
        # Life goes on over a backup: week by week more were weighed, and it stays what it is until
        # most of those by which it was held are put right.
        weighed = min(weighed, max(known.earlier_held, counts.weighings_earlier))
    return [
        ("newly_deceased", counts.newly_deceased, known.pets, died),
        ("no_longer_dead", counts.no_longer_dead, known.dead, died),
        # Pounds that are kilograms by now, a decimal point that got lost, another row's weights.
        ("weights_doubtful", counts.weights_doubtful, known.weights, other),
        # Weights without a day that slipped by a row among animals that weigh alike.
        ("weights_changed", counts.weights_changed, known.weights, t.earlier_percent),
        # An export that writes its own date as theirs, or the server's zone moved. In a week many
        # weigh the same: in a shelter, or where a visit carries the last weight on, up to a third.
        ("weighings_redated", counts.weighings_redated, known.weights, t.earlier_percent),
        # An old backup of the PIMS: the dead would live, and emails be those of before.
        (BACKUP, counts.weighings_earlier, weighed, t.earlier_percent),
        ("emails_changed", counts.emails_changed, known.emails, other),
        # Columns that are no longer filled, that slipped by one or were sorted by themselves.
        *(
            (f"{record}_{name}_changed", counted, of[record], other)
            for (record, name), counted in counts.values_asked.items()
        ),
    ]


def _broken(rules: Iterable[tuple[str, int, int, int]], floor: int) -> list[GuardBreach]:
    return [
        GuardBreach(rule, counted, of, percent)
        for rule, counted, of, percent in rules
        if counted >= floor and counted * 100 > percent * of
    ]
