"""Species, breeds, pet names and adult weights of invented patients, common ones first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vet_pipeline.demo.names import falling_weights, words

PET_NAMES: Final = words(
    """Bella Luna Max Charlie Lucy Cooper Milo Daisy Buddy Rocky Bailey Sadie Molly Bear Duke
    Tucker Oliver Lola Jack Stella Leo Penny Zoey Loki Coco Ruby Gracie Rosie Sophie Toby Louie
    Winston Murphy Finn Gus Oreo Pepper Jax Nala Hazel Willow Koda Ginger Scout Dexter Roxy Moose
    Cleo Shadow Simba Ellie Harley Maggie Thor Olive Piper Ace Bandit Diesel Hank Riley Lily
    Apollo Ollie Chloe Boomer Marley Lulu Rusty Mia Zeus Ziggy Archie Minnie Peanut Princess
    Smokey Tiger Mittens Whiskers Felix Salem Jasper Boots Patches Biscuit Waffles Pickles Nacho
    Taco Sushi Mochi Beans Noodle Pumpkin Cricket Maple Juniper Clover Sage Basil Pepsi Domino
    Pixel Widget Gizmo Ranger Scooter Trixie Fiona Greta Otis Percy Quincy Rufus Sasha Tilly Ursa
    Violet Wally Xena Yoshi Zelda Button Pebbles Freckles Snickers Tuxedo Marbles"""
)
PET_NAME_WEIGHTS: Final = falling_weights(len(PET_NAMES), 15)


@dataclass(frozen=True, slots=True)
class Species:
    """A species as the PIMS writes it, its breeds with adult kilograms, and its life span."""

    name: str
    share: float
    years: int
    breeds: tuple[tuple[str, float], ...]


def _breeds(text: str) -> tuple[tuple[str, float], ...]:
    pairs = (line.rsplit(" ", 1) for line in text.strip().splitlines())
    return tuple((name.strip(), float(kilograms)) for name, kilograms in pairs)


SPECIES: Final[tuple[Species, ...]] = (
    Species(
        "Canine",
        0.60,
        15,
        _breeds("""Labrador Retriever 31
        Mixed Breed 20
        Golden Retriever 30
        German Shepherd Dog 34
        Chihuahua 3
        French Bulldog 12
        Yorkshire Terrier 3.2
        Poodle, Standard 25
        Dachshund 9
        Shih Tzu 7
        Pit Bull Terrier 25
        Beagle 12
        Australian Shepherd 25
        Boxer 29
        Siberian Husky 24
        Boston Terrier 10
        Cavalier King Charles Spaniel 8
        Border Collie 18
        Miniature Schnauzer 7.5
        Great Dane 62
        Labradoodle 27
        Bernese Mountain Dog 44
        Jack Russell Terrier 7
        Pomeranian 3
        Catahoula Leopard Dog 28"""),
    ),
    Species(
        "Feline",
        0.34,
        17,
        _breeds("""Domestic Shorthair 4.6
        Domestic Longhair 4.8
        Domestic Mediumhair 4.7
        Maine Coon 6.8
        Siamese 4.2
        Ragdoll 6.5
        Persian 4.9
        Bengal 5.2
        Russian Blue 4.4
        Sphynx 4"""),
    ),
    Species("Rabbit", 0.025, 9, _breeds("Holland Lop 1.6\nLionhead 1.5\nNew Zealand White 4.5")),
    Species("Guinea Pig", 0.015, 6, _breeds("American 1.0\nAbyssinian 1.1")),
    Species("Avian", 0.012, 25, _breeds("Cockatiel 0.09\nBudgerigar 0.035\nAfrican Grey 0.45")),
    Species("Ferret", 0.008, 7, _breeds("Ferret 1.1")),
)
