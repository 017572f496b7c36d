"""What is alike in two records of clients or pets, and what in two names: pure comparisons.

Whether a link is looked at again is apart.py's to say, whether a row is another's another.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from rapidfuzz.distance import OSA, JaroWinkler

from vet_pipeline.matching.keys import fold
from vet_pipeline.matching.nicknames import (
    given_names,
    known_nicknames,
    related,
    seldom_one,
    two_listed,
)
from vet_pipeline.matching.pet_names import known_pet_names, one_pet_name
from vet_pipeline.normalize.organisations import is_organisation_word
from vet_pipeline.policy import Record, fields_of
from vet_pipeline.scriptright.records.values import IDENTIFYING, Value, canonical

_Alike = Callable[[str, str], bool]
_ALIKE = 0.80  # Jaro-Winkler: as the matcher, below it two names have nothing in common
# A birth date that moves by more is no correction: estimates are off by months, slips in a year
# are rare, and the next puppy is years younger.
_BIRTH_DATES_APART = 400  # days


def differences(
    record: Record, pims: Mapping[str, object], home: Mapping[str, object]
) -> tuple[str, ...]:
    """What the two sides say against one client or one animal, in short words."""
    one, other = identifying(record, pims), identifying(record, home)
    if record == "client":
        answers = {
            "first_names_differ": all_differ(_given(one), _given(other)),
            "surname_and_contacts_differ": all_differ(_surnames(one), _surnames(other))
            and contacts_of(one).isdisjoint(contacts_of(other)),
        }
    else:
        answers = {
            "names_differ": all_differ(words_of(one["name"]), words_of(other["name"])),
            "species_differ": _differ(one["species"], other["species"]),
            "birth_dates_differ": _days(one["birth_date"], other["birth_date"])
            > _BIRTH_DATES_APART,
        }
    return tuple(reason for reason, differ in answers.items() if differ)


def identifying(record: Record, row: Mapping[str, object]) -> Value:
    """The columns of the fields that say who it is, in canonical form."""
    said: Value = {}
    for field in fields_of(record):
        if field.name == "owner":
            said["pims_client_id"] = canonical(field, row).get("pims_client_id")
        elif field.name in IDENTIFYING[record]:
            said |= canonical(field, row)
    return said


def are_named_apart(one: Value, other: Value) -> bool:
    """Nothing alike in given names and in surnames; in whole names where a side lacks a part.

    A rescue, or a surname alone, has no first name that could differ. Where both parts differ a
    likeness is none: Mary Lee isn't Mark Moss with two slips, nor Ann Carter Bob Carroll. Ann Lee
    whose names stood in each other's columns is nobody else.
    """
    if all(part(side) for side in (one, other) for part in (_given, _surnames)):
        surnames = _surnames(one), _surnames(other)
        return are_given_apart(one, other) and all_differ(*surnames, _one_slip)
    return all_differ(called(one), called(other))


def are_given_apart(one: Value, other: Value) -> bool:
    """Nothing alike in given names; names that stood in each other's columns are alike."""
    return not _are_swapped(one, other) and all_differ(_given(one), _given(other), _may_be_one_name)


def first_named(client: Value) -> Value:
    """Of a couple whoever is named first: Ben's row is none of Anna & Ben's record any more."""
    return client | ({"partner_first_name": None} if client["first_name"] else {})


def are_surnamed_apart(one: Value, other: Value) -> bool:
    """Nothing alike in surnames, in whichever column they stand."""
    return not _are_swapped(one, other) and all_differ(_surnames(one), _surnames(other))


def _are_swapped(one: Value, other: Value) -> bool:
    given, surnames = ((part(one), part(other)) for part in (_given, _surnames))
    return bool(given[0] & surnames[1] and surnames[0] & given[1])


def are_bred_apart(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Nothing alike in two breeds that are said."""
    one, other = (words_of(identifying("pet", row)["breed"]) for row in (was, now))
    return all_differ(one, other)


def _given(client: Value) -> set[str]:
    return _named(client["first_name"]) | _named(client["partner_first_name"])


def _surnames(client: Value) -> set[str]:
    return _named(client["last_name"]) | _named(client["partner_last_name"])


def called(client: Value) -> set[str]:
    """All words of a name, without those that many firms and rescues have in theirs."""
    words = _given(client) | _surnames(client) | words_of(client["organisation"])
    return {word for word in words if not is_organisation_word(word)} or words


def contacts_of(client: Value) -> set[str]:
    """A client's numbers, email and street with its place, folded."""
    return {*_numbers(client), fold(client["email"] or ""), _house(client)} - {""}


def share_house_and_number(one: Value, other: Value) -> bool:
    """Whether two clients have a number in common, and live in one house."""
    in_common = not _numbers(one).isdisjoint(_numbers(other))
    return in_common and bool(_house(one)) and _house(one) == _house(other)


def _numbers(client: Value) -> set[str]:
    return {str(phone.get("number") or phone.get("recorded")) for phone in client["phones"]}


def _house(client: Value) -> str:
    street, place = client["address_line1"], client["postal_code"]  # a place alone many share
    return fold(f"{street} {place or ''}") if street else ""


def words_of(text: str | None) -> set[str]:
    """The folded words of a text."""
    return set(fold(text or "").split())


def _named(text: str | None) -> set[str]:
    """The words of a name, and all as one: Mary Ann is Maryann.

    Without middle initials: Robert A is no Ann by his A.
    """
    words = fold(text or "").split()
    whole = [word for word in words if len(word) > 1]
    return {words[0], *whole, "".join(whole)} if whole else set(words)


def all_differ(one: set[str], other: set[str], alike: _Alike | None = None) -> bool:
    """Whether both say something and nothing of it is alike, be it a short form or an initial."""
    is_alike = alike or _alike
    return bool(one and other) and not any(is_alike(a, b) for a in one for b in other)


def _alike(one: str, other: str) -> bool:
    return _is_form(one, other) or JaroWinkler.similarity(one, other) >= _ALIKE


def _may_be_one_name(one: str, other: str) -> bool:
    """Of given names: no slip or ending makes one known name of another: Carl isn't Carla.

    Nor is Andrew Andrea, whatever the book says, or Colin Colleen, as alike as they are spelled.
    """
    if {one, other} <= given_names():
        if (one, other) in seldom_one() or (one, other) in two_listed():
            return False
        return _is_short_form(one, other) or related(one, other)
    return _one_slip(one, other)


def may_be_one_pets_name(one: str, other: str) -> bool:
    """Whether two words may be one pet's name: a slip or a form, but no other known name."""
    if {one, other} <= known_pet_names():
        return _is_form(one, other) or one_pet_name(one, other)
    return _one_slip(one, other)


def _one_slip(one: str, other: str) -> bool:
    return _is_form(one, other) or OSA.distance(one, other, score_cutoff=1) <= 1


def _is_form(one: str, other: str) -> bool:
    begins = min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))
    return begins or _is_short_form(one, other)


def _is_short_form(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return other in known_nicknames().get(one, ())


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and fold(str(one)) != fold(str(other))


def _days(one: str | None, other: str | None) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) if one and other else 0
