"""What forbids the machine to link two clients: one function for each veto, with whom it keeps apart.

A veto forbids the link, not the asking. What a rule may look at stands in `Pairs`, each thing once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from vet_pipeline.matching.arrays import Bools, Codes, Levels, Matrix
from vet_pipeline.matching.comparisons import (
    only_house_numbers,
    only_organised,
    other_numbers,
    other_person,
    two_given_names,
)
from vet_pipeline.matching.doubtful_names import (
    Doubt,
    branches_differ,
    either_order,
    family_name_first,
    titles_differ,
)
from vet_pipeline.matching.features import CLIENT_FEATURES
from vet_pipeline.matching.whole_names import (
    called_by_a_further_name,
    further_names_differ,
    same_couple,
)

if TYPE_CHECKING:
    from vet_pipeline.matching.profiles import People

_PETS = CLIENT_FEATURES["pets"]
FAIR, GOOD = _PETS.index("fair"), _PETS.index("good")


@dataclass
class Pairs:
    """Pairs of client rows and what they agree on.

    Of contacts: one *agrees* where it is the same or, of a number, a slip apart. An email that is only
    near differs: maria.lopez41 and maria.lopez16 are two people.
    """

    people: People
    left: Codes
    right: Codes
    levels: Matrix

    def means(self, feature: str, *words: str) -> Bools:
        """Whether the level of a feature is one of those called so."""
        wanted = np.array([word in words for word in CLIENT_FEATURES[feature]], dtype=bool)
        return np.asarray(wanted[self.level(feature)])

    def level(self, feature: str) -> Levels:
        """The feature's levels."""
        return np.asarray(self.levels[:, list(CLIENT_FEATURES).index(feature)])

    @property
    def rows(self) -> tuple[People, Codes, Codes]:
        """Whose rows they are, for what looks at more than levels."""
        return self.people, self.left, self.right

    @cached_property
    def doubt(self) -> Doubt:
        """Whether the names may be two people's."""
        return Doubt.of(*self.rows, self.level("first_name"))

    @cached_property
    def own_contact(self) -> Bools:
        """A number or email agrees that nobody of another given name has."""
        return self.means("phone", "own") | self.means("email", "own")

    @cached_property
    def spoken_to(self) -> Bools:
        """A number or an email agrees."""
        number = self.means("phone", "near", "household", "own")
        return number | self.means("email", "household", "own")

    @cached_property
    def at_home(self) -> Bools:
        """The house agrees, in whatever town."""
        return self.means("address", "near", "other_unit", "unit_unknown", "same")

    @cached_property
    def in_a_crowd(self) -> Bools:
        """The house is a shelter's, a barracks', a campus's, no flat of it agrees, and the name isn't rare."""
        flat = self.means("address", "same") & (self.people.unit[self.left] > 0)
        return self.means("building", "crowd") & ~flat & ~self.means("coincidence", "rare")

    @cached_property
    def agree(self) -> Bools:
        """Some contact agrees. Each town has a Main Street and a PO Box 12, each home many rooms."""
        elsewhere = self.means("place", "different") | self.means("address", "other_unit")
        return self.spoken_to | self.at_home & ~elsewhere & ~self.in_a_crowd

    @cached_property
    def number_differs(self) -> Bools:
        """Both have numbers, and others."""
        return self.means("phone", "different")

    @cached_property
    def email_differs(self) -> Bools:
        """Both have an email, and another."""
        return self.means("email", "near", "different")

    @cached_property
    def address_differs(self) -> Bools:
        """Both have an address, and another house; of a street alone nobody knows which."""
        number = self.people.number
        numbered = (number[self.left] > 0) & (number[self.right] > 0)
        return self.means("address", "different") | self.means("address", "street") & numbered

    @cached_property
    def differ(self) -> Levels:
        """How many of number, email and address differ."""
        contacts = (self.number_differs, self.email_differs, self.address_differs)
        return np.asarray(np.sum(contacts, axis=0, dtype=np.int8))

    @cached_property
    def a_pet(self) -> Bools:
        """A pet agrees, by more than chance."""
        return np.asarray(self.level("pets") >= FAIR)

    @cached_property
    def other_pets(self) -> Bools:
        """Both have pets, and none alike."""
        return self.means("pets", "several_none_alike", "none_alike")


