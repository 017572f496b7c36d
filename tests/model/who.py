"""Who may be whom: what a newcomer of the PIMS may be linked to, and what tells who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.model.records import FIELDS, Row

if TYPE_CHECKING:
    from tests.model.pharmacy import Pharmacy


def can_be_taken(at: Pharmacy, pid: str, row: Row) -> bool:
    """A newcomer needs a name; a known record goes on without."""
    return row.readable and (row.values["name"] is not None or pid in at.links)


def another_is_dead(at: Pharmacy, home: str, pid: str) -> bool:
    """Whether a PIMS record beside this one says that the pet it feeds is dead."""
    return any(
        record == home and other != pid and at.pims[other].values["deceased"][0]
        for other, record in at.links.items()
    )


def may_be_the_next_pet(at: Pharmacy, pid: str, home: str) -> bool:
    """Whether the pet's PIMS record is missing, and the newcomer isn't known to be that animal.

    Or a missing one was told apart from the pet, and the newcomer may be that one.
    """
    if any(h == home and p != pid and p in at.missing for p, h in at.not_same):
        return True
    if not feeding(at, home) & at.missing.keys():
        return False
    said, held = at.pims[pid].values, at.records[home].values
    alike = said["name"] == held["name"] and said["age"] is not None and said["age"] == held["age"]
    return not alike or said["deceased"][0] not in (None, held["deceased"][0])


def is_a_question(at: Pharmacy, pid: str, home: str) -> bool:
    """Whether a person has to say, and goes on having to while neither of the two has changed."""
    now = identity(at, pid, home)
    before = at.judged.pop((pid, home), ())  # as it was asked, and as it was judged last
    stays = now in before and (pid, home) not in at.not_same
    if stays or may_be_the_next_pet(at, pid, home):
        at.judged[pid, home] = (*before[:1], now)
        return True
    return False


def may_be(at: Pharmacy, pid: str, home: str) -> bool:
    """A pet only under its owner's client; nobody of whom a person's *not the same* still holds."""
    row = at.pims[pid]
    if row.record == "pet" and (
        at.records[home].owner != client_of(at, row.owner) or is_taken(at, home, row.owner)
    ):
        return False
    word = at.not_same.get((pid, home))
    return word is None or word != identity(at, pid, home)


def is_taken(at: Pharmacy, home: str, owner: str | None) -> bool:
    """Whether a pet of the PIMS is that pet: one of the same owner, or one that is given away."""
    owners = {at.pims[p].owner for p in feeding(at, home) - at.missing.keys()}
    return any(o == owner or client_of(at, o) != at.records[home].owner for o in owners)


def feeding(at: Pharmacy, home: str) -> set[str]:
    """The PIMS records that feed the record, also by a link that will be undone."""
    return {p for links in (at.links, at.would) for p, h in links.items() if h == home}


def told_before(at: Pharmacy, pid: str, home: str, name: str) -> bool:
    """Whether the last one missing of the same record has said so, and nobody is asked about that."""
    said, record = at.pims[pid].values[name], at.pims[pid].record
    missing = feeding_missing(at, pid, home)
    last = max((at.missing[p] for p in missing), default="")
    return any(
        at.missing[p] == last
        and at.pims[p].values[name] == said
        and (record, p, name) not in at.questions
        for p in missing
    )


def feeding_missing(at: Pharmacy, pid: str, home: str) -> set[str]:
    """The other PIMS records that feed the record and are missing."""
    return {p for p, h in at.links.items() if h == home and p != pid and p in at.missing}


def client_of(at: Pharmacy, owner: str | None) -> str | None:
    """The client that the owner of a PIMS pet feeds."""
    return at.would.get(owner or "", at.links.get(owner or ""))


def identity(at: Pharmacy, pid: str, home: str) -> Any:
    """What tells who it is, on both sides: a word holds while it stands."""
    names = ("name", "breed", "age") if at.pims[pid].record == "pet" else FIELDS["client"]
    sides = (at.pims[pid].values, at.records[home].values)
    not_read = at.pims[pid].slips & set(names)  # a text nobody can read is another than none
    return (not_read, *(tuple(side[n] for n in names) for side in sides))


def is_alone(at: Pharmacy, pid: str) -> bool:
    """Whether the next link of the PIMS record will be undone."""
    return (pid, at.times[pid] + 1) in at.alone
