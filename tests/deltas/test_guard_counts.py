"""What a delta counts for the guards and for quarantine, beside what changed (test_build.py)."""

from __future__ import annotations

import pytest

from tests.deltas.test_build import ANN, REX, delta_of
from tests.frames import raw_clients, raw_patients
from vet_pipeline.deltas.guard_counts import guard_counts, with_waiting

BOB = {**ANN, "client_key": "2", "first_name": "Bob"}
MAX = {**REX, "patient_key": "8", "name": "Max"}
MIA = {**REX, "patient_key": "9", "name": "Mia"}


def test_new_records_are_counted_apart_from_changed_ones() -> None:
    delta = delta_of(
        raw_clients({**ANN, "email": None}, BOB),
        raw_patients({**REX, "name": "Rexy"}, MAX, MIA),
        raw_clients(ANN),
        raw_patients(REX),
    )
    counts = guard_counts(delta, delta.changes)
    assert (counts.clients_read, counts.new_clients) == (2, 1)
    assert (counts.patients_read, counts.new_pets) == (3, 2)


@pytest.mark.parametrize(("clients", "counted"), [(4, 0), (5, 5)])
def test_one_email_that_many_are_given_at_once_counts_as_changed(
    clients: int, counted: int
) -> None:
    """Four may be a household; five are given the clinic's own, as the field must be filled."""
    without = [{**ANN, "client_key": str(n), "email": None} for n in range(9)]
    given = [{**row, "email": "Desk@oak.example"} for row in without[:clients]]
    others = [{**row, "email": f"c{n}@x.example"} for n, row in enumerate(without[clients:])]
    old = raw_clients(*without)
    delta = delta_of(raw_clients(*given, *others), raw_patients(REX), old, raw_patients(REX))
    assert guard_counts(delta, delta.changes).emails_changed == counted


def test_alive_where_nothing_was_known_is_no_death() -> None:
    alive = raw_patients({**REX, "deceased_flag": "no"})
    delta = delta_of(raw_clients(ANN), alive, raw_clients(ANN), raw_patients(REX))
    assert list(delta.changes["field"]) == ["deceased"]
    assert guard_counts(delta, delta.changes).newly_deceased == 0


@pytest.mark.parametrize(
    ("was", "now", "doubtful"),
    [
        (("9", "kg"), ("9000", "g"), 0),  # of two units kilograms are compared
        (("9", "kg"), ("20", "lb"), 0),
        (("20", "lb"), ("20", "kg"), 1),
        (("20", None), ("20", "kg"), 0),  # of which one isn't known the numbers are
        (("20", "lb"), ("45", None), 1),
        (("5", None), ("5.15", None), 0),
        (("5", None), ("5.16", None), 1),
        (("10", "kg"), ("20", "kg"), 1),
        (("10", "kg"), ("5", "kg"), 1),
    ],
)
def test_a_weight_of_the_same_day_is_doubtful_beyond_what_rounding_does(
    was: tuple[str, str | None], now: tuple[str, str | None], doubtful: int
) -> None:
    def rex(value: str, unit: str | None) -> dict[str, str | None]:
        return {**REX, "weight": value, "weight_unit": unit, "weight_date": "2026-11-01"}

    old, new = raw_patients(rex(*was)), raw_patients(rex(*now))
    delta = delta_of(raw_clients(ANN), new, raw_clients(ANN), old)
    assert guard_counts(delta, delta.changes).weights_doubtful == doubtful


@pytest.mark.parametrize(("weight", "day", "redated"), [
    ("9", "2026-11-20", 1), ("9", None, 0), ("9.1", "2026-11-20", 0), ("9", "2026-11-01", 0),
])  # fmt: skip
def test_the_very_same_weight_on_another_day_is_counted_and_no_doubtful_one(
    weight: str, day: str | None, redated: int
) -> None:
    rex = {**REX, "weight": "9", "weight_unit": "kg", "weight_date": "2026-11-01"}
    new = raw_patients({**rex, "weight": weight, "weight_date": day, "breed": "Beagle"})
    delta = delta_of(raw_clients(ANN), new, raw_clients(ANN), raw_patients(rex))
    counts = guard_counts(delta, delta.changes)
    assert (counts.weighings_redated, counts.weights_doubtful) == (redated, 0)


