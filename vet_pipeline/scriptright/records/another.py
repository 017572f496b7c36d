"""Whether a PIMS row that was one client or animal is another by now: its key was handed on. Pure.

What follows from it is in load/handed_on.py, for newcomers' pets in load/set_aside.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.records.likeness import (
    all_differ,
    are_bred_apart,
    are_given_apart,
    are_named_apart,
    are_surnamed_apart,
    called,
    contacts_of,
    differences,
    identifying,
    may_be_one_pets_name,
    share_house_and_number,
    words_of,
)
from vet_pipeline.scriptright.records.values import Value, canonical

_LIFE, _WEIGHT = FIELD["pet", "deceased"], FIELD["pet", "weight"]
_YOUNG = timedelta(days=365)


def is_another(record: Record, was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a row that was one client or animal is another by the look of it.

    Nothing alike in a client's names, whatever number or address is in common: whoever types a
    newcomer over may leave it for last, and the rest would be the one's. (An email says nothing: it
    is taken in at once.) Or in given names beside another known number or address: Ann Lee's row
    that says Bob Lee of another house; or in surnames beside another number and another address:
    who marries keeps the one or the other.

    Two of a pet's name, age, kind (its species or breed) and weight (half of it; or twice, where it
    can't have grown: whoever types the next one over leaves the rest for the next save). One is
    enough where it was dead, and lives or was weighed since (but no breed, if the birth date is the
    same). One but the weight is enough where `now` is `elsewhere`: another client's, or called as
    another of the owner's.
    """
    if record == "pet":
        apart, bred_apart = _pets_apart(was, now), are_bred_apart(was, now)
        if now.get("elsewhere"):
            return bool(apart - {"weights_differ"}) or bred_apart
        others = {"names_differ", "birth_dates_differ", "birth_date_gone", "weights_differ"}
        return len(apart) > 1 or (bred_apart and not apart.isdisjoint(others))
    a, b = _but_for_emails(record, was, now)
    if are_named_apart(a, b):
        return True
    contacts = contacts_of(a), contacts_of(b)
    if not contacts[0].isdisjoint(contacts[1]):
        return False
    if all(contacts) and are_given_apart(a, b):
        return True
    return are_surnamed_apart(a, b) and all(r["phones"] and r["address_line1"] for r in (a, b))


def is_called_otherwise(
    record: Record, was: Mapping[str, object], now: Mapping[str, object]
) -> bool:
    """The same, or nothing is alike in a client's given names, or in a pet's name.

    Or the pet was dead and lives: the next pup outgrows half the dead dog's weight.
    """
    if record == "pet":
        by_name = "names_differ" in _pets_apart(was, now) or _lives_again(was, now)
    else:
        by_name = are_given_apart(identifying(record, was), identifying(record, now))
    return by_name or is_another(record, was, now)


def is_still_another(record: Record, was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """The same, or nothing is alike in a client's surnames: of a row of which that was asked.

    Not by surnames once a person has confirmed both the house and the number: she who has married,
    and wants her old name on the parcel.
    """
    a, b = identifying(record, was), identifying(record, now)
    by_surname = record == "client" and are_surnamed_apart(a, b)
    return is_called_otherwise(record, was, now) or (
        by_surname and not share_house_and_number(a, b)
    )


def are_strangers(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether nothing but an email makes two clients one, or of one house or family."""
    a, b = _but_for_emails("client", one, other)
    apart = are_given_apart(a, b) and are_surnamed_apart(a, b)
    return apart and contacts_of(a).isdisjoint(contacts_of(b))


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


def _but_for_emails(record: Record, *rows: Mapping[str, object]) -> list[Value]:
    return [identifying(record, row) | {"email": None} for row in rows]


def _pets_apart(was: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    """What speaks against one animal, in the words of likeness.py; a breed alone doesn't.

    A name is alike only if it is a slip or a form of the other: Charlie isn't Archie. Nobody grows
    to half the weight, nor a dog into a cat. A birth date that is gone is as good as another: of the
    next one nobody may know it; so is one after a day on which the pet was weighed, or died. Of a
    dead pet that lives, or is weighed, more does: the next pup has the name.
    """
    apart = {*differences("pet", was, now)}
    a, b = identifying("pet", was), identifying("pet", now)
    born, born_now = a["birth_date"], b["birth_date"]
    if born and not born_now and now.get("had_birth_date"):
        apart.add("birth_date_gone")
    if born_now and born != born_now and _was_here_before(was, born_now):
        apart.add("birth_dates_differ")
    if all_differ(words_of(a["name"]), words_of(b["name"]), may_be_one_pets_name):
        apart.add("names_differ")
    if _lives_again(was, now) or _weighed_since(was, now):
        apart.add("lives_again")
        is_one = born and born == born_now  # whatever its breed
        if not is_one and are_bred_apart(was, now):
            apart.add("breeds_differ")
    before, after = _kilograms(was), _kilograms(now)
    has_doubled = 0 < before <= after / 2
    if 0 < after <= before / 2 or (has_doubled and not _may_have_grown(was, apart)):
        apart.add("weights_differ")
    return apart


def _was_here_before(was: Mapping[str, object], born: str) -> bool:
    weighed = canonical(_WEIGHT, was)["weighed_on"]
    days = (weighed, canonical(_LIFE, was)["deceased_on"])
    return any(day and day < born for day in days)


def _lives_again(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    dead, still = (canonical(_LIFE, row)["deceased"] for row in (was, now))
    return bool(dead and not still)


def _weighed_since(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a dead pet was weighed after its death: that the next one lives may be typed later."""
    before, after = (canonical(_WEIGHT, row) for row in (was, now))
    death = canonical(_LIFE, was)
    last, on = death["deceased_on"] or before["weighed_on"], after["weighed_on"]
    is_newer = before != after and (not (last and on) or on > last)
    return bool(death["deceased"] and after["weight_value"]) and is_newer


def _may_have_grown(was: Mapping[str, object], apart: AbstractSet[str]) -> bool:
    """Whether a pet may weigh twice as much by now: not the dead, nor one of another species.

    Nor one that was grown when it was weighed. Where nobody knows that, whoever is called as before
    and has no other birth date.
    """
    if not apart.isdisjoint({"lives_again", "species_differ"}):
        return False
    born = identifying("pet", was)["birth_date"]
    on = canonical(_WEIGHT, was)["weighed_on"]
    if not (born and on):
        return apart.isdisjoint({"names_differ", "birth_dates_differ"})
    return date.fromisoformat(on) - date.fromisoformat(born) < _YOUNG


def _kilograms(row: Mapping[str, object]) -> float:
    """0: nobody knows."""
    return float(canonical(_WEIGHT, row)["weight_kg"] or 0)
