"""The evidence of a pair of clients as a row of small levels: the input of the model.

Each feature is a level from a short list, so that a model is a set of tables anybody can read
and every link can be explained in bits per feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from vet_pipeline.matching import comparisons
from vet_pipeline.matching.arrays import Codes, Matrix
from vet_pipeline.matching.doubtful_names import written_twice
from vet_pipeline.matching.names import NameLevel
from vet_pipeline.matching.pet_comparisons import shared_pet_bits
from vet_pipeline.matching.second_look import features_beside_rivals

if TYPE_CHECKING:
    from vet_pipeline.matching.animals import Animals
    from vet_pipeline.matching.profiles import People


_NAME_WORDS = ("missing", "different", "fuzzy", "initial", "part", "near", "nickname", "same")
_CONTACT_WORDS = ("missing", "different", "near", "crowded", "household", "own")

#: Features and the words for their levels, in the order of the columns.
CLIENT_FEATURES: dict[str, tuple[str, ...]] = {
    "first_name": _NAME_WORDS,
    "surname": _NAME_WORDS,
    "joint": ("no", "one_row", "both_agree", "both_one_differs"),
    "swapped": ("no", "yes"),
    "phone": _CONTACT_WORDS,
    "email": _CONTACT_WORDS,
    "mail_names": ("nothing", "given_name", "surname", "other"),
    "address": ("missing", "different", "street", "near", "other_unit", "unit_unknown", "same"),
    "building": ("none", "few", "some", "many", "crowd"),
    "place": ("missing", "different", "town", "postal_code"),
    "suffix": ("none", "one_row", "same", "different"),
    "middle": ("missing", "different", "same"),
    "coincidence": ("unknown", "rare", "seldom", "some", "often", "common", "very_common"),
    "pets": (
        "unknown", "several_none_alike", "none_alike", "weak", "fair", "good", "strong",
        "very_strong",
    ),
    "organisation": ("no", "one_row", "both"),
}  # fmt: skip
CLIENT_VERDICT_FEATURES = features_beside_rivals(
    CLIENT_FEATURES,
    *("first_name", "surname", "joint", "phone", "email", "address", "building", "suffix"),
    *("coincidence", "pets", "organisation"),
)

_COINCIDENCE_EDGES = (0.02, 0.1, 0.4, 1.5, 6.0)
_PET_EDGES = (2.0, 5.0, 9.0, 13.0, 17.0)


def client_features(people: People, animals: Animals, left: Codes, right: Codes) -> Matrix:
    """One row of levels per pair of client rows, columns as CLIENT_FEATURES."""
    names = comparisons.compare_names(people, left, right)
    one_name = written_twice(people, left, right, names)
    columns = (
        names.first,
        names.last,
        names.joint,
        names.swapped,
        comparisons.compare_phones(people, left, right, one_name),
        comparisons.compare_emails(people, left, right, one_name),
        _mail_names(people, left, right, names),
        address := comparisons.compare_addresses(people, left, right),
        _building(people, left, address),
        comparisons.compare_places(people, left, right),
        _suffix(people, left, right),
        _middle(people, left, right),
        np.maximum(_coincidence(people, left), _coincidence(people, right)),
        _pets(people, animals, left, right),
        (people.organisation[left] > 0).astype(int) + (people.organisation[right] > 0),
    )
    return np.column_stack(columns).astype(np.int8)


def _mail_names(people: People, left: Codes, right: Codes, names: comparisons.NameLevels) -> Matrix:
    """Whether a row's email carries the other row's name: a word for who it belongs to.

    Only looked at where names leave a doubt. 0 nothing to see, 1 the given name, 2 only the
    surname, 3 neither.
    """
    level = np.zeros(len(left), dtype=np.int8)
    doubt = (names.first != NameLevel.SAME) | (names.last != NameLevel.SAME)
    mailed = (people.email[left] > 0) | (people.email[right] > 0)
    texts = people.names.telling
    at = np.flatnonzero(doubt & mailed)
    for one, other in ((left[at], right[at]), (right[at], left[at])):
        mail = people.email[one]
        boxes = people.mailboxes.take(pa.array(mail)).to_pylist()
        found = [
            0 if not m else 1 if texts[f] in box else 2 if texts[n] in box else 3
            for m, box, f, n in zip(
                mail.tolist(),
                boxes,
                people.first[other].tolist(),
                people.last[other].tolist(),
                strict=True,
            )
        ]
        seen = np.array(found, dtype=np.int8)
        here = level[at]
        level[at] = np.where(here == 0, seen, np.where(seen == 0, here, np.minimum(here, seen)))
    return level


def _building(people: People, left: Codes, address: Any) -> Matrix:
    crowd = np.digitize(people.neighbours[left], (4, 9, 21)) + 1
    at_one = address >= comparisons.AddressLevel.OTHER_UNIT
    return np.where(at_one, crowd, 0).astype(np.int8)


def _suffix(people: People, left: Codes, right: Codes) -> Matrix:
    a, b = people.suffix[left], people.suffix[right]
    level = np.where(a == b, 2, 3)
    level = np.where((a == 0) ^ (b == 0), 1, level)
    return np.where((a == 0) & (b == 0), 0, level).astype(np.int8)


def _middle(people: People, left: Codes, right: Codes) -> Matrix:
    a, b = people.middle[left], people.middle[right]
    return np.where((a == 0) | (b == 0), 0, 1 + (a == b)).astype(np.int8)


def _coincidence(people: People, rows: Codes) -> Matrix:
    """How many rows would have this full name by chance, from how common its parts are."""
    given, last = people.called[people.first[rows]], people.surnamed[people.last[rows]]
    expected = given * last / max(len(people), 1)
    unknown = (people.first[rows] == 0) | (people.last[rows] == 0)
    return np.where(unknown, 0, 1 + np.digitize(expected, _COINCIDENCE_EDGES)).astype(np.int8)


def _pets(people: People, animals: Animals, left: Codes, right: Codes) -> Matrix:
    bits, pets_left, pets_right = shared_pet_bits(animals, left, right, len(people))
    level = 2 + np.digitize(bits, _PET_EDGES)
    level = np.where((level == 2) & (pets_left > 1) & (pets_right > 1), 1, level)
    return np.where((pets_left == 0) | (pets_right == 0), 0, level).astype(np.int8)
