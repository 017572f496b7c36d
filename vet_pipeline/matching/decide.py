"""From bits to verdicts: thresholds, named vetoes, and the word that says why."""

from __future__ import annotations

from functools import partial

import numpy as np

from vet_pipeline.matching.arrays import Bits, Bools, Kinds, Matrix, Texts
from vet_pipeline.matching.doubtful_names import Doubt
from vet_pipeline.matching.features import CLIENT_FEATURES, FIRST_NAME
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


def client_vetoes(
    levels: Matrix,
    house_number: Bools,
    other_numbers: Bools,
    two_names: Bools,
    other_person: Bools,
    further_differ: Bools,
    couple: Bools,
    only_organised: Bools,
    doubt: Doubt,
) -> dict[str, Bools]:
    """What forbids the machine to link two clients, each with who it keeps apart.

    - *first_names_differ*: wholly (and nobody of a joint account agrees); or only the first word is
      the same (`further_differ`); or names look alike and are `two_names` that people have, which
      no slip explains: Mary, Mark.
    - *generations_differ*: Jr against Sr.
    - *pets_differ*: both have pets, no two alike: a namesake in the family, since father and son
      share name, address and landline. It doesn't hold where something of the person's own
      outweighs it: the same suffix, or more own contacts (a number or email that nobody of another
      given name has) that agree than contacts that differ; where both have several pets, two must.
      A `house_number` is no contact of the person's own, nor where no email agrees is one beside
      which each has `other_numbers`, or names have a slip or stand in each other's place. Nor does
      it hold of one `couple` whose surname is one and of whom a contact agrees: the son of the
      father's name has another wife. Unless the name is one that many have, or one row alone says
      Jr or Sr.
    - *names_only_alike*: neither name is the same, and no own contact and no pet says that it is a
      slip: in a big building some neighbours are. So are given names in `doubt` where no email of
      the person's own and no pet says so: of one house, S may be Steven's sister, Bill Robert's
      son, and who is named by the surname alone anybody.
    - *name_alone*: no address, number, email or pet agrees. Or all three contacts are others, and of
      the pet that agrees little but its name is known.
    - *name_common*: of a name that several have, where no contact agrees, and the pet that does is
      like many others.
    - *surnames_differ*: wholly, and no own contact and no pet says that it is a married name: in a
      stable or a big building some have one given name. A number alone doesn't say so where the
      address or the pets are others: numbers are handed on. Nor does a pet alone where number and
      email differ, or one of them and the address: two Emilys may share a dog, or one have given it
      to the other. Of two surnames mother and daughter have one in common (`doubt.surnames`): an
      email or a pet must say who it is.
    - *organisations_differ*: two of other names, or an organisation and a person's own row, without
      a pet that says that the ranch is theirs: who speaks for a shelter gives it their number.
    - *couple_apart*: the `other_person` of a couple, where no contact agrees and one differs: who
      shares nothing but the pet may have left. So may who is named beside somebody else, unless the
      address agrees.
    """
    means = partial(_means, levels)
    own, several = np.zeros(len(levels), dtype=int), means("pets", "several_none_alike")
    for name in ("phone", "email"):
        own += means(name, "own").astype(int) - means(name, "different")
    slipped = means("joint", "no") & (means("first_name", "near") | means("swapped", "yes"))
    shared = house_number | (other_numbers | slipped) & ~means("email", "own")
    own -= means("phone", "own") & shared
    told_apart = (own > several) | means("suffix", "same") | means("organisation", "both")
    contact = means("phone", "own") | means("email", "own")
    known = contact | means("pets", "good", "strong", "very_strong")
    alike = ~means("first_name", "same", "nickname") & ~means("surname", "same")
    agree = ("near", "household", "own")
    at_home = means("address", "near", "other_unit", "unit_unknown", "same")
    reached = at_home | means("phone", *agree) | means("email", *agree)
    elsewhere = means("phone", "different") | means("email", "different")
    elsewhere |= means("address", "different", "street")
    apart = means("phone", "different") & means("email", "near", "different")
    apart &= means("address", "different", "street")
    # Each town has a Main Street and a PO Box 12.
    in_town = at_home & ~means("place", "different")
    held = in_town | means("phone", *agree) | means("email", *agree)
    beside = held | known | means("pets", "fair")
    # maria.lopez41 and maria.lopez16 are near, and two people.
    surely = in_town | means("phone", *agree) | means("email", "household", "own")
    mail_or_pet = means("email", "own") | _a_pet(levels)
    handed_on = several | means("pets", "none_alike") | means("address", "different", "street")
    handed_on &= ~mail_or_pet
    many_have_it = means("coincidence", "often", "common", "very_common")
    no_son = means("surname", "near", "same") & ~means("suffix", "one_row")
    told_apart |= couple & no_son & surely & ~many_have_it
    return {
        "name_alone": ~beside | apart & means("pets", "fair"),
        "name_common": many_have_it & ~surely & ~known,
        "surnames_differ": (doubt.surnames & ~mail_or_pet)
        | means("surname", "different")
        & (
            ~known & (~means("pets", "fair") | means("phone", "crowded"))
            | handed_on
            | _only_a_pet(levels)
        ),
        "couple_apart": (means("joint", "one_row") & other_person & elsewhere & ~reached)
        | (means("joint", "both_one_differs") & ~at_home),
        "names_only_alike": alike & ~known | _doubtful(levels, doubt),
        "pets_differ": (several | means("pets", "none_alike")) & ~told_apart,
        "first_names_differ": (levels[:, FIRST_NAME] == NameLevel.DIFFERENT)
        | two_names
        | further_differ,
        "generations_differ": means("suffix", "different"),
        "organisations_differ": means("organisation", "both")
        & means("surname", "different", "fuzzy")
        | only_organised & ~means("surname", "near", "same") & ~_a_pet(levels),
    }


