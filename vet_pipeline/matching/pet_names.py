"""Names of pets that only look alike: Lucy and Lucky, Rex and Rex II. A slip or another pet?

A name that pets are known to have is no slip in another one; Lcuy is. The lists know only some.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations

from rapidfuzz.distance import OSA

from vet_pipeline.matching.keys import fold
from vet_pipeline.matching.nicknames import given_names, he_and_she, related, spellings
from vet_pipeline.matching.wording import number_of, solid, without_number

_DIGITS = re.compile(r"\d{1,40}")
_LETTER_BEHIND = re.compile(r" ([a-z])$")
#: Behind a name: the young of who is called so.
_YOUNG = re.compile(
    r"(?<=[a-z]) (?:pup|puppy|puppies|kit|kitten|kittens|baby|babies|foal|calf|lamb|litter)\b"
)

#: What pets are called beside what people are.
PETS_ONLY = """
ace aggie ajax albie alfie angus apollo apple archer ares arlo artemis arya ashes asia aspen
astro athena atlas atticus axle babe baby bacon badger baloo bambi bandit banjo banks barkley
barley barnaby baron baxter baylee bean beanie beans bear beasley beau benji benson bentley
bigfoot bijou billie bing bingo biscuit bishop bitsy bixby blackie blackjack blaze blossom blu
blue boaz bobo bodhi bodie bogey bogie bolt bones bongo bonny boo boogie boomer boone boots boss
bowie bowser boxer brie brinkley brock brodie bronco bruiser bruno brutus bubba bubbles buck
bucky bud budd buddy buffy bug bugsy bullet bumper bunny buster butch butler butter buttercup
butters button buttons buzz cactus cain cairo calypso camo captain caramel carmel cash cedar
chai champ chance chanel chaos chap checkers cheddar cheeto cherry chess chewie chewy chica
chico chief chili chip chipper chips chocolate chopper chucky chula cinder cinders cinnamon
cisco clancy cleo cleopatra clover coal coby cocoa coconut cola colt comet conan congo cookie
cooper copper coral corky cosmo cotton cowboy cracker cricket crosby cruiser crush cujo cupcake
cupid curly cutie dakota dancer dandy darby dash dasher dawson deacon demon denver deuce diablo
diamond diesel digger dillon dino disco diva dodger domino doodle dory dozer dragon drake
dreamer duchess ducky dude dudley duffy duke dumpling dusty dutchess eagle ebony echo eclipse
eeyore einstein elmo elvis ember enzo everest fancy fang fenway fido fiesta figaro fiji finley
finn flash flicka flip flower fluffy flynn foxie foxy freckles freya frodo frosty fudge fuzzy
gage galaxy garfield gator gemini gemma ghost gia gidget gigi gizmo goblin godzilla goldie
goliath goose gordo gracie gravy griffin grizzly grover gucci guinness gumbo gunner gunther
gypsy hachi halo happy hawk heaven hercules hershey hobbes hooch hopper hoss houdini houston
huck huckleberry husky indi indigo ink inky isis ivory jade jagger java jax jazz jazzy jedi
jelly jellybean jester jet jetta jiggy jinx jojo joker judge julius juneau junebug juniper juno
jupiter kahlua kane karma kashi kat kato kaya keiko kenai kenzie kiara kibbles kiki killer
kipper kira kirby kisses kitkat kitty kiwi knox koa kobe koda kodi kodiak koko kola kona krypto
kuma kylo lacie lacy lady lambchop lancer leela lefty lexie lexus liberty licorice lilac lilith
linus lobo loki lucifer lucky lulu lux lyric macy magic magnolia maisy major mako mama mango
maple marble marbles marley mars marshmallow maui maverick maxie maximus meadow meatball mercury
midnight mika milkshake milo minka mischief misha miss mister mitten mittens mitts mocha mochi
mojo monkey monster moon moose mopsy mouse mowgli mr muffin muffy munchkin muppet murphy mushu
mustang myla nacho nala nana nash nemo neo nero nibbles nike niko nilla ninja nola noodle
noodles nugget nutmeg nyx oakey oakley ocean odessa odie odin onyx opie orbit oreo ozzie paco
panda panther papaya patch patches peaches peanut pebble pebbles pecan peewee pepe pepper
peppermint peppy petey petunia phantom phoenix picasso pickle pickles pico piglet pinky pinto
pippa pippin pixel pixie pluto pogo polar polo pongo pooh pookie popcorn popeye poppy porkchop
porky porsche porter posey possum potato powder prancer precious presley prince princess pudding
puddles puff puffy pugsley puma pumpkin punkin pup puppy purdy queenie rain rambo ramsey ranger
rango rascal raven razor rebel red reese regal reggae remi remington remy reno rexy ribbon rico
riddle rider riggs ringo rio ripley ripper river rizzo roadie rocket rocko rolo roma romeo roo
rookie rosy rover rowdy roxy royal ruff ruffles ruger rumple runt ryder sable sage sailor salem
salsa salt salty sammie santana saphira sapphire sarge sassy satchel scamp scar scarlet schatzi
scooby scooter scotch scout scrappy scruffy scully seamus selene shadow shaggy shamrock shasta
sheba sheena sherlock shiloh shiner shorty sienna silver simba sissy skeeter skipper skippy
skittles sky skye slate slick slinky smoke smokey smokie smudge snapper sneakers snickers
sniffles snoop snoopy snow snowball snowflake snowy socks sofie solo sonic sookie spanky sparkle
sparkles sparky spartan speckles speedy spice spicy spike spirit spock spook spooky spot spots
sprinkles sprite spud spunky squeak squeaky squirrel squirt star starbuck stitch storm stormy
strider stripes sugar sultan sumo sunny sunshine sushi sweetie sweetpea taco taffy tango tank
tanner tarzan tater tator tawny taz thor thumper thunder tiger tigger tiki timber tink tinker
tinkerbell tiny tipper tippy tipsy titan titus tobi toffee tonka toothless tootsie topaz topper
toto trapper treasure trigger trinity tripp trooper trouble truffle truffles tucker tuffy tug
tula tulip tupac turbo turtle tux tuxedo twiggy twinkle twix umbra ursa vader valentino vegas
velvet venus vesper viper waffle waffles walker wednesday whiskers whiskey whisky whisper white
whitey wiggles wild winter wishbone wizard wolf wolfgang wolfie woofer wookie wrangler wren
wrigley xena yahtzee yeti yoda yogi yukon zara zazu zen zena zeppelin zero zeus zia ziggy zippy
zola zoomer zorro zuko zulu
"""

#: Forms of one name beside those of people; groups stand between commas.
PET_FORMS = "bella isabel isabella isabelle arabelle annabelle, bud budd buddy, max maximus"


@cache
def _pet_forms() -> frozenset[tuple[str, str]]:
    groups = [group.split() for group in PET_FORMS.split(",")]
    return frozenset(pair for group in groups for pair in permutations(group, 2))


@cache
def known_pet_names() -> frozenset[str]:
    """Names that pets are known to have."""
    return frozenset([*PETS_ONLY.split(), *given_names()])


def one_pet_name(one: str, other: str) -> bool:
    """Whether two folded words are one name: the same, spelled otherwise or a form of it.

    The book of people's nicknames has Molly and Polly for Mary; two pets of one owner may well be
    called so, and Molly and Minnie. A form begins alike (Sam, Sammy) or is a part (Bella, Isabella).
    """
    spelled = spellings([one, other])
    if one == other or one + "s" == other or one == other + "s" or spelled[0] == spelled[1] != "":
        return True
    alike = one[:3] == other[:3] or one in other or other in one
    return (alike and related(one, other)) or (one, other) in _pet_forms()


def without_surname(name: str, surname: str) -> str:
    """A pet's name without its owner's surname behind it."""
    head, _, rest = name.partition(" ")
    return head if surname and solid(rest) == surname else name


def same_pet_name(one: str | None, other: str | None) -> bool:
    """Whether two names are one: the first word is, a number behind too, and no other differs."""
    names = fold(one or ""), fold(other or "")
    heads = names[0].split(" ")[0], names[1].split(" ")[0]
    return (
        "" not in heads
        and one_pet_name(*heads)
        and number_of(names[0]) == number_of(names[1])
        and not _further_words_differ(*names)
    )


def are_two_names(one: str, other: str) -> bool:
    """Whether names that look alike are two: known ones, or alike in the first word alone."""
    if _numbers_differ(one, other):
        return True
    if solid(one) == solid(other):  # Kit Kat and Kitkat
        return False
    heads = one.split(" ")[0], other.split(" ")[0]
    if heads[0] == heads[1]:
        return _further_words_differ(one, other)
    known = known_pet_names()
    if heads[0] in known and heads[1] in known and not one_pet_name(*heads):
        return True
    return _other_last_vowel(*heads) or _further_words_differ(one, other)


def _numbers_differ(one: str, other: str) -> bool:
    """Cow 1248 and 1249, Puppy 5 and Puppy 6: a herd's and a litter's names are their numbers."""
    a, b = ([int(digits) for digits in _DIGITS.findall(text)] for text in (one, other))
    return bool(a and b) and a != b


def _other_last_vowel(one: str, other: str) -> bool:
    """Tika and Tiki: littermates are called so, and a slip seldom leaves another vowel."""
    if (
        one[:-1] != other[:-1]
        or one[-1:] == other[-1:]
        or not {one[-1:], other[-1:]} <= set("aeiou")
    ):
        return False
    return he_and_she(one, other) or not one_pet_name(one, other)


def _further_words_differ(one: str, other: str) -> bool:
    """Baby Girl and Baby Boy, Bella's Puppy and Bella; not Rex Miller and Rex Miler, Rex M or Rex."""
    if bool(_YOUNG.search(one)) != bool(_YOUNG.search(other)):
        return True
    a, b = (solid(without_number(text).partition(" ")[2]) for text in (one, other))
    if not (a and b) or one_pet_name(a, b) or a.startswith(b) or b.startswith(a):
        return False
    known = known_pet_names()
    letters = _LETTER_BEHIND.findall(one), _LETTER_BEHIND.findall(other)
    if all(letters) and letters[0] != letters[1]:  # Foster Kitten A and Foster Kitten B
        return True
    return (a in known and b in known) or min(len(a), len(b)) < 4 or OSA.distance(a, b) > 1
