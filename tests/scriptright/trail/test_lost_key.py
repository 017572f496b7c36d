"""A home whose key is lost makes no other one while there is something that it has signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from vet_pipeline.errors import UsageError
from vet_pipeline.scriptright.trail.witness import Witness, head_name
from vet_pipeline.secret_key import derived_key

HEAD = {"practice": "oak", "n": 2, "hash": "00"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that has kept a head, signed with its own key."""
    monkeypatch.delenv("VET_PIPELINE_KEY", raising=False)
    Witness.of_home(tmp_path).put("oak", head_name(2), HEAD)
    return tmp_path


def test_a_lost_key_is_not_made_anew_while_heads_are_there_that_it_has_signed(home: Path) -> None:
    key = (home / "key").read_bytes()
    (home / "key").unlink()
    for purpose in ("witness", "tombstone"):
        with pytest.raises(UsageError, match="'key' is gone.*put it back"):
            derived_key(home, purpose)
    with pytest.raises(UsageError, match="put it back"):
        Witness.of_home(home).put("oak", head_name(3), HEAD)
    with pytest.raises(UsageError, match="put it back"):
        Witness.of_home(home).kept_heads("oak")
    assert sorted(path.name for path in home.iterdir()) == ["witness"]
    (home / "key").write_bytes(key)
    assert Witness.of_home(home).kept_heads("oak") == {2: HEAD}


def test_with_all_heads_put_aside_as_the_runbook_says_another_key_is_made(home: Path) -> None:
    (home / "key").unlink()
    (home / "witness" / "oak" / "head-0000000002.json").rename(home / "aside.json")
    Witness.of_home(home).put("oak", head_name(3), HEAD | {"n": 3})
    assert list(Witness.of_home(home).kept_heads("oak")) == [3]


@pytest.mark.parametrize("rest", ["", "0123456789abcdef\n"])
def test_a_key_that_is_cut_or_empty_signs_nothing(home: Path, rest: str) -> None:
    (home / "key").write_text(rest)
    with pytest.raises(UsageError, match="'key' is shorter than 32 characters"):
        derived_key(home, "witness")