def _doubtful(levels: Matrix, doubt: Doubt) -> Bools:
    """Whether neither a pet nor an email of one's own says that given names in `doubt` are one."""
    means = partial(_means, levels)
    mailed, other_pets = means("email", "own"), means("pets", "several_none_alike", "none_alike")
    against = other_pets | means("email", "near", "different")
    alike = doubt.nameless | doubt.ending | doubt.seldom_one | doubt.unknown & against
    # Both initials of "J & M" are no chance.
    initial = doubt.initial & ~mailed & ~means("joint", "both_agree")
    pet = _a_pet(levels)
    seldom = doubt.seldom_one & (means("phone", "different") | means("email", "near", "different"))
    return (alike | seldom) & ~(mailed & ~other_pets) & ~(pet & ~seldom) | initial & ~pet


def _a_pet(levels: Matrix) -> Bools:
    return _means(levels, "pets", "fair", "good", "strong", "very_strong")


def _only_a_pet(levels: Matrix) -> Bools:
    """Whether two of number, email and address differ, and no number or email agrees."""
    means = partial(_means, levels)
    spoken_to = means("phone", "near", "household", "own") | means("email", "household", "own")
    number, mail = means("phone", "different"), means("email", "near", "different")
    moved = means("address", "different", "street")
    return means("joint", "no") & ~spoken_to & (number & mail | (number | mail) & moved)


def same_household_pets(levels: Matrix) -> Bools:
    """Who has the other's pets, and a number or email: asked about, whatever the bits say.

    Mostly the other spouse, or who goes by a middle name, whom the bits call somebody else. As a
    new client the animals would stand twice, and a death that is told of one would not reach the
    other. Where number and email agree, a pet of that name is enough to ask.
    """
    means = partial(_means, levels)
    number, mail = (means(contact, "household", "own") for contact in ("phone", "email"))
    there = means("pets", "strong", "very_strong")
    return (number | mail) & there | number & mail & (_a_pet(levels) | means("pets", "weak"))


def _means(levels: Matrix, name: str, *words: str) -> Bools:
    wanted = np.array([word in words for word in CLIENT_FEATURES[name]], dtype=bool)
    return np.asarray(wanted[levels[:, list(CLIENT_FEATURES).index(name)]])


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
