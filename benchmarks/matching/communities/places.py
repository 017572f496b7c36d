"""Who lives in places where the usual evidence fails, and what they share.

A farming people of twelve surnames with one telephone for six farms; five households at one rural
address; barracks and student flats with a new tenant each year; widows whose account is still
his; children who write their own number and email on their parents' account; kennels, rescues and
breeders with litters. What is written of them: `files.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.matching.communities.people import Account, Makers, Pet
from benchmarks.matching.communities.words import BREEDS, PETS, ROADS


@dataclass
class Places(Makers):
    """Makes households until there are enough of them."""

    numbers_given_up: list[str] = field(default_factory=list)
    shanties: list[str] = field(default_factory=list)  # of farmers the telephones at the road

    def grow(self, count: int) -> list[Account]:
        """About `count` accounts of all kinds."""
        scenes = (
            (self.farm, 14), (self.hollow, 10), (self.barracks, 12), (self.students, 10),
            (self.couple, 14), (self.widow, 8), (self.cared_for, 8), (self.clan, 12),
            (self.breeder, 2), (self.rescue, 1), (self.parted, 6), (self.moved, 8),
        )  # fmt: skip
        makers, weights = zip(*scenes, strict=True)
        while len(self.accounts) < count:
            self.households += 1
            self.called = set()
            self.rng.choices(makers, weights)[0]()
        return self.accounts

    def farm(self) -> None:
        """Grandparents in the small house, sons on farms beside it; a telephone at the road."""
        rng = self.rng
        surname = self.surname("plain")
        if len(self.shanties) < 3 or rng.random() < 0.2:
            self.shanties.append(self.number())
        shanty = rng.choice(self.shanties[-3:])
        home = self.road()
        father = self.person("plain", surname=surname, woman=False, reached=0.1)
        son = self.person("plain", surname=surname, woman=False, reached=0.15)
        for man in (father, son):
            wife = self.person("plain", surname=surname, woman=True, reached=0.05)
            self.account("farm", [man, wife], home, shanty)
        if rng.random() < 0.5:
            self.account("farm", [self.person("plain", surname=surname)], self.road(), shanty)

    def hollow(self) -> None:
        """Five households of one family at one address; pets go from the one to the other."""
        rng = self.rng
        surname, home, landline = self.surname("ridge"), self.road(), self.number()
        dogs = [self.pet() for _ in range(3)]
        head = self.person("ridge", surname=surname, woman=False)
        for n in range(rng.randint(3, 5)):
            who = self.person("ridge", surname=surname if rng.random() < 0.8 else None)
            if n == 1 and rng.random() < 0.3:
                who = self.person("ridge", surname=surname, woman=False)
                who.given, who.suffix = head.given, "Jr"
            else:
                who = who if n else head
            line = landline if rng.random() < 0.6 else self.number()
            self.account("hollow", [who], home, line, [self.pet(), *rng.sample(dogs, 1)])

    def barracks(self) -> None:
        """A flat with tenant after tenant; the next one may get the number as well."""
        flat = self.flat()
        for _ in range(3):
            who = [self.person("post")]
            if self.rng.random() < 0.3:
                who.append(self.person("post", surname=who[0].surname, woman=not who[0].woman))
            if self.numbers_given_up and self.rng.random() < 0.2:
                who[0].mobile = self.numbers_given_up.pop()
            made = self.account("barracks", who, flat, "")
            if self.rng.random() < 0.6:
                made.moved_from, made.address = flat, self.flat()
                self.numbers_given_up.append(self.number())

    def students(self) -> None:
        """Housemates, one dog that two of them bring."""
        flat, dog = self.flat(), self.pet()
        for n in range(self.rng.randint(2, 4)):
            pets = [dog] if n < 2 else [self.pet()]
            made = self.account("students", [self.person("post")], flat, "", pets)
            if self.rng.random() < 0.4:
                made.moved_from, made.address = flat, self.flat()

    def couple(self) -> None:
        """Man and wife of any people."""
        self.account("couple", self.two(self.any()), self.road(), self.maybe_number(0.3))

    def widow(self) -> None:
        """He died; one file still has him, the other may have her, or her son of his name."""
        he, she = self.two(self.rng.choice(("ridge", "tejano", "slav", "post")))
        home, landline = self.road(), self.number()
        he.mobile = he.email = ""
        first = self.account("widow", [he, she], home, landline)
        if self.rng.random() < 0.4:
            son = self.person(he.people, surname=he.surname, woman=False)
            self.account("heir", [son], home, landline, list(first.pets[:1]))

    def cared_for(self) -> None:
        """A parent whose account has the child's number and email; the child has one, too."""
        people = self.any()
        parent = self.person(people, reached=0.1)
        child = self.person(people, surname=parent.surname, woman=parent.woman, reached=1.0)
        landline = self.number()
        parent.mobile, parent.email = child.mobile, child.email
        home = self.road()
        self.account("cared for", [parent], home, landline)
        there = home if self.rng.random() < 0.4 else self.road()
        self.account("carer", [child], there, "")

    def clan(self) -> None:
        """Brothers, sisters and cousins of a people that has few names, in one house or two."""
        people = self.rng.choice(("han", "viet", "punjabi", "tejano", "habesha", "slav"))
        surname, home, landline = self.surname(people), self.road(), self.maybe_number(0.5)
        family_mail = self.mail("family", surname) if self.rng.random() < 0.3 else ""
        for _ in range(self.rng.randint(2, 4)):
            own = surname if people not in ("viet", "habesha") or self.rng.random() < 0.6 else None
            who = self.person(people, surname=own)
            who.email = family_mail or who.email
            there = home if self.rng.random() < 0.7 else self.road()
            self.account("clan", [who], there, landline)

    def breeder(self) -> None:
        """Forty litter mates of one breed; the family's own account besides."""
        rng = self.rng
        who = self.person(self.any(), reached=1.0)
        home, breed = self.road(), rng.choice(BREEDS["dog"].split("|"))
        pets = []
        for _ in range(rng.randint(5, 9)):
            born = self.born()
            for _ in range(rng.randint(4, 9)):
                self.pets += 1
                name = rng.choice(("Male", "Female", "Puppy", "Red", "Blue", "Green", *PETS))
                name += rng.choice(("", "", f" {rng.randint(1, 9)}"))
                pets.append(Pet(self.pets, name, "dog", breed, born))
        kennel = f"{rng.choice(ROADS).split()[0]} Creek {rng.choice(('Kennels', 'Farms', 'Ranch'))}"
        self.account("breeder", [who], home, "", pets, business=kennel)
        wife = self.person(who.people, surname=who.surname, woman=not who.woman)
        self.account("breeder's family", [wife], home, who.mobile)

    def rescue(self) -> None:
        """A rescue of several hundred; fosters who use its name and number for their own, too."""
        rng = self.rng
        lead, number = self.person("post", reached=1.0), self.number()
        name = f"{rng.choice(PETS)}'s {rng.choice(('Rescue', 'Haven', 'Second Chance Rescue'))}"
        pets = [self.pet() for _ in range(rng.randint(80, 250))]
        self.account("rescue", [lead], self.road(), number, pets, business=name)
        for _ in range(3):
            foster = self.person("post")
            self.account("foster", [foster], self.road(), number, [self.pet(), rng.choice(pets)])

    def parted(self) -> None:
        """Two who shared house and dog; each has an account, and somebody new."""
        one, two = self.two(self.any())
        home, dog = self.road(), self.pet()
        first = self.account("parted", [one], home, "", [dog, self.pet()])
        second = self.account("parted", [two], home, "", [dog])
        second.moved_from, second.address = home, self.road()
        first.people.append(self.person(one.people, woman=two.woman))

    def moved(self) -> None:
        """Whoever lives in the house now has a name that many have."""
        people, home = self.rng.choice(("plain", "tejano", "punjabi", "han")), self.road()
        first = self.account("moved", [self.person(people)], home, landline := self.number())
        first.moved_from, first.address = home, self.road()
        surname = first.people[0].surname if self.rng.random() < 0.5 else None
        self.account("next", [self.person(people, surname=surname)], home, landline)