@pytest.mark.parametrize(("weight", "was_on", "now_on", "changed"), [
    ("9.5", None, None, 1), ("9.2", None, None, 0), (None, None, None, 0),
    ("9.5", "2026-11-01", "2026-11-01", 1), ("9.5", "2026-11-01", "2026-11-02", 0),
    ("9.5", "2026-11-02", "2026-11-01", 1), ("9.5", "2026-11-01", None, 1),
    ("9.5", None, "2026-11-01", 1),
])  # fmt: skip
def test_another_weight_is_counted_unless_it_is_of_a_later_day(
    weight: str | None, was_on: str | None, now_on: str | None, changed: int
) -> None:
    rex = {**REX, "weight": "9", "weight_unit": "kg", "weight_date": was_on}
    new = raw_patients({**rex, "weight": weight, "weight_date": now_on})
    delta = delta_of(raw_clients(ANN), new, raw_clients(ANN), raw_patients(rex))
    assert guard_counts(delta, delta.changes).weights_changed == changed


def test_rows_and_values_that_are_not_taken_are_counted_by_reason() -> None:
    delta = delta_of(
        raw_clients(ANN, {**BOB, "email": "bob at home"}),
        raw_patients(
            {**REX, "weight": "big"}, {**MAX, "weight": "-3"}, {**MIA, "weight": "big", "name": ""}
        ),
        raw_clients(),
        raw_patients(),
    )
    counted = [tuple(line.values()) for line in delta.quarantine.to_dict("records")]
    assert counted == [
        ("client", "value", "email", "not_an_email", 1),
        ("pet", "row", "", "no_name", 1),
        ("pet", "value", "weight", "negative_weight", 1),
        ("pet", "value", "weight", "not_a_weight", 1),
    ]


def test_nothing_that_is_not_taken_is_an_empty_table() -> None:
    delta = delta_of(raw_clients(ANN), raw_patients(REX), raw_clients(), raw_patients())
    assert delta.quarantine.empty
    assert list(delta.quarantine.columns) == ["record", "scope", "field", "reason", "rows"]


def test_the_guards_see_changes_of_records_that_wait_and_loads_do_not() -> None:
    """Of Bob and Max a person is asked whose they are; the baseline has their former text."""
    delta = delta_of(
        raw_clients({**ANN, "email": "lee@example.org"}, {**BOB, "email": "b@example.org"}),
        raw_patients(REX, {**MAX, "deceased_flag": "yes"}),
        raw_clients(ANN),
        raw_patients(REX),
    )
    changes = with_waiting(delta, raw_clients(BOB), raw_patients(MAX))
    told = changes[["record", "pims_id", "field"]].values.tolist()
    assert told == [["client", "1", "email"], ["client", "2", "email"], ["pet", "8", "deceased"]]
    assert len(delta.changes) == 1
    assert list(changes.index) == [0, 1, 2]
    alone = with_waiting(delta, raw_clients(), raw_patients())
    assert alone.values.tolist() == delta.changes.values.tolist()


def test_where_a_pet_is_left_out_the_others_keep_their_kinds_and_raw_rows() -> None:
    lost = {**MIA, "client_key": "99"}
    twice = {**MAX, "patient_key": "6"}
    delta = delta_of(
        raw_clients(ANN),
        raw_patients(lost, MAX, {**REX, "name": "Rexy"}, twice, twice, {**twice, "name": "Moe"}),
        raw_clients(ANN),
        raw_patients(REX),
    )
    assert list(delta.pets.rows["pims_pet_id"]) == ["8", "7"]
    assert list(delta.pets.kind) == ["new", "changed"]
    assert list(delta.pets.read_raw()["patient_key"]) == ["8", "7"]
    assert (delta.pets.quarantined, delta.pets.refused) == (4, ("6", "9"))
    assert delta.pets.is_balanced


def test_the_same_row_twice_is_a_record_that_is_taken() -> None:
    delta = delta_of(raw_clients(ANN), raw_patients(REX, REX), raw_clients(), raw_patients())
    assert (delta.pets.quarantined, delta.pets.refused) == (1, ())


def test_a_usual_weighing_is_in_doubt_for_none() -> None:
    old, new = (
        raw_patients({**REX, "weight": kg, "weight_unit": "kg", "weight_date": on})
        for kg, on in (("10", "2026-10-01"), ("6", "2026-11-01"))
    )
    delta = delta_of(raw_clients(ANN), new, raw_clients(ANN), old)
    assert guard_counts(delta, delta.changes).weights_doubtful == 0