def client_vetoes(pairs: Pairs) -> dict[str, Bools]:
    """Each veto and which pairs it holds apart; of several a person is told the last."""
    return {
        "name_alone": ~pairs.agree & ~pairs.a_pet,
        "name_common": name_common(pairs),
        "surnames_differ": surnames_differ(pairs),
        "couple_apart": couple_apart(pairs),
        "names_only_alike": names_only_alike(pairs),
        "pets_differ": pairs.other_pets & ~own_outweighs_pets(pairs),
        "first_names_differ": first_names_differ(pairs),
        "generations_differ": generations_differ(pairs),
        "organisations_differ": organisations_differ(pairs),
    }


def name_common(pairs: Pairs) -> Bools:
    """No contact agrees: the commoner the name and the more contacts differ, the more must a pet say.

    Two Maria Lopez may each have a Lola; an Amos Fisher of another farm has a mixed-breed Duke as well.
    """
    how_common = pairs.level("coincidence")
    needed = np.full(len(how_common), FAIR)
    for differ, name in ((0, "often"), (2, "some"), (3, "seldom")):
        at_least = CLIENT_FEATURES["coincidence"].index(name)
        needed += (pairs.differ >= differ) & (how_common >= at_least)
    return ~pairs.agree & (needed > FAIR) & (pairs.level("pets") < needed)


def surnames_differ(pairs: Pairs) -> Bools:
    """Wholly, and no own contact and no pet says that it is a married name.

    In a stable or a big building some have one given name. A number alone doesn't say so where the
    address or the pets are others: numbers are handed on. Nor does a pet alone where two of number,
    email and address differ: two Emilys may share a dog, or one have given it to the other. Of two
    surnames parent and child of one given name have one in common, and the dog is the house's: an
    email must say who it is.
    """
    mailed = pairs.means("email", "own")
    mail_or_pet = mailed | pairs.a_pet
    no_word = ~pairs.own_contact | pairs.other_pets | pairs.address_differs
    only_a_pet = pairs.means("joint", "no") & ~pairs.spoken_to & (pairs.differ > 1)
    wholly = pairs.means("surname", "different") & (~mail_or_pet & no_word | only_a_pet)
    return pairs.doubt.surnames & ~mailed | wholly


def couple_apart(pairs: Pairs) -> Bools:
    """The second of a couple, where no contact agrees and the house or two differ: they may have parted.

    Shared is the pet at most; but a number or an email each has alone. So it is of who is named
    beside somebody else, unless the house agrees.
    """
    second = pairs.means("joint", "one_row") & other_person(*pairs.rows)
    gone = second & (pairs.address_differs | (pairs.differ > 1)) & ~pairs.agree
    return gone | (pairs.means("joint", "both_one_differs") & ~pairs.at_home)


def names_only_alike(pairs: Pairs) -> Bools:
    """Neither name is the same, and no own contact and no pet says that it is a slip.

    In a big building some neighbours are called alike. So are given names in doubt where neither an
    email of one's own nor a pet says that it is one person: of one house, S may be Steven's sister,
    Bill Robert's son, and who is named by the surname alone anybody. Of a name in the other order
    an email of one's own alone says so, and nothing of one whose given name may be the family's.
    """
    same = pairs.means("first_name", "same", "nickname") | pairs.means("surname", "same")
    known = pairs.own_contact | (pairs.level("pets") >= GOOD)
    doubt, mailed = pairs.doubt, pairs.means("email", "own")
    # The dog is the house's; who has another number or email than the other is perhaps the other.
    seldom = doubt.seldom_one & (pairs.number_differs | pairs.email_differs)
    unknown = doubt.unknown & (pairs.other_pets | pairs.email_differs)
    unproved = doubt.nameless | doubt.ending | doubt.seldom_one | unknown
    unproved &= ~(mailed & ~pairs.other_pets) & ~(pairs.a_pet & ~seldom)
    # Both initials of "J & M" are no chance.
    initial = doubt.initial & ~mailed & ~pairs.means("joint", "both_agree") & ~pairs.a_pet
    # Thomas George is George Thomas's father, and Nguyen Van An the brother of Nguyen Van Anh.
    turned = pairs.means("swapped", "yes") & either_order(*pairs.rows) & ~mailed
    return ~same & ~known | unproved | initial | turned | family_name_first(*pairs.rows)


