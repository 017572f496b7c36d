"""A week of practice life changes what it says it changes, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo.reading import clients, dump, patients
from vet_pipeline.demo.practice import make_practice
from vet_pipeline.demo.week import PER_THOUSAND, Week, live_a_week


@pytest.fixture
def lived(tmp_path: Path) -> tuple[Path, Path, Week]:
    """The practice before, the practice after, and what happened."""
    before, after = tmp_path / "before.sqlite", tmp_path / "after.sqlite"
    for path in (before, after):
        make_practice(path, clients=600, seed="elm")
    return before, after, live_a_week(after, seed="elm")


def test_in_a_week_every_act_happens(lived: tuple[Path, Path, Week]) -> None:
    counts = lived[2].counts()
    assert counts.keys() == PER_THOUSAND.keys()
    assert min(counts.values()) >= 1


def test_the_same_week_happens_again_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a.sqlite", "b.sqlite"):
        make_practice(tmp_path / name, clients=120, seed=1)
        live_a_week(tmp_path / name, seed=1)
    assert dump(tmp_path / "a.sqlite") == dump(tmp_path / "b.sqlite")


def test_only_the_clients_named_by_the_week_differ(lived: tuple[Path, Path, Week]) -> None:
    before, after, week = lived
    was, now, acts = clients(before), clients(after), week.happened
    changed = {key for key in was.keys() & now.keys() if was[key] != now[key]}
    acted_on = ("emails_changed", "emails_blanked", "addresses_changed", "phones_changed",
                "clients_renamed")  # fmt: skip
    assert changed <= {key for act in acted_on for key in acts[act]}
    assert was.keys() - now.keys() == {*acts["duplicates_merged"], *acts["clients_removed"]}
    assert now.keys() - was.keys() == set(acts["new_clients"])


def test_only_the_patients_named_by_the_week_differ(lived: tuple[Path, Path, Week]) -> None:
    before, after, week = lived
    was, now, acts = patients(before), patients(after), week.happened
    owner, flag = 0, 9
    gone = set(acts["duplicates_merged"])
    moved_by_merge = {key for key in was if was[key][owner] in gone}
    changed = {key for key in was.keys() & now.keys() if was[key] != now[key]}
    acted_on = ("weighings", "older_weighings", "deaths", "alive_again", "pets_renamed",
                "owners_changed", "breeds_corrected", "births_corrected")  # fmt: skip
    assert changed <= moved_by_merge | {key for act in acted_on for key in acts[act]}
    surviving = [key for key in acts["deaths"] if key in now]
    assert [(was[key][flag], now[key][flag]) for key in surviving] == [(0, 1)] * len(surviving)
    assert not [key for key in moved_by_merge & now.keys() if now[key][owner] in gone]


def test_every_second_act_meets_a_favoured_owner(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=600, seed="elm")
    favoured = set(sorted(clients(path))[:300])
    week = live_a_week(path, seed="elm", favour=favoured)
    emails = week.happened["emails_changed"]
    assert len(favoured & set(emails)) == len(emails) // 2


def test_a_practice_with_dirty_keys_lives_its_week(tmp_path: Path) -> None:
    from vet_pipeline.demo.dirt import spoil

    path = tmp_path / "a.sqlite"
    make_practice(path, clients=300, seed="elm")
    spoil(path, seed="elm")
    assert live_a_week(path, seed="elm").counts()["deaths"] == 2
