"""From bits to verdicts: thresholds, vetoes (of clients: `client_vetoes`), and the word that says why."""

from __future__ import annotations

import numpy as np

from vet_pipeline.matching.arrays import Bits, Bools, Kinds, Matrix, Texts
from vet_pipeline.matching.names import NameLevel
from vet_pipeline.matching.pets import PET_FEATURES
from vet_pipeline.matching.verdicts import LINK, NONE, POSSIBLE

Judged = tuple[Kinds, Texts]


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


def pet_vetoes(
    levels: Matrix,
    impossible: Bools,
    other_number: Bools,
    two_names: Bools,
    one_of_many: Bools,
    days_differ: Bools,
) -> dict[str, Bools]:
    """Species against species, names with nothing in common, and contradicting life dates.

    *names_only_alike*: `two_names` that pets have, Lucy and Lucky. *numbers_differ*: Rex and Rex
    II. An equal birth date doesn't help: littermates have it. *name_common*: `one_of_many` of its
    owner, a shelter that has another Bella each year.
    """
    species = levels[:, list(PET_FEATURES).index("species")]
    name = levels[:, list(PET_FEATURES).index("name")]
    return {
        "name_common": one_of_many,
        "birth_dates_differ": days_differ,
        "numbers_differ": other_number,
        "names_only_alike": two_names,
        "species_differ": species == PET_FEATURES["species"].index("different"),
        "names_differ": name == NameLevel.DIFFERENT,
        "life_dates_contradict": impossible,
    }
