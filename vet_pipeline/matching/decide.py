"""From bits to verdicts: thresholds, named vetoes, and the word that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vet_pipeline.matching.features import CLIENT_FEATURES
from vet_pipeline.matching.names import NameLevel
from vet_pipeline.matching.pets import PET_FEATURES
from vet_pipeline.matching.verdicts import LINK, NONE, POSSIBLE

if TYPE_CHECKING:
    from vet_pipeline.matching.keys import Texts
    from vet_pipeline.matching.model import Bits, Matrix

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Judged = tuple[np.ndarray[Any, np.dtype[np.int8]], "Texts"]


def judge(
    bits: Bits, vetoes: dict[str, Bools], rival: Bools, link: float, possible: float
) -> Judged:
    """LINK, POSSIBLE or NONE per pair, and the reason; a veto forbids the link, not the asking."""
    verdict = np.where(bits >= link, LINK, np.where(bits >= possible, POSSIBLE, NONE))
    reason = np.where(verdict == LINK, "evidence", "weak_evidence").astype(object)
    reason[rival & (verdict == POSSIBLE)] = "rival"
    for name, forbidden in vetoes.items():
        reason[forbidden] = name
        verdict[forbidden & (verdict == LINK)] = POSSIBLE
    return verdict.astype(np.int8), reason


def client_vetoes(levels: Matrix) -> dict[str, Bools]:
    """First names wholly different (and nobody of a joint account agrees), Jr against Sr.

    And *pets_differ*: both have pets, no two alike, and neither an own email nor the same suffix
    tells the person from a namesake in the family: name, address and landline of father and son
    are the same.
    """

    def level(name: str) -> Matrix:
        return np.asarray(levels[:, list(CLIENT_FEATURES).index(name)])

    def means(name: str, *words: str) -> Bools:
        return np.isin(level(name), [CLIENT_FEATURES[name].index(word) for word in words])

    told_apart = means("email", "own") | means("suffix", "same") | means("organisation", "both")
    return {
        "pets_differ": means("pets", "several_none_alike", "none_alike") & ~told_apart,
        "first_names_differ": level("first_name") == NameLevel.DIFFERENT,
        "generations_differ": means("suffix", "different"),
    }


def pet_vetoes(levels: Matrix, impossible: Bools) -> dict[str, Bools]:
    """Species against species, names with nothing in common, and contradicting life dates."""
    species = levels[:, list(PET_FEATURES).index("species")]
    name = levels[:, list(PET_FEATURES).index("name")]
    return {
        "species_differ": species == PET_FEATURES["species"].index("different"),
        "names_differ": name == NameLevel.DIFFERENT,
        "life_dates_contradict": impossible,
    }
