"""Species and breed: one word for the species a practice's pharmacy knows, breeds as recorded."""

from __future__ import annotations

from collections.abc import Mapping

from vet_pipeline.normalize.text import clean, is_any_filler, lazily

_SPECIES = {
    "dog": "dog dogs canine canines k9 k-9 can canis canid puppy perro perra perros canino canina caninos"
    " hund hündin hond teef reu chien chienne",
    "cat": "cat cats feline felines fel felis kitten gato gata gatos felino felina felinos"
    " katze kater kat poes chat chatte",
    "horse": "horse horses equine equines eq equ pony caballo caballos yegua equino equina pferd stute paard cheval",
    "bird": "bird birds avian avi parrot ave aves pajaro pájaro loro vogel oiseau",
    "rabbit": "rabbit rabbits lagomorph lagomorpha bunny conejo coneja conejos kaninchen konijn lapin",
    "ferret": "ferret ferrets",
    "reptile": "reptile reptiles reptilian rep",
    "lizard": "lizard lizards",
    "snake": "snake snakes",
    "turtle": "turtle turtles chelonian",
    "tortoise": "tortoise tortoises",
    "amphibian": "amphibian amphibians",
    "fish": "fish piscine",
    "hamster": "hamster hamsters",
    "gerbil": "gerbil gerbils",
    "rat": "rat rats",
    "mouse": "mouse mice",
    "chinchilla": "chinchilla chinchillas",
    "hedgehog": "hedgehog hedgehogs",
    "cow": "cow cows cattle bovine bov",
    "goat": "goat goats caprine cap",
    "sheep": "sheep ovine ovi",
    "pig": "pig pigs porcine swine",
    "alpaca": "alpaca alpacas",
    "llama": "llama llamas",
    "donkey": "donkey donkeys",
    "mule": "mule mules",
    "chicken": "chicken chickens",
    "duck": "duck ducks",
}
_SYNONYMS = {word: species for species, words in _SPECIES.items() for word in words.split()}
_PHRASES = {
    "guinea pig": "guinea pig",
    "guinea pigs": "guinea pig",
    "cavy": "guinea pig",
    "sugar glider": "sugar glider",
    "bearded dragon": "lizard",
}
# Beside a species they say nothing of it: Canine - MN, Feline F/S, Equine Gelding.
_SEXES = frozenset(
    {
        "m", "f", "mn", "nm", "mc", "cm", "fs", "sf", "n", "s", "c", "male", "female", "neutered",
        "castrated", "spayed", "intact", "altered", "neuter", "spay", "gelding", "mare", "stallion",
        "macho", "hembra", "castrado", "castrada", "esterilizado", "esterilizada",
    }
)  # fmt: skip
_WORDS = lazily(r"[^\W_]+(?:-9)?")


def read_species(raw: str | None) -> str | None:
    """The canonical lower-case word, or the text as recorded when it is none we know.

    Several words count only when each of them says the same species ("Canine (dog)").
    """
    text = _said(raw)
    if text is None:
        return None
    words = [word for word in _WORDS().findall(text.casefold()) if word not in _SEXES]
    phrase = " ".join(words)
    if phrase in _PHRASES:
        return _PHRASES[phrase]
    meanings = {_SYNONYMS.get(word) for word in words}
    return (meanings.pop() if len(meanings) == 1 else None) or text


def kinds_named(text: str, also: Mapping[str, str]) -> set[str]:
    """The species that some words of a text name: "Rabbit (Dwarf)", "Mini horse"."""
    words = _WORDS().findall(text.casefold())
    return {kind for word in words if (kind := also.get(word) or _SYNONYMS.get(word))}


def read_breed(raw: str | None) -> str | None:
    """The breed as recorded, tidied."""
    return _said(raw)


def _said(raw: str | None) -> str | None:
    text = clean(raw)
    if text is None or is_any_filler(text):
        return None
    return text
