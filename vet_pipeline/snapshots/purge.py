"""Removing snapshots whose time is over: what can't be removed keeps nothing else from going."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vet_pipeline.errors import PipelineError, SnapshotsNotRemoved

if TYPE_CHECKING:
    from vet_pipeline.snapshots.store import SnapshotStore

_NAMED = 20
# Whatever is wrong with one of them: no right, a damaged disk, a file where a folder should be.
_TROUBLE = (PipelineError, OSError)


@dataclass(frozen=True, slots=True)
class Purged:
    """What was removed, and by its place in the store what couldn't be."""

    removed: list[tuple[str, int]] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def raise_if_stuck(self) -> None:
        """SnapshotsNotRemoved, naming what still has to go."""
        if self.stuck:
            more = len(self.stuck) - _NAMED
            named = ", ".join(self.stuck[:_NAMED]) + (f" and {more} more" if more > 0 else "")
            raise SnapshotsNotRemoved(
                f"{len(self.stuck)} in the snapshot store can't be removed: {named}",
                next_step="give the right to remove them, or remove them by hand; all else that"
                " was due has gone",
            )


def places(store: SnapshotStore, home: Path) -> list[SnapshotStore]:
    """The store, and the home's own folder where that is another one with anything in it.

    Who names a shared place later leaves in the home what was written before. Nothing is read from
    there any more, but it has to go when its time is over, or its practice leaves. Not where the
    store lies within that folder: whoever is called as the folder on the way would take all along.
    """
    from vet_pipeline.snapshots.store import SnapshotStore

    own = SnapshotStore(home / "snapshots")
    named, ours = Path(store.root).resolve(), Path(own.root).resolve()
    return [store] if named.is_relative_to(ours) or not own.practices() else [store, own]


def purge(store: SnapshotStore, older_than: datetime) -> Purged:
    """Remove snapshots read before `older_than`, a held or released one too.

    Leftovers without a manifest go when their files are older than that. Safe to repeat: the
    manifest goes first, so a half-removed one is a leftover.
    """
    purged = Purged()
    for practice_id in store.practices():
        try:
            numbers = store.numbers(practice_id)
        except _TROUBLE:
            purged.stuck.append(practice_id)
            continue
        for seq in numbers:
            try:
                if store.read_at(practice_id, seq) < older_than:
                    store.remove(practice_id, seq)
                    purged.removed.append((practice_id, seq))
            except _TROUBLE:
                purged.stuck.append(f"{practice_id}/{seq:08d}")
    return purged


def erase(store: SnapshotStore, practices: Collection[str]) -> Purged:
    """Remove everything of these practices, which have left; as `purge` otherwise."""
    purged = Purged()
    for practice_id in sorted(practices):
        try:
            numbers = store.snapshots(practice_id)
            store.erase(practice_id)
            purged.removed.extend((practice_id, seq) for seq in numbers)
        except _TROUBLE:
            purged.stuck.append(practice_id)
    return purged
