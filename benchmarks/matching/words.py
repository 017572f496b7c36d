"""Words the made-up practices are written with: names, streets, towns, pets, breeds.

Surnames beyond the common ones are put together from syllables, so that rare names exist
without copying anybody's list. Nothing here describes a real person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

WOMEN = (
    "mary patricia jennifer linda elizabeth barbara susan jessica karen sarah lisa nancy sandra "
    "betty ashley emily kimberly margaret donna michelle carol amanda melissa deborah stephanie "
    "rebecca sharon laura cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole "
    "anna samantha katherine christine debra rachel carolyn janet maria catherine heather diane "
    "olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea "
    "hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail "
    "sophia frances jean alice judy isabella julia grace amber denise danielle marilyn beverly "
    "charlotte natalie theresa diana brittany doris kayla alexis lori marie tammy rosa guadalupe "
    "consuelo ingrid mei aisha priya xiomara bernadette philomena winifred rosalind henrietta "
    "harriet cordelia adelaide josephine augusta millicent tabitha yolanda estelle loretta"
).split()
MEN = (
    "james robert john michael david william richard joseph thomas charles christopher daniel "
    "matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy "
    "ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott "
    "brandon benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron "
    "jose adam nathan henry douglas zachary peter kyle ethan walter noah jeremy christian keith "
    "roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy "
    "bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent russell louis "
    "philip bobby johnny bradley theodore frederick cornelius bartholomew ulysses ignacio hiroshi "
    "amir dmitri kwame tomasz leopold reginald clarence eugene ernest norman leonard stanley"
).split()
SURNAMES = (
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez "
    "gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris "
    "sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill "
    "flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips "
    "evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers "
    "gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson "
    "watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo "
    "sanders patel myers long ross foster jimenez powell jenkins perry russell sullivan bell"
).split()
SYLLABLES = (
    "ber kow stein man der ska lin hof bau mer vel tri dor gan pol ket ris zan mul fer nor wes ham "
    "ton ley field wick worth ford bur dale gar ost ran sel tor ul var wein zel ack bri chu dun "
    "el fitz gren hal iva jor kas lom mac nev ob pru quin ros shu tan und vos wit yar zim"
).split()
STREETS = (
    "oak maple cedar pine elm walnut willow birch hickory chestnut dogwood magnolia main park lake "
    "hill ridge valley meadow river spring church school mill washington jefferson lincoln madison "
    "jackson franklin highland sunset forest orchard prairie canyon quarry harbor lantern heron "
    "falcon saddle clover thistle juniper larkspur sycamore poplar cottonwood bayberry stonegate"
).split()
STREET_TYPES = (
    ("street", "st"),
    ("avenue", "ave"),
    ("road", "rd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("court", "ct"),
    ("place", "pl"),
    ("boulevard", "blvd"),
    ("circle", "cir"),
    ("trail", "trl"),
    ("way", "way"),
    ("parkway", "pkwy"),
)
DIRECTIONS = (("north", "n"), ("south", "s"), ("east", "e"), ("west", "w"))
TOWN_PARTS = ("spring", "fair", "green", "oak", "wood", "clear", "bridge", "mill", "stone", "west")
TOWN_ENDS = ("ville", "field", "brook", "port", " city", "ton", "dale", " falls", "burg", "haven")
MAIL_HOSTS = (
    ("gmail.com", 55),
    ("yahoo.com", 16),
    ("hotmail.com", 7),
    ("aol.com", 6),
    ("icloud.com", 6),
    ("outlook.com", 5),
    ("comcast.net", 3),
    ("att.net", 2),
)
HOBBIES = ("mom", "cat", "dog", "sky", "garden", "fish", "music", "beach", "country", "horse", "golf")
PETS = (
    "bella luna charlie lucy cooper max bailey daisy sadie molly buddy lola stella tucker bear zoey "
    "duke harley maggie jax oliver milo leo lily simba nala shadow tiger smokey oreo chloe pepper "
    "rocky jack toby penny ruby gracie rosie coco princess angel sam gizmo peanut ginger sassy "
    "midnight patches boots callie mittens whiskers felix ziggy otto gus murphy winston hank moose "
    "biscuit waffles nugget pickles pumpkin olive hazel ivy willow juno athena zeus apollo thor "
    "loki odin freya cleo misty dusty rusty copper scout ranger hunter diesel tank bruno ace finn"
).split()
BREEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "dog": (
        ("Labrador Retriever", "Lab", "Labrador", "Retriever, Labrador"),
        ("German Shepherd", "GSD", "German Shepherd Dog"),
        ("Golden Retriever", "Golden", "Golden Ret"),
        ("Chihuahua", "Chi", "Chihuahua Mix"),
        ("Yorkshire Terrier", "Yorkie"),
        ("Shih Tzu", "Shihtzu"),
        ("Dachshund", "Doxie", "Dachshund, Miniature"),
        ("Boxer", "Boxer Mix"),
        ("Beagle", "Beagle Mix"),
        ("Mixed Breed", "Mix", "Mutt", "Canine Mix"),
        ("Pit Bull", "American Pit Bull Terrier", "Pit Bull Mix"),
        ("Poodle", "Poodle, Toy"),
        ("Border Collie", "Collie, Border"),
        ("French Bulldog", "Frenchie"),
    ),
    "cat": (
        ("Domestic Shorthair", "DSH", "Domestic Short Hair", "Dom. Shorthair"),
        ("Domestic Longhair", "DLH", "Domestic Long Hair"),
        ("Domestic Medium Hair", "DMH", "Domestic Mediumhair"),
        ("Siamese", "Siamese Mix"),
        ("Maine Coon", "Maine Coon Mix"),
        ("Ragdoll",),
    ),
    "other": (("Rabbit", "Bunny"), ("Guinea Pig",), ("Ferret",), ("Bearded Dragon",), ("Quarter Horse",)),
}
SPECIES = {"dog": ("Dog", "CANINE", "K9"), "cat": ("Cat", "FELINE"), "other": ("Other", "OTHER")}
ORGANISATIONS = (
    ("happy", "second", "golden", "silver", "rolling", "lone", "safe", "loving", "faithful", "blue"),
    ("tails", "chance", "hearts", "creek", "hills", "star", "haven", "paws", "friends", "barn"),
    ("rescue", "kennels", "farm", "sanctuary", "stables", "animal shelter", "ranch", "cattery"),
)
AREA_CODES = ("404", "678", "770", "706", "762", "912", "229", "478", "205", "251", "850", "904")
PLACEHOLDER_MAILS = ("none@none.com", "no@email.com", "noemail@gmail.com", "declined@clinic.com")
PLACEHOLDER_PHONES = ("0000000000", "9999999999", "5555555555", "1234567890", "1111111111")
NAME_NOTES = (" *", " - DO NOT CALL", " (OLD)", " #2", " **CASH ONLY**", " (DECEASED)", " -inactive")
PET_NOTES = (" *BITES*", " (foster)", " #1", " (2)", " - CAUTION", " (deceased)")
PET_SECOND = (" mae", " jo", " bear", " boo", " rose", " lou", "-girl", " marie")


def surname(rng: random.Random) -> str:
    """Common ones often, made-up rare ones otherwise, some hyphenated."""
    if rng.random() < 0.33:
        return SURNAMES[min(int(rng.expovariate(1 / 28)), len(SURNAMES) - 1)]
    made = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
    if rng.random() < 0.03:
        made = rng.choice(("mc", "o'", "de ", "st")) + made
    if rng.random() < 0.025:
        made += "-" + rng.choice(SURNAMES)
    return made


def first_name(rng: random.Random, woman: bool) -> str:
    """Weighted like a population: few common names, a long tail."""
    names = WOMEN if woman else MEN
    return names[int(len(names) * rng.random() ** 1.8)]


def pet_name(rng: random.Random) -> str:
    """Mostly pets' names, some people's."""
    if rng.random() < 0.25:
        return first_name(rng, rng.random() < 0.5)
    return PETS[int(len(PETS) * rng.random() ** 1.5)]
