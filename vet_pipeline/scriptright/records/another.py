"""Whether a PIMS row that was one client or animal is another by now: its key was handed on. Pure.

What follows from it is in load/handed_on.py, for newcomers in load/taken.py. How unlike a
row has to be, of `Unlike`'s levels:

| what is at stake | from |
|---|---|
| its automatic changes; whether a newcomer may be whom it was | ANOTHER |
| its automatic changes, where it brings an email or a person has said no to its name | BY_NAME |
| its automatic changes, where it was asked whose it is | BY_SURNAME |
| what it had brought by itself lately | BY_ITSELF: of a client BY_NAME, of a pet ANOTHER |
| that a dead pet lives, which it had brought lately | SURELY |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from vet_pipeline.policy import FIELD, Field, Record
from vet_pipeline.scriptright.records.likeness import (
    all_differ,
    are_bred_apart,
    are_given_apart,
    are_named_apart,
    are_surnamed_apart,
    called,
    contacts_of,
    differences,
    first_named,
    identifying,
    may_be_one_pets_name,
    share_house_and_number,
    words_of,
)
from vet_pipeline.scriptright.records.values import Value, canonical

# The fields in which a change may make a row another by its looks: no other does it alone.
LOOKS: dict[str, tuple[str, ...]] = {
    "client": ("name",),
    "pet": ("name", "breed", "age", "deceased"),
}
_LIFE, _WEIGHT = FIELD["pet", "deceased"], FIELD["pet", "weight"]
_YOUNG = timedelta(days=365)


class Unlike(IntEnum):
    """How far a row speaks against whom it was; a higher one implies the lower."""

    NOT = 0
    # Nothing is alike in a client's surnames, unless house and number agree, which a person has
    # confirmed by then: she has married, and wants her old name on the parcel.
    BY_SURNAME = 1
    # Nothing is alike in a client's given names, or in surnames and in what is known of number and
    # address; or in a pet's name; or the pet was dead and lives: the next pup outgrows half the
    # dead dog's weight.
    BY_NAME = 2
    # By the look of it. A client where nothing is alike
    # - in the names, whatever number or address is in common: whoever types a newcomer over may
    #   leave those for last (an email says nothing: it is taken in at once);
    # - or in given names, and no number or address is in common: Ann Lee's row says Bob Lee;
    # - or in surnames, number and address: who marries keeps the one or the other.
    # A pet where two things of six speak against one animal: no one says it alone.
    ANOTHER = 3
    SURELY = 4  # three of the six; no client is surely another


# From where on what a row has brought by itself was another's: of a client that is a login.
BY_ITSELF: dict[Record, Unlike] = {"client": Unlike.BY_NAME, "pet": Unlike.ANOTHER}


@dataclass(frozen=True, slots=True)
class Known:
    """What tells besides what a row was and what it says."""

    named_since: bool = False  # the client of `was` has named both of a couple since it was asked
    had_birth_date: bool = False  # the pet's row has said one
    elsewhere: bool = False  # the pet is another client's, or called as another of its owner's


NOTHING = Known()


def unlike(
    record: Record,
    was: Mapping[str, object],
    now: Mapping[str, object],
    known: Known = NOTHING,
) -> Unlike:
    """How far `now` speaks against `was`."""
    if record == "client":
        return _clients_unlike(was, now, known)
    apart = _pets_apart(was, now, known)
    if len(apart) > 1:
        return Unlike.SURELY if len(apart) > 2 else Unlike.ANOTHER
    return Unlike.BY_NAME if "name" in apart or _lives_again(was, now) else Unlike.NOT


def _clients_unlike(was: Mapping[str, object], now: Mapping[str, object], known: Known) -> Unlike:
    a, b = _but_for_emails("client", was, now)
    given_apart = are_given_apart(_whose(was, named_since=known.named_since), b)
    surnames_apart = are_surnamed_apart(a, b)
    if are_named_apart(a, b):
        return Unlike.ANOTHER
    contacts = contacts_of(a), contacts_of(b)
    if contacts[0].isdisjoint(contacts[1]):
        if given_apart and all(contacts):
            return Unlike.ANOTHER
        if surnames_apart and all(row["phones"] and row["address_line1"] for row in (a, b)):
            return Unlike.ANOTHER
        if surnames_apart and all(contacts):
            return Unlike.BY_NAME
    if given_apart:
        return Unlike.BY_NAME
    if surnames_apart and not share_house_and_number(a, b):
        return Unlike.BY_SURNAME
    return Unlike.NOT


def are_strangers(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether nothing but an email makes two clients one, or of one house or family."""
    a, b = _but_for_emails("client", one, other)
    apart = are_given_apart(a, b) and are_surnamed_apart(a, b)
    return apart and contacts_of(a).isdisjoint(contacts_of(b))


