"""Households of many kinds: those in which two records may be one person's or two persons'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.matching.towns.people import Account, Town

if TYPE_CHECKING:
    from collections.abc import Callable


class Households(Town):
    """A town that grows by whole households until there are accounts enough."""

    def grow(self, accounts: int) -> list[Account]:
        """At least so many accounts, whole households."""
        kinds: list[tuple[Callable[[], None], int]] = [
            (self.one_person, 300), (self.couple, 240), (self.couple_of_two_accounts, 50),
            (self.namesakes, 18), (self.mother_and_daughter, 12), (self.alike, 20),
            (self.twins, 8), (self.siblings, 25), (self.roommates, 35), (self.parted, 20),
            (self.married, 25), (self.moved, 80), (self.changed, 60), (self.all_new, 12),
            (self.goes_by_another_name, 20), (self.business, 15), (self.rescue, 3),
            (self.staff, 8), (self.no_client, 3), (self.next_holder, 12),
        ]  # fmt: skip
        builders, weights = zip(*kinds, strict=True)
        while len(self.accounts) < accounts:
            self.households += 1
            self.rng.choices(builders, weights)[0]()
        return self.accounts

    def one_person(self, kind: str = "one person") -> Account:
        """Nobody else of the house is a client."""
        return self.account(kind, [self.person()])

    def couple(self) -> None:
        """One account of two people: either name or both."""
        self.account("couple", self.two())

    def couple_of_two_accounts(self) -> None:
        """Each has an account; they share house, often the animals and a number."""
        one, two = self.two()
        first = self.account("couple, two accounts", [one], one_row=False)
        self.beside(first, two, pets=self.rng.random() < 0.5, landline=True)

    def namesakes(self) -> None:
        """Father and son, or mother and daughter, of one given name."""
        rng = self.rng
        one = self.person(woman=rng.random() < 0.1)
        child = self.person(surname=one.surname, origin=one.origin, woman=one.woman)
        child.given = one.given
        child.called = self.names.nickname(one.given) if rng.random() < 0.4 else ""
        one.suffix, child.suffix = rng.choice(
            (("Sr", "Jr"), ("Sr", "Jr"), ("", "Jr"), ("II", "III"), ("", ""))
        )
        first = self.account("parent and child of one name", [one])
        if rng.random() < 0.06:
            child.email = one.email
        self.beside(first, child, landline=rng.random() < 0.5, at_home=rng.random() < 0.75)

    def mother_and_daughter(self) -> None:
        """One first word of two given names, as in many families."""
        mother = self.person(origin="hispanic", woman=True)
        mother.called = ""
        mother.given = "maria " + self.rng.choice(("elena", "isabel", "luisa", "guadalupe"))
        daughter = self.person(origin="hispanic", woman=True)
        daughter.called = ""
        daughter.given = "maria " + self.rng.choice(("jose", "fernanda", "teresa", "del carmen"))
        daughter.surname = f"{self.names.surname('hispanic')} {mother.surname.split()[0]}"
        first = self.account("mother and daughter, Maria", [mother])
        self.beside(first, daughter, landline=True)

    def alike(self) -> None:
        """Two of one house whose names look alike: Karen and Sharon, Paul and Paula."""
        rng = self.rng
        one = self.person(origin="")
        two = self.person(surname=one.surname, origin="")
        one.given, two.given = rng.sample(rng.choice(self.names.alike), 2)
        one.called = two.called = ""
        first = self.account("two of names that look alike", [one])
        self.beside(first, two, pets=rng.random() < 0.15, landline=True)

    def twins(self) -> None:
        """Twins of one house: initials alike, one number, one email of the family."""
        one = self.person()
        two = self.person(surname=one.surname, origin=one.origin, woman=one.woman)
        while two.given == one.given:
            two = self.person(surname=one.surname, origin=one.origin, woman=one.woman)
        two.email = one.email
        first = self.account("twins", [one])
        self.beside(first, two, pets=self.rng.random() < 0.5, landline=True)

    def siblings(self) -> None:
        """Brother and sister of one house."""
        one = self.person()
        first = self.account("siblings", [one])
        other = self.person(surname=one.surname, origin=one.origin)
        self.beside(first, other, landline=True)

    def roommates(self) -> None:
        """Strangers of one flat; a dog may be both's."""
        first = self.one_person("room-mates")
        self.beside(first, self.person(), pets=self.rng.random() < 0.1)

    def parted(self) -> None:
        """They were one account; the one who went kept the old address on file somewhere."""
        one, two = self.two()
        first = self.account("parted couple", [one], one_row=False)
        other = self.beside(first, two, pets=True, landline=True)
        other.address_before, other.address = other.address, self.home()

    def married(self) -> None:
        """The one file has the surname from before."""
        made = self.one_person("married since")
        made.people[0].surname_before = self.names.surname(made.people[0].origin)

    def moved(self) -> None:
        """The web shop has the old address."""
        made = self.one_person("moved")
        made.address_before = self.home()

    def changed(self) -> None:
        """Another number or another email by now."""
        made = self.one_person("new number or email")
        if self.rng.random() < 0.6:
            made.mobile_before = self.number()
            self.given_up.append(made.mobile_before)
        if not made.mobile_before or self.rng.random() < 0.3:
            made.email_before = self.email(made.people[0])

    def all_new(self) -> None:
        """Moved, and number and email are others."""
        made = self.one_person("all contacts new")
        made.address_before, made.mobile_before = self.home(), self.number()
        made.email_before = self.email(made.people[0])

    def goes_by_another_name(self) -> None:
        """By the middle name, or by an American one."""
        made = self.one_person("goes by another name")
        who = made.people[0]
        american = who.origin in ("vietnamese", "chinese", "korean")
        who.called = self.rng.choice(self.names.lists["american_names"]) if american else who.middle

    def business(self) -> None:
        """A ranch, a kennel; the contact's name may stand there or not."""
        names = self.names.lists
        made = self.one_person("business")
        kind = self.rng.choice(names["business_kinds"])
        made.business = f"{self.rng.choice(names['business_words'])} {kind}"
        made.pets += [self.pet() for _ in range(self.rng.randint(2, 30))]

    def rescue(self) -> None:
        """A shelter with hundreds of animals, whose volunteers are clients, too."""
        rng, names = self.rng, self.names.lists
        made = self.one_person("rescue or shelter")
        made.business = f"{rng.choice(names['rescue_words'])} {rng.choice(names['rescue_kinds'])}"
        made.pets += [self.pet() for _ in range(rng.randint(60, 400))]
        other = self.account("rescue's volunteer", [made.people[0]])
        other.household = made.household

    def staff(self) -> None:
        """The practice's own people, under its address, number and email."""
        self.one_person("staff").desk = True

    def no_client(self) -> None:
        """Cash sales and tests are nobody; both files may have some."""
        made = self.one_person("no client")
        rows = ("cash client", "test client", "test test", "walk in", "stray cat", "do not use")
        made.people[0].given, _, made.people[0].surname = self.rng.choice(rows).partition(" ")
        made.only, made.desk = self.rng.choice(("home", "pims", "pims")), self.rng.random() < 0.6

    def next_holder(self) -> None:
        """Has a number that somebody else had before."""
        made = self.one_person("next holder of a number")
        if self.given_up:
            made.people[0].mobile = self.given_up.pop()
