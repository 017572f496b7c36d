"""No animal weighs what none of its kind does: grams without a unit, kilograms typed for grams."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.scriptright.builders import pet
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.normalize.species import read_species
from vet_pipeline.normalize.weights import POSSIBLE_KG
from vet_pipeline.snapshots.contract import RAW_PATIENT_COLUMNS

_POUNDS = Conventions(weight_unit_when_missing="lb")


def _read(
    species: str, weight: str, unit: str | None = None
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    row = pet("7", "1", species=species, weight=weight, weight_unit=unit)
    raw = pd.DataFrame({name: [row.get(name)] for name in RAW_PATIENT_COLUMNS}, dtype="str")
    read = normalize_pets(raw, _POUNDS, read_on=date(2026, 3, 1))
    [found] = read.rows.astype(object).where(read.rows.notna(), None).to_dict("records")
    weights = {name: found[name] for name in ("weight_value", "weight_unit", "weight_kg")}
    return weights, list(read.not_taken[["field", "reason"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("species", "grams"),
    [
        ("Hedgehog", "380"),
        ("Feline", "85"),
        ("Snake", "250"),
        ("Rabbit", "2200"),
        ("Avian", "95"),
        ("Lizard", "45"),
        ("Turtle", "450"),
        ("Tortoise", "400"),
        ("Amphibian", "40"),
        ("Rabbit (Dwarf)", "1200"),  # not one word of a species alone
        ("Prairie dog", "900"),
        ("Feline DSH", "450"),
        ("DSH", "450"),
        ("Leopard Gecko", "45"),
        ("Budgie", "35"),
        ("Pigeon", "350"),
        ("Pocket Pet", "450"),
    ],
)
def test_grams_that_would_be_pounds_are_of_unknown_unit(species: str, grams: str) -> None:
    weight, not_taken = _read(species, grams)
    assert weight == {"weight_value": Decimal(grams), "weight_unit": "unknown", "weight_kg": None}
    assert not_taken == [("weight_unit", "implausible_unit")]


@pytest.mark.parametrize(
    ("species", "weight", "unit"),
    [
        ("Feline", "4.5", "g"),  # kilograms, where the last entry had been a kitten's grams
        ("Feline", "4.500", "g"),  # 4,500 g, as some group their digits
        ("Canine", "30", "g"),
        ("Equine", "1.050", "kg"),
        ("Equine", "0.5", "kg"),  # tons
        ("Rabbit", "2.2", "g"),
    ],
)
def test_kilograms_that_would_be_grams_are_of_unknown_unit(
    species: str, weight: str, unit: str
) -> None:
    read, not_taken = _read(species, weight, unit)
    assert (read["weight_unit"], read["weight_kg"]) == ("unknown", None)
    assert not_taken == [("weight_unit", "implausible_unit")]


@pytest.mark.parametrize(
    ("species", "weight", "unit"),
    [
        ("Feline", "45", "g"), ("Canine", "62", "g"), ("Equine", "4", "kg"), ("Goat", "400", "g"),
        ("Pig", "0.2", "kg"), ("Rabbit", "25", "g"), ("Hamster", "2", "g"), ("Tapir", "4", "g"),
    ],
)  # fmt: skip
def test_the_newborn_of_their_kind_are_taken(species: str, weight: str, unit: str) -> None:
    read, not_taken = _read(species, weight, unit)
    assert (read["weight_unit"], not_taken) == (unit, [])


@pytest.mark.parametrize(
    ("species", "pounds", "kilograms"),
    [
        ("Canine", "343", "155.5822"),  # a mastiff, the heaviest on record
        ("Feline", "46.8", "21.2281"),
        ("Equine", "2200", "997.9032"),
        ("Bird", "33", "14.9685"),  # a swan
        ("Ostrich", "300", "136.0777"),
        ("Tortoise", "200", "90.7185"),
        ("Tapir", "600", "272.1554"),
        ("Mini horse", "250", "113.3981"),
        ("Pot belly pig", "220", "99.7903"),
        ("Rat Terrier", "22", "9.9790"),
        ("Bird dog", "66", "29.9371"),
        ("Cat/Dog", "88", "39.9161"),
        ("Canine x", "150", "68.0389"),
        ("Pocket Bully", "55", "24.9476"),
        ("Avian (Emu)", "90", "40.8233"),
    ],
)
def test_the_heaviest_of_their_kind_are_taken(species: str, pounds: str, kilograms: str) -> None:
    weight, not_taken = _read(species, pounds)
    assert (weight["weight_kg"], not_taken) == (Decimal(kilograms), [])


def test_each_kind_is_a_word_that_species_are_read_as() -> None:
    assert {kind: read_species(kind) for kind in POSSIBLE_KG} == {k: k for k in POSSIBLE_KG}