def as_named_there(
    here: Mapping[str, object], before: Mapping[str, object], *, named_since: bool
) -> Mapping[str, object]:
    """What a row said: if it named the client of the record, whoever else, as if it named that one.

    Anna & Ben's row that fed Anna's record, and says Ben by now, says another, as does one that fed
    Ben's and says Anna.
    """
    whose = _whose(here, named_since=named_since)
    if not whose["first_name"] or are_given_apart(whose, identifying("client", before)):
        return before
    return {**before, **{name: whose[name] for name in ("first_name", "partner_first_name")}}


def is_emptied(record: Record, was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a row says nobody any more: no name, and nothing else that was the one's."""
    a, b = _but_for_emails(record, was, now)
    if record == "pet":
        both = {column for column in ("breed", "birth_date") if a[column] and b[column]}
        if are_bred_apart(was, now):
            both.discard("breed")
        if "birth_dates_differ" in differences("pet", was, now):
            both.discard("birth_date")
        return bool(a["name"]) and not b["name"] and not both
    return bool(called(a)) and not called(b) and contacts_of(a).isdisjoint(contacts_of(b))


def may_be_anothers_alone(field: Field, old: Value, new: Value) -> bool:
    """Whether an automatic change may have been the first that was typed of another.

    An email; that the dead live, but no death; half or twice the weight.
    """
    if field == _LIFE:
        return _lives_again(old, new)
    return field != _WEIGHT or _is_half(new, old) or _is_half(old, new)


def _whose(was: Mapping[str, object], *, named_since: bool) -> Value:
    """Of a couple whoever is named first, unless the client has named both since it was asked."""
    client = identifying("client", was)
    return client if named_since else first_named(client)


def _but_for_emails(record: Record, *rows: Mapping[str, object]) -> list[Value]:
    return [identifying(record, row) | {"email": None} for row in rows]


def _pets_apart(was: Mapping[str, object], now: Mapping[str, object], known: Known) -> set[str]:
    """Which of its name, kind, age, life, weight and place speak against one animal.

    A name is alike only if it is a slip or a form of the other: Charlie isn't Archie. The kind is
    its species or breed; of a dead pet that lives a breed counts unless the birth date is the same.
    A birth date that is gone is as good as another: of the next one nobody may know it; so is one
    after a day on which the pet was weighed, or died. The life: it was dead, and lives, or was
    weighed. The weight: half of it, or twice where it can't have grown; nothing beside the place.
    """
    a, b = identifying("pet", was), identifying("pet", now)
    differ = differences("pet", was, now)
    born, born_now = a["birth_date"], b["birth_date"]
    is_after = born_now and born != born_now and _was_here_before(was, born_now)
    born_apart = "birth_dates_differ" in differ or is_after
    is_gone = born and not born_now and known.had_birth_date
    lives = _lives_again(was, now) or _weighed_since(was, now)
    is_one = lives and born and born == born_now  # whatever its breed
    other_name = all_differ(words_of(a["name"]), words_of(b["name"]), may_be_one_pets_name)
    other_species = "species_differ" in differ
    is_grown = lives or other_species or not _may_grow(was, sure=other_name or born_apart)
    is_outgrown = _is_half(now, was) or (is_grown and _is_half(was, now))
    signs = {
        "name": other_name,
        "kind": other_species or (not is_one and are_bred_apart(was, now)),
        "age": born_apart or is_gone,
        "life": lives,
        "weight": is_outgrown and not known.elsewhere,
        "place": known.elsewhere,
    }
    return {sign for sign, speaks in signs.items() if speaks}


def _was_here_before(was: Mapping[str, object], born: str) -> bool:
    weighed = canonical(_WEIGHT, was)["weighed_on"]
    days = (weighed, canonical(_LIFE, was)["deceased_on"])
    return any(day and day < born for day in days)


def _lives_again(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    dead, still = (canonical(_LIFE, row)["deceased"] for row in (was, now))
    return bool(dead and not still)


def _weighed_since(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a dead pet was weighed since: that the next one lives may be typed later."""
    before, after = (canonical(_WEIGHT, row) for row in (was, now))
    death = canonical(_LIFE, was)
    last, on = death["deceased_on"] or before["weighed_on"], after["weighed_on"]
    is_newer = before != after and (not (last and on) or on > last)
    return bool(death["deceased"] and after["weight_value"]) and is_newer


def _may_grow(was: Mapping[str, object], *, sure: bool) -> bool:
    """Whether a pet may weigh twice as much by now: it was young when it was weighed.

    Or nobody knows that; not where it must be known: of one called, or born, otherwise.
    """
    born, on = identifying("pet", was)["birth_date"], canonical(_WEIGHT, was)["weighed_on"]
    if not (born and on):
        return not sure
    return date.fromisoformat(on) - date.fromisoformat(born) < _YOUNG


def _is_half(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    less, more = (float(canonical(_WEIGHT, row)["weight_kg"] or 0) for row in (one, other))
    return 0 < less <= more / 2
