"""Pets inside linked owners: candidate pairs, levels, rivals. Owners are settled before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.arrays import Bits, Bools, Codes, Matrix, Wide
from vet_pipeline.matching.candidates import Blocks
from vet_pipeline.matching.keys import coded
from vet_pipeline.matching.pet_comparisons import compare_pets
from vet_pipeline.matching.rivals import best_rivals
from vet_pipeline.matching.second_look import features_beside_rivals, second_look

if TYPE_CHECKING:
    from vet_pipeline.matching.animals import Animals


#: Pets of one owner on one side up to which all are compared with all.
FEW = 45

_SAME_WORDS = ("missing", "different", "alike", "same")
_COUNT_WORDS = ("one", "two", "few", "many")

PET_FEATURES: dict[str, tuple[str, ...]] = {
    "name": (
        "missing", "different", "fuzzy", "first_word_near", "first_word", "near", "form", "same",
    ),
    "species": _SAME_WORDS,
    "breed": _SAME_WORDS,
    "birth_date": (
        "missing", "far", "years", "within_year", "year_slip", "same_year_only", "weeks",
        "swapped", "same",
    ),
    "deceased": ("no", "both", "one"),
    "rarity": ("common", "usual", "rare"),
    "pets_at_home": _COUNT_WORDS,
    "pets_in_pims": _COUNT_WORDS,
    "namesakes": ("no", "yes"),
}  # fmt: skip

#: A name that so large a share of a practice's pets have.
COMMON = 0.005

PET_VERDICT_FEATURES = features_beside_rivals(
    PET_FEATURES, "name", "species", "birth_date", "deceased", "namesakes"
)


def pet_pairs(animals: Animals, group: Wide) -> tuple[Codes, Codes, int]:
    """Rows of all home x PIMS pairs of one group, and how many values were too common.

    group: per pet row the home client it belongs to, directly or through its owner's link; -1
    for none. Groups with very many pets (shelters) are compared by name and birth date only.
    """
    there = group >= 0
    home = np.arange(len(animals)) < animals.home_rows
    width = int(group.max(initial=0)) + 1
    sizes = np.maximum(
        np.bincount(group[there & home], minlength=width),
        np.bincount(group[there & ~home], minlength=width),
    )
    many = there & (sizes[group] > FEW)
    blocks = Blocks(animals.home_rows, FEW)
    blocks.add("owner", np.where(many, -1, group))
    for name, part in (
        ("name", animals.head),
        ("sound", animals.names.sounds[animals.head]),
        ("birth date", np.maximum(animals.born, 0)),
    ):
        key = group * (int(part.max(initial=0)) + 1) + part
        blocks.add(name, np.where(many & (part > 0), key, -1))
    left, right = blocks.distinct()
    return left, right, sum(blocks.too_common.values())


def pet_features(animals: Animals, left: Codes, right: Codes) -> tuple[Matrix, Bools]:
    """Levels of each pair, columns as PET_FEATURES, and whether its life dates contradict."""
    levels = compare_pets(animals, left, right)
    share = animals.common[animals.head[left]] / max(animals.all_rows, 1)
    count = np.bincount(animals.owner[animals.owner >= 0], minlength=1)
    names = animals.owner.astype(np.int64) << 32 | animals.head
    _, code = coded(names)
    held = np.bincount(code, minlength=1)[code]
    namesakes = np.maximum(held[left], held[right]) > 1
    columns: list[Any] = [
        levels.name,
        levels.species,
        levels.breed,
        levels.born,
        levels.deceased,
        np.where(share > COMMON, 0, np.where(share > 0.001, 1, 2)),
        np.digitize(count[animals.owner[left]], (2, 3, 6)),
        np.digitize(count[animals.owner[right]], (2, 3, 6)),
        namesakes,
    ]
    return np.column_stack(columns).astype(np.int8), levels.impossible


def pet_second_look(
    animals: Animals, left: Codes, right: Codes, levels: Matrix, bits: Bits
) -> Matrix:
    """Levels of the second look, columns as PET_VERDICT_FEATURES.

    Pets of another PIMS owner of the same home client are no rivals: they may be duplicates.
    """
    within = (left.astype(np.int64) << 32) | animals.owner[right]
    _, home_in_pair = coded(within)

    def never_alike(one: Codes, other: Codes) -> Bits:
        return np.full(len(one), -np.inf)

    rivals = best_rivals(home_in_pair.astype(np.int32), right, bits, never_alike)
    return second_look(levels, PET_FEATURES, PET_VERDICT_FEATURES, bits, rivals)
