"""Whether the two sides of a link have drifted apart: is it still one client, one animal? Pure.

A link is made on what both sides said then. PIMS hand a key on to another client, people re-use a
pet's entry for the next pet, in the PIMS and in the web shop. Here are the rules by which a link
is put before a person again; keeping the questions is in link_reviews.py. Correcting a slip, a
nickname, a marriage or a move alone are no reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from rapidfuzz.distance import OSA, JaroWinkler

from vet_pipeline.matching.keys import fold
from vet_pipeline.matching.nicknames import given_names, known_nicknames, related
from vet_pipeline.matching.pet_names import known_pet_names, one_pet_name
from vet_pipeline.normalize.organisations import is_organisation_word
from vet_pipeline.policy import FIELD, Field, Record, fields_of
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.values import Value, canonical

# The columns that say who a client or which animal a pet is; an email is a contact of a client.
_FIELDS: dict[str, tuple[str, ...]] = {
    "client": ("name", "address", "phones", "email"),
    "pet": ("name", "age", "breed", "owner"),
}
_Alike = Callable[[str, str], bool]
_ALIKE = 0.80  # Jaro-Winkler: as the matcher, below it two names have nothing in common
# A birth date that moves by more is no correction: estimates are off by months, slips in a year
# are rare, and the next puppy is years younger.
_BIRTH_DATES_APART = 400  # days


def said_at_link(
    record: Record, pims: Mapping[str, object], home: Mapping[str, object]
) -> dict[str, Any]:
    """What a link's shadow keeps for later: the PIMS's side, and how far apart they were then.

    {"pims": {column: value}, "apart_at_link": [reason, ...]}: a person may have linked two
    who differ; that is no drift.
    """
    # A pet is linked inside its owners' link alone, so its owners agree.
    return {"pims": _identity(record, pims), "apart_at_link": list(_apart(record, pims, home))}


def said_now(shadow: Shadow, field: Field, new: Value) -> Shadow:
    """The shadow once the PIMS has changed a field to `new`, whatever becomes of that here."""
    if field.name not in _FIELDS[field.record]:
        return shadow
    return {**shadow, "pims": {**pims_side(shadow), **new}}


def pims_side(shadow: Shadow) -> Value:
    """What the PIMS says by now; of links made before this was kept, as far as can be told."""
    if "pims" in shadow:
        return dict(shadow["pims"])
    waiting = (opened["new"] for opened in shadow["suggestions"].values())
    return {k: v for part in (shadow["values"], *waiting) for k, v in part.items()}


def reasons_to_look(
    record: Record,
    shadow: Shadow,
    home: Mapping[str, object],
    *,
    owners_differ: bool = False,
    two_of_one_owner: bool = False,
) -> tuple[str, ...]:
    """Short words for how the sides have drifted apart since the link; () when they haven't.

    home: the ScriptRight row as it is now. owners_differ: the pet's owner in the PIMS feeds another
    client than the pet's. two_of_one_owner: another PIMS pet of the same owner feeds the pet too,
    and both are in the PIMS. first_names_differ and surname_and_contacts_differ of clients;
    names_differ, species_differ, birth_dates_differ, owners_differ and two_of_one_owner of pets.
    """
    then = shadow.get("apart_at_link", ())
    two = pims_side(shadow), home
    found = _apart(record, *two, owners_differ=owners_differ, two_of_one_owner=two_of_one_owner)
    return tuple(reason for reason in found if reason not in then)


def identity_of(record: Record, shadow: Shadow, home: Mapping[str, object]) -> tuple[Value, Value]:
    """Both sides' identifying values: while they stand, a person's word on the link holds."""
    return _identity(record, pims_side(shadow)), _identity(record, home) | {
        "client_id": home.get("client_id")
    }


def is_another(record: Record, was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a row that was one client or animal is another by the look of it.

    Nothing alike in a client's names, numbers and address (an email that the row brings is taken in
    at once: both sides have it, whoever it is), or in given names beside another known number or
    address: Ann Lee's row that says Bob Lee of another house. Two of a pet's name, species and age,
    or its name and breed; one of them, or its breed where no birth date speaks against it, or half
    or twice the weight, and it was dead and lives; or one of all these and `now` is `elsewhere`:
    another client's, or called as another pet of the owner's.
    """
    if record == "pet":
        apart = {*_apart(record, was, now)}
        if _lives_again(was, now):
            apart |= {"lives_again", *_called_otherwise(was, now), *_weighs_otherwise(was, now)}
            apart |= {*_bred_otherwise(was, now)}
        bred_apart = _are_bred_apart(was, now)
        if now.get("elsewhere"):
            return bool(apart) or bred_apart
        return len(apart) > 1 or (bred_apart and "names_differ" in apart)
    a, b = (_identity(record, row) | {"email": None} for row in (was, now))
    contacts = _contacts(a), _contacts(b)
    if not contacts[0].isdisjoint(contacts[1]):
        return False
    return _are_named_apart(a, b) or (all(contacts) and _are_given_apart(a, b))


