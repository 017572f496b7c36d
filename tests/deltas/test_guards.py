"""docs/rules.md section 6: at, just under and just over each threshold."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from vet_pipeline.deltas.guards import (
    GuardBreach,
    GuardCounts,
    KnownCounts,
    OfEach,
    Thresholds,
    doubted_records,
    evaluate_guards,
    smallest_passing_total,
)
from vet_pipeline.policy import Record

QUIET = GuardCounts(
    clients_read=1000,
    patients_read=1000,
    known=KnownCounts(1000, 1000, 1000, 1000, 1000),
    missing_clients=0,
    missing_pets=0,
    new_clients=0,
    new_pets=0,
    newly_deceased=0,
    emails_changed=0,
)

Counted = Callable[[GuardCounts, int], GuardCounts]


def asked(counts: GuardCounts, record: Record, name: str, times: int) -> GuardCounts:
    return replace(counts, values_asked={(record, name): times})


def refused(counts: GuardCounts, of: OfEach) -> GuardCounts:
    return replace(counts, known=counts.known._replace(now_refused=of))


# What is counted, its rule, threshold, and of what it is a share.
RULES: list[tuple[Counted, str, int, str]] = [
    (lambda c, n: replace(c, missing_clients=n), "clients_missing", 10, "clients"),
    (lambda c, n: replace(c, missing_pets=n), "pets_missing", 10, "pets"),
    (lambda c, n: refused(c, OfEach(n, 0)), "clients_now_refused", 10, "clients"),
    (lambda c, n: refused(c, OfEach(0, n)), "pets_now_refused", 10, "pets"),
    (lambda c, n: replace(c, newly_deceased=n), "newly_deceased", 5, "pets"),
    (lambda c, n: replace(c, no_longer_dead=n), "no_longer_dead", 5, "dead"),
    (lambda c, n: replace(c, weights_doubtful=n), "weights_doubtful", 10, "weights"),
    (lambda c, n: replace(c, weights_changed=n), "weights_changed", 50, "weights"),
    (lambda c, n: replace(c, weighings_redated=n), "weighings_redated", 50, "weights"),
    (lambda c, n: replace(c, emails_changed=n), "emails_changed", 10, "emails"),
    (lambda c, n: asked(c, "client", "name", n), "client_name_changed", 10, "clients"),
    (lambda c, n: asked(c, "pet", "name", n), "pet_name_changed", 10, "pets"),
    (lambda c, n: replace(c, new_clients=n), "new_clients", 50, "clients"),
    (lambda c, n: replace(c, new_pets=n), "new_pets", 50, "pets"),
]


def unkeyed(kind: str, rows: int) -> OfEach:
    return OfEach(rows, 0) if kind == "clients" else OfEach(0, rows)


@pytest.mark.parametrize(("counted", "rule", "percent"), [rule[:3] for rule in RULES])
def test_exactly_the_threshold_passes_and_one_more_holds(
    counted: Counted, rule: str, percent: int
) -> None:
    at = counted(QUIET, percent * 10)
    over = counted(QUIET, percent * 10 + 1)
    assert evaluate_guards(at, Thresholds(), first_load=False) == []
    assert evaluate_guards(over, Thresholds(), first_load=False) == [
        GuardBreach(rule, percent * 10 + 1, 1000, percent)
    ]


@pytest.mark.parametrize(("counted", "rule", "percent", "known"), RULES)
def test_each_rule_is_a_share_of_its_own_kind(
    counted: Counted, rule: str, percent: int, known: str
) -> None:
    many = KnownCounts(100_000, 100_000, 100_000, 100_000, 100_000)._replace(**{known: 1000})
    few = counted(replace(QUIET, known=many), percent * 10 + 1)
    assert evaluate_guards(few, Thresholds(), first_load=False) == [
        GuardBreach(rule, percent * 10 + 1, 1000, percent)
    ]


@pytest.mark.parametrize(("counted", "rule", "percent"), [rule[:3] for rule in RULES])
def test_fewer_than_25_records_never_trigger_a_percentage(
    counted: Counted, rule: str, percent: int
) -> None:
    small = replace(QUIET, known=KnownCounts(26, 26, 26, 26, 26))
    assert evaluate_guards(counted(small, 24), Thresholds(), first_load=False) == []
    assert evaluate_guards(counted(small, 25), Thresholds(), first_load=False) == [
        GuardBreach(rule, 25, 26, percent)
    ]


@pytest.mark.parametrize(
    ("clients", "pets", "held"), [(24, 24, True), (13, 12, True), (12, 12, False), (24, 0, False)]
)
def test_missing_clients_and_pets_are_counted_together_too(
    clients: int, pets: int, held: bool
) -> None:
    small = replace(QUIET, known=KnownCounts(30, 30, 1000, 30, 30))
    gone = replace(small, missing_clients=clients, missing_pets=pets)
    assert evaluate_guards(gone, Thresholds(), first_load=False) == (
        [GuardBreach("records_missing", clients + pets, 60, 10)] if held else []
    )


def test_what_one_kind_says_already_isnt_said_of_both() -> None:
    gone = replace(QUIET, missing_clients=900, missing_pets=90)
    assert evaluate_guards(gone, Thresholds(), first_load=False) == [
        GuardBreach("clients_missing", 900, 1000, 10)
    ]


@pytest.mark.parametrize(
    ("earlier", "moved", "held"),
    [(25, 49, True), (25, 50, False), (24, 24, False), (0, 500, False)],
)
def test_more_than_half_of_the_weighings_earlier_than_before_hold(
    earlier: int, moved: int, held: bool
) -> None:
    restored = replace(QUIET, weighings_earlier=earlier, weighings_moved=moved)
    breach = GuardBreach("weighings_earlier", earlier, moved, 50)
    assert evaluate_guards(restored, Thresholds(), first_load=False) == ([breach] if held else [])
    usual = Thresholds(earlier_percent=100)
    assert evaluate_guards(restored, usual, first_load=False) == []


@pytest.mark.parametrize("first_load", [True, False])
def test_a_table_of_which_no_row_can_be_taken_holds_like_an_empty_one(first_load: bool) -> None:
    useless = replace(QUIET, clients_read=3, clients_quarantined=3)
    assert [b.rule for b in evaluate_guards(useless, Thresholds(), first_load=first_load)] == [
        "clients_all_quarantined"
    ]
    alone = replace(QUIET, patients_read=1, patients_quarantined=1)
    assert evaluate_guards(alone, Thresholds(), first_load=first_load) == [
        GuardBreach("patients_all_quarantined", 1, 1, None)
    ]
    one_left = replace(useless, clients_quarantined=2)
    assert evaluate_guards(one_left, Thresholds(), first_load=first_load) == []


@pytest.mark.parametrize("first_load", [True, False])
@pytest.mark.parametrize("kind", ["clients", "patients"])
def test_more_rows_without_a_key_of_their_own_than_a_few_hold(kind: str, first_load: bool) -> None:
    at, over = (replace(QUIET, unkeyed=unkeyed(kind, rows)) for rows in (50, 51))
    assert evaluate_guards(at, Thresholds(), first_load=first_load) == []
    breach = GuardBreach(f"{kind}_without_own_key", 51, 1000, 5)
    assert evaluate_guards(over, Thresholds(), first_load=first_load) == [breach]
    chronic = Thresholds(unkeyed_percent=6)
    assert evaluate_guards(over, chronic, first_load=first_load) == []
    few = replace(QUIET, unkeyed=unkeyed(kind, 24), **{f"{kind}_read": 30})
    assert evaluate_guards(few, Thresholds(), first_load=first_load) == []


@pytest.mark.parametrize("first_load", [True, False])
def test_an_empty_table_always_holds(first_load: bool) -> None:
    empty = replace(QUIET, patients_read=0)
    assert evaluate_guards(empty, Thresholds(), first_load=first_load) == [
        GuardBreach("patient_table_empty", 0, 0, None)
    ]


def test_a_first_load_is_all_new_and_passes() -> None:
    first = replace(QUIET, known=KnownCounts(0, 0, 0, 0, 0), new_clients=1000, new_pets=1000)
    assert evaluate_guards(first, Thresholds(), first_load=True) == []


@pytest.mark.parametrize("percent", [0, 1, 7, 10, 33, 100])
def test_of_the_smallest_passing_total_no_percentage_is_broken_and_of_one_less_it_is(
    percent: int,
) -> None:
    for changed in (24, 25, 26, 99, 1000):
        of = smallest_passing_total(changed, percent, 25)

        def is_held(known: int, changed: int = changed) -> bool:
            counts = replace(
                QUIET, emails_changed=changed, known=KnownCounts(1000, 1000, known, 1000, 1000)
            )
            limits = Thresholds(emails_changed_percent=percent)
            return evaluate_guards(counts, limits, first_load=False) != []

        if of is None:
            assert is_held(10**9)
        else:
            assert not is_held(of)
            assert changed < 25 or is_held(of - 1)


@pytest.mark.parametrize(("counted", "rule"), [rule[:2] for rule in RULES])
def test_of_few_records_nobody_is_asked_unless_the_practice_wants_it_and_most_are_others(
    counted: Counted, rule: str
) -> None:
    """Which records are there or not (missing, refused, new) says nothing of what the others say."""
    known = KnownCounts(20, 20, 20, 20, 20)
    half, over = (counted(replace(QUIET, known=known), n) for n in (10, 11))
    asks = Thresholds(ask_from=5)
    of_values = rule.split("_")[-1] not in ("missing", "refused", "clients", "pets")
    record = "client" if rule.startswith(("client", "email")) else "pet"
    assert doubted_records(over, Thresholds(), first_load=False) == set()
    assert doubted_records(half, asks, first_load=False) == set()
    assert doubted_records(over, asks, first_load=False) == ({record} if of_values else set())
    assert doubted_records(over, asks, first_load=True) == set()
    assert doubted_records(over, Thresholds(ask_from=12), first_load=False) == set()
    held = Thresholds(ask_from=5, floor=11)
    assert doubted_records(over, held, first_load=False) == set()


def test_where_most_weighings_are_earlier_the_whole_of_it_may_be_that_of_before() -> None:
    backup = replace(QUIET, weighings_moved=9, weighings_earlier=5)
    assert doubted_records(backup, Thresholds(ask_from=5), first_load=False) == {"client", "pet"}


def test_a_breach_says_its_numbers_and_nothing_else() -> None:
    assert str(GuardBreach("clients_missing", 101, 1000, 10)) == (
        "clients missing: 101 of 1000 (more than 10 %)"
    )
    assert str(GuardBreach("client_table_empty", 0, 0, None)) == "client table empty"