def own_outweighs_pets(pairs: Pairs) -> Bools:
    """Something of the person's own outweighs pets of which no two are alike.

    Else it is a namesake in the family, since father and son share name, address and landline. It is
    the same suffix, or more own contacts that agree than contacts that differ; where both have
    several pets, two must. No number is one's own that is called a house's, nor, where no email agrees,
    one beside which each has another, or names have a slip or stand in each other's place. Or it is
    one couple whose surname is one and of whom a contact agrees: the son of the father's name has
    another wife. Unless the name is one that many have, or one row alone says Jr or Sr.
    """
    means, rows = pairs.means, pairs.rows
    several = means("pets", "several_none_alike")
    slipped = means("joint", "no") & (means("first_name", "near") | means("swapped", "yes"))
    shared = other_numbers(*rows) | slipped
    shared = only_house_numbers(*rows) | shared & ~means("email", "own")
    own = (means("phone", "own") & ~shared).astype(np.int8) + means("email", "own")
    own -= pairs.number_differs + means("email", "different").astype(np.int8)
    couple = same_couple(*rows) & means("surname", "near", "same") & ~means("suffix", "one_row")
    couple &= pairs.agree & ~means("coincidence", "often", "common", "very_common")
    return (own > several) | means("suffix", "same") | couple


def first_names_differ(pairs: Pairs) -> Bools:
    """Wholly, or in what follows the first word; or they look alike and are two that people have.

    Mary and Mark: no slip explains it. Of a joint account it is whether nobody agrees. Of an initial,
    or no name, it is what the titles say.
    """
    wholly = pairs.means("first_name", "different")
    alike = two_given_names(*pairs.rows, pairs.level("first_name"))
    return wholly | alike | further_names_differ(*pairs.rows) | titles_differ(*pairs.rows)


def generations_differ(pairs: Pairs) -> Bools:
    """Jr against Sr; or one row alone says which, and the numbers or emails are others: father and son.

    The house, its landline and a dog are both's, and few fathers write Sr. A number or email of one's
    own says who it is, and so do all of the pets.
    """
    known = pairs.own_contact | pairs.means("pets", "very_strong")
    alone = pairs.means("suffix", "one_row") & (pairs.number_differs | pairs.email_differs)
    return pairs.means("suffix", "different") | alone & ~known


def organisations_differ(pairs: Pairs) -> Bools:
    """Two of other names, or two of several; or one, and a person's own row.

    Unless a pet says that the ranch is theirs: who speaks for a shelter gives it their number and
    email.
    """
    two = pairs.means("organisation", "both") & pairs.means("surname", "different", "fuzzy")
    speaker = only_organised(*pairs.rows) & ~pairs.a_pet
    two |= branches_differ(*pairs.rows)
    return two | speaker & ~pairs.means("surname", "near", "same")


def asked_whatever_the_bits(pairs: Pairs) -> Bools:
    """Who has the other's pets, and a number or email; or goes by a further name of the other's.

    Mostly the other spouse, whom the bits call somebody else. As a new client the animals would
    stand twice, and a death that is told of one would not reach the other. Where number and email
    agree, a pet of that name is enough to ask; of Henry beside William Henry of one surname, any
    contact.
    """
    number, mail = (pairs.means(contact, "household", "own") for contact in ("phone", "email"))
    there = pairs.means("pets", "strong", "very_strong")
    by_it = called_by_a_further_name(*pairs.rows) & pairs.means("surname", "near", "same")
    by_it &= pairs.agree & ~pairs.other_pets
    return (
        by_it
        | (number | mail) & there
        | number & mail & (pairs.a_pet | pairs.means("pets", "weak"))
    )