def is_named_another(record: Record, was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """The same, where a client's number or address in common says nothing."""
    if record == "pet":
        return is_another(record, was, now)
    return _are_named_apart(_identity(record, was), _identity(record, now))


def is_called_otherwise(
    record: Record, was: Mapping[str, object], now: Mapping[str, object]
) -> bool:
    """The same, where nothing alike in a client's given names is enough, or in a pet's name.

    Or that the pet was dead and lives: the next pup outgrows half the dead dog's weight.
    """
    if record == "pet":
        is_renamed = "names_differ" in _apart(record, was, now)
        return is_renamed or _lives_again(was, now) or is_another(record, was, now)
    a, b = _identity(record, was), _identity(record, now)
    return _are_named_apart(a, b) or _are_given_apart(a, b)


def is_emptied(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a client's row says nobody any more: no name, and nothing else that was the one's."""
    a, b = (_identity("client", row) | {"email": None} for row in (was, now))
    return bool(_called(a)) and not _called(b) and _contacts(a).isdisjoint(_contacts(b))


def _lives_again(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    dead, still = (canonical(FIELD["pet", "deceased"], row)["deceased"] for row in (was, now))
    return bool(dead and not still)


def _called_otherwise(was: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    """Of a dead pet that lives: Charlie is the next pup, though half of it looks like Archie."""
    one, other = (_words(_identity("pet", row)["name"]) for row in (was, now))
    return ("names_differ",) if _all_differ(one, other, _may_be_one_pets_name) else ()


def _weighs_otherwise(was: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    """Of a dead pet that lives: the next pup has the name, and nobody has typed its birth date."""
    weighed = (canonical(FIELD["pet", "weight"], row)["weight_kg"] for row in (was, now))
    light, heavy = sorted(float(kilograms or 0) for kilograms in weighed)
    return ("weights_differ",) if 0 < light <= heavy / 2 else ()


def _bred_otherwise(was: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    """Of a dead pet that lives: where both say when it was born, that tells whether it is one."""
    born = [_identity("pet", row)["birth_date"] for row in (was, now)]
    return ("breeds_differ",) if not all(born) and _are_bred_apart(was, now) else ()


def _are_named_apart(one: Value, other: Value) -> bool:
    """Nothing alike in given names and in surnames; in whole names where a side lacks a part.

    A rescue, or a surname alone, has no first name that could differ. Where both parts differ a
    likeness is none: Mary Lee isn't Mark Moss with two slips, nor Ann Carter Bob Carroll. Ann Lee
    whose names stood in each other's columns is nobody else.
    """
    if all(part(side) for side in (one, other) for part in (_given, _surnames)):
        surnames = _surnames(one), _surnames(other)
        return _are_given_apart(one, other) and _all_differ(*surnames, _one_slip)
    return _all_differ(_called(one), _called(other))


def _are_given_apart(one: Value, other: Value) -> bool:
    given, surnames = ((part(one), part(other)) for part in (_given, _surnames))
    if given[0] & surnames[1] and surnames[0] & given[1]:
        return False
    return _all_differ(*given, _may_be_one_name)


def _are_bred_apart(was: Mapping[str, object], now: Mapping[str, object]) -> bool:
    one, other = (_words(_identity("pet", row)["breed"]) for row in (was, now))
    return _all_differ(one, other)


def _apart(
    record: Record,
    pims: Mapping[str, object],
    home: Mapping[str, object],
    *,
    owners_differ: bool = False,
    two_of_one_owner: bool = False,
) -> tuple[str, ...]:
    one, other = _identity(record, pims), _identity(record, home)
    if record == "client":
        answers = {
            "first_names_differ": _all_differ(_given(one), _given(other)),
            "surname_and_contacts_differ": _all_differ(_surnames(one), _surnames(other))
            and _contacts(one).isdisjoint(_contacts(other)),
        }
    else:
        answers = {
            "names_differ": _all_differ(_words(one["name"]), _words(other["name"])),
            "species_differ": _differ(one["species"], other["species"]),
            "birth_dates_differ": _days(one["birth_date"], other["birth_date"])
            > _BIRTH_DATES_APART,
            "owners_differ": owners_differ,
            "two_of_one_owner": two_of_one_owner,
        }
    return tuple(reason for reason, differ in answers.items() if differ)


def _identity(record: Record, row: Mapping[str, object]) -> Value:
    said: Value = {}
    for field in fields_of(record):
        if field.name == "owner":
            said["pims_client_id"] = canonical(field, row).get("pims_client_id")
        elif field.name in _FIELDS[record]:
            said |= canonical(field, row)
    return said


def _given(client: Value) -> set[str]:
    return _named(client["first_name"]) | _named(client["partner_first_name"])


def _surnames(client: Value) -> set[str]:
    return _named(client["last_name"]) | _named(client["partner_last_name"])


def _called(client: Value) -> set[str]:
    """All words of a name, without those that many firms and rescues have in theirs."""
    words = _given(client) | _surnames(client) | _words(client["organisation"])
    return {word for word in words if not is_organisation_word(word)} or words


def _contacts(client: Value) -> set[str]:
    numbers = {str(phone.get("number") or phone.get("recorded")) for phone in client["phones"]}
    street, place = client["address_line1"], client["postal_code"]  # a place alone many share
    address = fold(f"{street} {place or ''}") if street else ""
    return {*numbers, fold(client["email"] or ""), address} - {""}


def _words(text: str | None) -> set[str]:
    return set(fold(text or "").split())


def _named(text: str | None) -> set[str]:
    """The words of a name without middle initials: Robert A is no Ann by his A."""
    words = fold(text or "").split()
    whole = {word for word in words if len(word) > 1}
    return {words[0], *whole} if whole else set(words)


def _all_differ(one: set[str], other: set[str], alike: _Alike | None = None) -> bool:
    """Whether both say something and nothing of it is alike, be it a short form or an initial."""
    is_alike = alike or _alike
    return bool(one and other) and not any(is_alike(a, b) for a in one for b in other)


def _alike(one: str, other: str) -> bool:
    return _is_form(one, other) or JaroWinkler.similarity(one, other) >= _ALIKE


def _may_be_one_name(one: str, other: str) -> bool:
    """Of given names: no slip or ending makes one known name of another: Carl isn't Carla."""
    if {one, other} <= given_names():
        return _is_short_form(one, other) or related(one, other)
    return _one_slip(one, other)


def _may_be_one_pets_name(one: str, other: str) -> bool:
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
    nicknames = known_nicknames()
    return other in nicknames.get(one, ()) or one in nicknames.get(other, ())


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and fold(str(one)) != fold(str(other))


def _days(one: str | None, other: str | None) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) if one and other else 0
