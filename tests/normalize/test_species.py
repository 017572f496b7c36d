"""Species and breeds."""

import pytest

from vet_pipeline.normalize.species import read_breed, read_species


@pytest.mark.parametrize(
    ("recorded", "species"),
    [
        ("CANINE", "dog"), ("Dog", "dog"), ("K9", "dog"), ("K-9", "dog"), ("Can", "dog"),
        ("Canine (Dog)", "dog"), ("FELINE", "cat"), ("Fel", "cat"), ("Equine", "horse"),
        ("AVIAN", "bird"), ("Lagomorph", "rabbit"), ("Ferrets", "ferret"), ("Reptile", "reptile"),
        ("Guinea  Pig", "guinea pig"), ("BOVINE", "cow"), ("Chien", "dog"), ("Chatte", "cat"),
        ("Hund (Hündin)", "dog"), ("KATZE", "cat"), ("Poes", "cat"), ("Paard", "horse"),
    ],
)  # fmt: skip
def test_species_become_one_canonical_word(recorded, species):
    assert read_species(recorded) == species


@pytest.mark.parametrize(
    ("recorded", "species"),
    [
        ("Canine - MN", "dog"), ("Feline/FS", "cat"), ("FELINE: F/S", "cat"), ("Cat (spayed)", "cat"),
        ("Dog-Neutered", "dog"), ("Equine Gelding", "horse"), ("DOG NM", "dog"), ("Mare", "Mare"),
        ("Guinea Pig - F", "guinea pig"), ("Sugar Glider (M)", "sugar glider"),
        ("Perro macho", "dog"), ("Canina esterilizada", "dog"), ("M", "M"), ("Lab M", "Lab M"),
    ],
)  # fmt: skip
def test_a_sex_beside_the_species_says_nothing_of_it(recorded, species):
    """As recorded it was another species than the web shop's, and stood so on the label."""
    assert read_species(recorded) == species


@pytest.mark.parametrize("recorded", ["OTHER", "Exotic", "Prairie Dog", "Dog/Cat", "C", "M/F"])
def test_a_species_we_do_not_know_stays_as_recorded(recorded):
    assert read_species(recorded) == recorded


@pytest.mark.parametrize("recorded", [None, "", " ", ".", "Unknown", "n/a"])
def test_blank_species_and_breeds_are_no_value(recorded):
    assert read_species(recorded) is None
    assert read_breed(recorded) is None


def test_breeds_stay_as_recorded():
    assert read_breed(" POODLE,  MINIATURE ") == "POODLE, MINIATURE"


@pytest.mark.parametrize(
    ("recorded", "species"),
    [
        ("Canino", "dog"),
        ("PERRA", "dog"),
        ("Gato / Felino", "cat"),
        ("Caballo", "horse"),
        ("Pájaro", "bird"),
        ("Conejo", "rabbit"),
    ],
)
def test_species_in_spanish_are_the_same_species(recorded, species):
    assert read_species(recorded) == species
