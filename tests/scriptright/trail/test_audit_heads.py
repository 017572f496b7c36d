"""Whoever rules the database may rewrite a trail so that its hashes agree; the witness knows better."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from tests.scriptright.builders import add_practice, client, load
from tests.soak import Figures, rounds
from vet_pipeline.errors import UsageError
from vet_pipeline.scriptright.trail import audit
from vet_pipeline.scriptright.trail.audit_heads import (
    Trail,
    check,
    keep_head,
    keep_head_after_load,
)
from vet_pipeline.scriptright.trail.witness import Forged, Witness
from vet_pipeline.secret_key import derived_key

ENTRIES = 25


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness", lambda: b"k" * 32)


@pytest.fixture
def kept(engine: Engine, witness: Witness) -> Engine:
    """A trail of 25 entries whose heads after the 1st, the 10th and the last are kept outside."""
    add_practice(engine)
    with engine.begin() as connection:
        for n in range(1, ENTRIES + 1):
            if n > 1:
                detail = {"load_id": n, "snapshot_hash": f"{n:064x}"}
                audit.append(connection, "oak", "pipeline", "load_applied", detail)
            if n in (1, 10, ENTRIES):
                assert keep_head(connection, "oak", witness) == n
    return engine


def test_an_untouched_trail_agrees_with_what_was_kept(kept: Engine, witness: Witness) -> None:
    with kept.connect() as connection:
        assert check(connection, "oak", witness) == Trail("oak", ENTRIES, None, "agrees", ENTRIES)


def test_a_load_that_ends_while_the_trail_is_looked_at_is_no_tampering(
    kept: Engine, witness: Witness
) -> None:
    class Busy(Witness):
        """Whenever somebody looks at it, another load has just kept its head."""

        def heads(self, practice_id: str) -> list[int]:
            with kept.begin() as connection:
                audit.append(connection, practice_id, "pipeline", "load_applied", {})
            with kept.connect() as connection:
                keep_head(connection, practice_id, self)
            return super().heads(practice_id)

    busy = Busy(witness.root, lambda: b"k" * 32)
    with kept.connect() as connection:
        assert check(connection, "oak", busy) == Trail(
            "oak", ENTRIES + 1, None, "agrees", ENTRIES + 1
        )


def test_many_kept_heads_take_one_look_at_their_folder(kept: Engine, witness: Witness) -> None:
    class Counted(Witness):
        looks = 0

        def heads(self, practice_id: str) -> list[int]:
            self.looks += 1
            return super().heads(practice_id)

        def has(self, practice_id: str, name: str) -> bool:
            self.looks += 1
            return super().has(practice_id, name)

    counted = Counted(witness.root, lambda: b"k" * 32)
    with kept.connect() as connection:
        assert check(connection, "oak", counted).outside == "agrees"
    assert counted.looks == 1


def test_every_tampering_by_a_superuser_is_found(
    kept: Engine, witness: Witness, seed: int, figures: Figures
) -> None:
    chance = random.Random(seed)
    tries = rounds(100, 1_000)
    for attempt in range(tries):
        tamper = chance.choice(TAMPERINGS)
        recomputed = chance.random() < 0.5
        with kept.connect() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            tamper(connection, chance)
            if recomputed:
                _recompute(connection)
            trail = check(connection, "oak", witness)
            connection.rollback()
        assert not trail.intact, f"attempt {attempt}: {tamper.__name__}"
    figures("audit trail tampered with", tries=tries, found=tries)


def test_a_practice_removed_whole_is_found(kept: Engine, witness: Witness) -> None:
    with kept.connect() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM scriptright.audit"))
        assert witness.practices() == ["oak"]
        assert check(connection, "oak", witness) == Trail("oak", 0, None, "differs", ENTRIES, 1)


def test_a_rewritten_witness_is_found_and_a_kept_head_is_never_replaced(
    kept: Engine, witness: Witness
) -> None:
    head = Path(witness.root) / "oak" / f"head-{ENTRIES:010d}.json"
    before = head.read_text()
    with kept.connect() as connection:
        keep_head(connection, "oak", witness)
        assert head.read_text() == before
        head.write_text(before.replace('"n": 25', '"n": 24'))
        assert check(connection, "oak", witness).outside == "forged"
        for forged in ("{", '{"n": 25, "signature": "é"}'):
            head.write_text(forged)
            assert check(connection, "oak", witness).outside == "forged"
        other = Witness(witness.root, lambda: b"another key of thirty-two bytes..")
        assert check(connection, "oak", other).outside == "forged"


def test_a_witness_that_is_empty_long_after_a_load_has_lost_what_was_kept(
    engine: Engine, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VET_PIPELINE_WITNESS", str(witness.root))
    monkeypatch.setenv("VET_PIPELINE_KEY", "k" * 32)
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [])
    with engine.connect() as connection:
        assert check(connection, "oak", witness).outside == "none"
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE scriptright.load SET recorded_at = now() - interval '3 d'"))
    keep_head_after_load(engine, "oak")  # it isn't hidden by the next load, but by a person
    with engine.connect() as connection:
        found = check(connection, "oak", witness)
        assert (found.outside, found.intact) == ("lost", False)
        keep_head(connection, "oak", witness)
    assert Witness.of_home().heads("oak") == [2]


def test_a_document_cannot_be_moved_to_another_practice(witness: Witness) -> None:
    witness.put("oak", "offboarded", {"by": "Test Person"})
    place = Path(witness.root)
    (place / "elm").mkdir()
    (place / "oak" / "offboarded.json").rename(place / "elm" / "offboarded.json")
    assert witness.get("oak", "offboarded") is None
    with pytest.raises(Forged):
        witness.get("elm", "offboarded")


def test_entries_after_the_newest_kept_head_rest_on_the_chain_alone(
    kept: Engine, witness: Witness
) -> None:
    with kept.begin() as connection:
        audit.append(connection, "oak", "Test Person", "suggestion_confirmed", {})
        trail = check(connection, "oak", witness)
    assert (trail.entries, trail.kept_to, trail.intact) == (ENTRIES + 1, ENTRIES, True)


def test_the_key_is_made_once_and_readable_by_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VET_PIPELINE_KEY", raising=False)
    first = derived_key(tmp_path / "home", "witness")
    assert derived_key(tmp_path / "home", "witness") == first
    assert derived_key(tmp_path / "home", "tombstone") != first
    assert [p.name for p in (tmp_path / "home").iterdir()] == ["key"]
    assert (tmp_path / "home" / "key").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("VET_PIPELINE_KEY", "k" * 32)
    assert derived_key(tmp_path / "home", "witness") not in (first, b"")
    monkeypatch.setenv("VET_PIPELINE_KEY", "short")
    with pytest.raises(UsageError, match="shorter than 32"):
        derived_key(tmp_path / "home", "witness")


def test_machines_that_share_a_witness_must_share_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VET_PIPELINE_WITNESS", str(tmp_path / "shared"))
    monkeypatch.delenv("VET_PIPELINE_KEY", raising=False)
    with pytest.raises(UsageError, match="VET_PIPELINE_KEY"):
        Witness.of_home(tmp_path / "one").put("oak", "offboarded", {})
    monkeypatch.setenv("VET_PIPELINE_KEY", "k" * 32)
    Witness.of_home(tmp_path / "one").put("oak", "offboarded", {"by": "Test Person"})
    assert Witness.of_home(tmp_path / "other").get("oak", "offboarded") == {"by": "Test Person"}


def _edit(connection: Connection, chance: random.Random) -> None:
    change = chance.choice(
        [
            "actor = actor || 'x'",
            "act = 'load_superseded'",
            "at = at + interval '1 microsecond'",
            "detail = detail || '{\"load_id\": 99}'",
            "detail = '{\"a\": 1}'",
        ]
    )
    _run(connection, f"UPDATE scriptright.audit SET {change} WHERE n = :n", _entry(chance))


def _delete(connection: Connection, chance: random.Random) -> None:
    n = _entry(chance)
    _run(connection, "DELETE FROM scriptright.audit WHERE n = :n", n)
    if chance.random() < 0.5:  # and close the gap
        _shift(connection, n, -1)


def _cut(connection: Connection, chance: random.Random) -> None:
    _run(connection, "DELETE FROM scriptright.audit WHERE n >= :n", _entry(chance))


def _swap(connection: Connection, chance: random.Random) -> None:
    one, other = chance.sample(range(1, ENTRIES + 1), 2)
    for old, new in ((one, 1000), (other, one), (1000, other)):
        connection.execute(
            text("UPDATE scriptright.audit SET n = :new WHERE n = :old"), {"old": old, "new": new}
        )


def _insert(connection: Connection, chance: random.Random) -> None:
    n = _entry(chance)
    _shift(connection, n - 1, 1)
    _run(
        connection,
        "INSERT INTO scriptright.audit SELECT practice_id, :n, at, 'Somebody', act, detail,"
        " prev_hash, hash FROM scriptright.audit WHERE n = :n + 1",
        n,
    )


def _shift(connection: Connection, after: int, by: int) -> None:
    for step in (1000 + by, -1000):  # by way of numbers that nobody has: n is the key
        _run(
            connection,
            f"UPDATE scriptright.audit SET n = n + {step} WHERE n > :n",
            after if step > 0 else 900,
        )


def _recompute(connection: Connection) -> None:
    """All hashes anew, as somebody who knows the program would."""
    rows = connection.execute(
        text("SELECT * FROM scriptright.audit WHERE practice_id = 'oak' ORDER BY n")
    ).all()
    connection.execute(text("DELETE FROM scriptright.audit"))
    previous = b"\0" * 32
    for n, row in enumerate(rows, start=1):
        digest = audit._digest(previous, "oak", n, row.at, row.actor, row.act, row.detail)
        connection.execute(
            audit._APPEND,
            {
                "practice_id": "oak", "n": n, "at": row.at, "actor": row.actor, "act": row.act,
                "detail": audit._canonical(row.detail), "prev_hash": previous, "hash": digest,
            },
        )  # fmt: skip
        previous = digest


def _run(connection: Connection, statement: str, n: int) -> None:
    connection.execute(text(statement), {"n": n})


def _entry(chance: random.Random) -> int:
    return chance.randint(1, ENTRIES)


TAMPERINGS: list[Callable[[Connection, random.Random], None]] = [
    _edit, _delete, _cut, _swap, _insert,
]  # fmt: skip


def test_what_is_kept_does_not_lie_where_a_practice_that_leaves_is_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VET_PIPELINE_KEY", "k" * 32)
    monkeypatch.setenv("VET_PIPELINE_SNAPSHOTS", f"{tmp_path}/shared/")
    for path in ("/shared", "/other/../shared"):
        for place in (f"{tmp_path}{path}", f"file://{tmp_path}{path}"):
            monkeypatch.setenv("VET_PIPELINE_WITNESS", place)
            with pytest.raises(UsageError, match=r"name one place.*move there the .json files"):
                Witness.of_home()
    monkeypatch.setenv("VET_PIPELINE_WITNESS", f"{tmp_path}/shared/witness")
    assert Witness.of_home().practices() == []
