"""The delta of a whole snapshot."""

from collections.abc import Container
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from tests.frames import baseline, raw_clients, raw_patients
from vet_pipeline.deltas.build import StagedTable, build_delta
from vet_pipeline.deltas.delta import Delta, SnapshotIdentity
from vet_pipeline.deltas.guard_counts import guard_counts
from vet_pipeline.deltas.guards import KnownCounts, OfEach
from vet_pipeline.deltas.stage import RawRows, normalize_stage
from vet_pipeline.normalize.conventions import Conventions

READ_AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ANN = {"client_key": "1", "first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}
REX = {"patient_key": "7", "client_key": "1", "name": "Rex", "species": "DOG"}


def delta_of(
    clients: pd.DataFrame,
    patients: pd.DataFrame,
    old_clients: pd.DataFrame,
    old_patients: pd.DataFrame,
    *,
    waiting: Container[str] = (),
) -> Delta:
    """The delta of a snapshot against a baseline that holds the old rows, linked or `waiting`."""

    def known(old: pd.DataFrame, key: str) -> pd.DataFrame:
        return baseline(*((i, b"old", False, i in waiting) for i in old[key]))

    def staged(record: str, raw: pd.DataFrame, old: pd.DataFrame, key: str) -> StagedTable:
        stage = normalize_stage(
            record,  # type: ignore[arg-type]
            RawRows.of(raw, record),  # type: ignore[arg-type]
            known(old, key),
            baseline_seq=1 if len(old_clients) else None,
            conventions=Conventions(),
            read_on=TODAY,
        )
        return StagedTable(stage, raw.copy, old)

    return build_delta(
        SnapshotIdentity("p1", 2, "hash", READ_AT),
        staged("client", clients, old_clients, "client_key"),
        staged("pet", patients, old_patients, "patient_key"),
        known_client_ids=set(old_clients["client_key"]),
        conventions=Conventions(),
    )


def test_a_first_snapshot_is_all_new_and_changes_nothing() -> None:
    delta = delta_of(raw_clients(ANN), raw_patients(REX), raw_clients(), raw_patients())
    assert delta.is_first_load
    assert (list(delta.clients.kind), list(delta.pets.kind)) == (["new"], ["new"])
    assert len(delta.changes) == 0


def test_changes_name_the_field_and_what_may_happen() -> None:
    delta = delta_of(
        raw_clients({**ANN, "email": "lee@example.org", "last_name": "Ray"}),
        raw_patients({**REX, "weight": "10", "weight_unit": "kg", "name": "Max"}),
        raw_clients(ANN),
        raw_patients(REX),
    )
    told = delta.changes[["record", "field", "action"]].values.tolist()
    assert sorted(told) == [
        ["client", "email", "apply"],
        ["client", "name", "suggest"],
        ["pet", "name", "suggest"],
        ["pet", "weight", "apply"],
    ]


def test_a_new_release_of_the_rules_is_no_change_in_the_pims() -> None:
    # The old text is normalized by today's rules too, so a row that says the same stays silent,
    # whatever an earlier release made of it. Only its typing differs here.
    delta = delta_of(
        raw_clients({**ANN, "first_name": " Ann "}),
        raw_patients(REX),
        raw_clients(ANN),
        raw_patients(REX),
    )
    assert list(delta.clients.kind) == ["changed"]
    assert len(delta.changes) == 0


def test_a_new_pet_without_known_owner_is_quarantined() -> None:
    delta = delta_of(
        raw_clients(ANN),
        raw_patients(
            REX,
            {**REX, "patient_key": "8", "client_key": "99", "weight": "1,250"},
            {**REX, "patient_key": "9", "client_key": None},
        ),
        raw_clients(),
        raw_patients(),
    )
    assert list(delta.pets.rows["pims_pet_id"]) == ["7"]
    assert delta.quarantine.to_dict("records") == [
        {"record": "pet", "scope": "row", "field": "", "reason": "owner_unknown", "rows": 2}
    ]
    assert (
        delta.pets.rows_read == delta.pets.unchanged + len(delta.pets.rows) + delta.pets.quarantined
    )


def test_so_is_one_that_waits_for_a_person_and_has_lost_its_owner() -> None:
    lost, whose = {**REX, "client_key": "99"}, (raw_clients(ANN), raw_patients(REX))
    delta = delta_of(raw_clients(ANN), raw_patients(lost), *whose, waiting={"7"})
    assert len(delta.pets.rows) == 0
    assert delta.quarantine.to_dict("records") == [
        {"record": "pet", "scope": "row", "field": "", "reason": "owner_unknown", "rows": 1}
    ]


def test_a_known_pet_keeps_its_owner_when_the_pims_names_none() -> None:
    delta = delta_of(
        raw_clients(ANN),
        raw_patients({**REX, "client_key": None}),
        raw_clients(ANN),
        raw_patients(REX),
    )
    assert delta.changes[["field", "action", "reason"]].values.tolist() == [
        ["owner", "keep", "became_blank"]
    ]


def test_the_guards_count_what_changed() -> None:
    dead = {**REX, "deceased_flag": "1"}
    delta = delta_of(
        raw_clients({**ANN, "email": None}), raw_patients(dead), raw_clients(ANN), raw_patients(REX)
    )
    counts = guard_counts(delta, delta.changes)
    assert (counts.newly_deceased, counts.emails_changed, counts.missing_clients) == (1, 1, 0)


def test_the_guards_count_the_dead_who_are_not_said_to_be_dead_any_more() -> None:
    """A flag that is *no* for everybody by now, say, or that nobody fills or can read any more."""
    dead = raw_patients({**REX, "deceased_flag": "yes"})
    for flag in ("no", None, "Q7"):
        now = raw_patients({**REX, "deceased_flag": flag})
        delta = delta_of(raw_clients(ANN), now, raw_clients(ANN), dead)
        counts = guard_counts(delta, delta.changes)
        assert (counts.no_longer_dead, counts.newly_deceased) == (1, 0)
        assert not any(counts.values_asked.values())


def test_the_guards_count_deaths_that_are_news_and_contacts_that_were_there() -> None:
    dead = {**REX, "deceased_flag": "1"}
    two, one = ('[["334-555-0100", null], ["334-555-0199", null]]', '[["334-555-0100", null]]')
    bob = {**ANN, "client_key": "2", "phones": one, "email": None}
    delta = delta_of(
        raw_clients({**ANN, "phones": one}, {**bob, "phones": None, "email": "bob@example.org"}),
        raw_patients({**dead, "deceased_date": "2026-11-01"}),
        raw_clients({**ANN, "phones": two}, bob),
        raw_patients(dead),
    )
    assert list(delta.changes["field"]) == ["phones", "phones", "email", "deceased"]
    counts = guard_counts(delta, delta.changes)
    assert (counts.newly_deceased, counts.emails_changed) == (0, 0)
    assert counts.values_asked["client", "phones"] == 2


@pytest.mark.parametrize(
    ("now", "counted"),
    [
        ({"first_name": None}, [("client", "name")]),
        ({"last_name": "Ray"}, [("client", "name")]),
        ({"address_line1": None, "city": None}, [("client", "address")]),
        ({"city": None}, [("client", "address")]),
        ({"address_line1": "7 Elm St"}, [("client", "address")]),
        ({"phones": None}, [("client", "phones")]),
        ({"phones": '[["334-555-0199", null]]'}, [("client", "phones")]),
        ({"name": "Bella"}, [("pet", "name")]),
        ({"birth_date": None}, [("pet", "age")]),
        ({"birth_date": "2020-02-28"}, [("pet", "age")]),
        ({"breed": "Poodle"}, [("pet", "breed")]),
        ({"weight": None}, [("pet", "weight")]),
        ({"weight": "9,000"}, [("pet", "weight")]),  # of one it is a slip, and no question
        ({"birth_date": "29. Februar 2020"}, [("pet", "age")]),
        ({"name": None}, [("pet", "name")]),
        ({"client_key": None}, [("pet", "owner")]),
        ({"weight_unit": None}, [("pet", "weight")]),
        ({"weight_date": "2026-10-01"}, [("pet", "weight")]),
        ({"client_key": "2"}, [("pet", "owner")]),
        ({"weight": "9.4"}, []),  # as any weighing
        ({"weight_date": None}, []),  # nobody is asked
        ({"email": None}, []),  # emails and lives have rules of their own
        ({"status": None}, []),
        ({"title": "Dr", "first_name": "Ann"}, [("client", "name")]),
    ],
)
def test_the_guards_count_what_is_asked_about_a_value_that_was_there_or_is_gone(
    now: dict[str, str | None], counted: list[tuple[str, str]]
) -> None:
    """Columns that came up empty, slipped by one, were sorted by themselves, or can't be read."""
    ann = ANN | {
        "address_line1": "12 Oak St",
        "city": "Salem",
        "phones": '[["334-555-0100", null]]',
    }
    rex = REX | {"breed": "Boxer", "birth_date": "2020-02-29", "status": "dead", "weight": "9",
                 "weight_unit": "kg", "weight_date": "2026-11-01"}  # fmt: skip
    of_rex = {c: v for c, v in now.items() if c in rex}
    delta = delta_of(
        raw_clients(ann | {c: v for c, v in now.items() if c not in rex}),
        raw_patients(rex | of_rex),
        raw_clients(ann),
        raw_patients(rex),
    )
    counts = guard_counts(delta, delta.changes)
    assert [field for field, asked in counts.values_asked.items() if asked] == counted


def test_the_guards_count_no_value_that_was_not_there() -> None:
    """A column that is exported since: each value is a question, and none replaces another."""
    bare = ANN | {"email": None}, {**REX, "species": None}
    ann = ANN | {"address_line1": "12 Oak St", "phones": '[["334-555-0100", null]]'}
    rex = REX | {"breed": "Boxer", "birth_date": "2020-02-29", "weight": "9", "weight_unit": "kg"}
    delta = delta_of(
        raw_clients(ann), raw_patients(rex), raw_clients(bare[0]), raw_patients(bare[1])
    )
    counts = guard_counts(delta, delta.changes)
    asked = {field for field, times in counts.values_asked.items() if times}
    assert (asked, counts.emails_changed, counts.weights_doubtful) == (set(), 0, 0)


def test_the_guards_count_no_living_pet_of_which_that_is_no_longer_said() -> None:
    alive = raw_patients({**REX, "deceased_flag": "no"})
    delta = delta_of(raw_clients(ANN), raw_patients(REX), raw_clients(ANN), alive)
    counts = guard_counts(delta, delta.changes)
    assert (counts.no_longer_dead, any(counts.values_asked.values())) == (0, False)


def test_the_guards_count_rows_without_a_key_of_their_own() -> None:
    bob = {**ANN, "client_key": "2", "first_name": "Bob"}
    delta = delta_of(
        raw_clients(ANN, ANN, bob, {**bob, "first_name": "Rob"}, {**ANN, "client_key": None}),
        raw_patients(REX, {**REX, "patient_key": " "}, {**REX, "patient_key": "8", "name": ""}),
        raw_clients(),
        raw_patients(),
    )
    counts = guard_counts(delta, delta.changes)
    assert counts.unkeyed == OfEach(3, 1)
    known = KnownCounts(0, 0, 0, 0, 0, unkeyed_before=OfEach(2, 1))
    again = counts.beside(known)
    assert again.unkeyed == OfEach(1, 0)


@pytest.mark.parametrize(
    ("was", "now", "is_counted"),
    [
        (("22", "lb", "2026-11-01"), ("10", "lb", "2026-11-01"), True),
        (("5", None, None), ("2.3", None, None), True),
        (("4200", "g", None), ("4.2", "g", None), True),
        (("4.2", "kg", "2026-11-01"), ("42", "kg", "2026-11-20"), True),  # its point got lost
        (("4.2", "kg", None), ("8.4", "kg", None), True),
        (("8.4", "kg", None), ("4.2", "kg", None), True),
        (("4.2", "kg", None), ("8.3", "kg", None), False),
        (("4.9", "kg", "2026-11-01"), ("4", "kg", "2026-11-01"), True),  # no decimals any more
        (("4.9", "kg", "2026-11-01"), ("4", "kg", "2026-11-20"), False),
        (("4.9", "kg", None), ("4", "kg", None), False),
        (("22", "lb", "2026-11-01"), ("10", "kg", "2026-11-01"), False),  # rounded
        (("22", "lb", None), ("9.98", "kg", None), False),  # its unit is said: the same weight
        (("22", "lb", None), (None, None, None), False),
        ((None, None, None), ("22", "lb", None), False),
    ],
)
def test_the_guards_count_weights_that_no_weighing_explains(
    was: tuple[str | None, ...], now: tuple[str | None, ...], is_counted: bool
) -> None:
    columns = ("weight", "weight_unit", "weight_date")
    old, new = (REX | dict(zip(columns, cells, strict=True)) for cells in (was, now))
    delta = delta_of(raw_clients(ANN), raw_patients(new), raw_clients(ANN), raw_patients(old))
    counts = guard_counts(delta, delta.changes)
    assert counts.weights_doubtful == is_counted
