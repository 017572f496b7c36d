"""The maps of large packages, by which a newcomer finds a module among many."""

from __future__ import annotations

import pkgutil
import re
from types import ModuleType

import pytest

from vet_pipeline import cli, deltas, matching, normalize, pims, registry, scriptright, snapshots
from vet_pipeline.scriptright import decisions, load, postgres, records, telling, trail

ROOMS = [postgres, records, trail, load, decisions, telling]


@pytest.mark.parametrize(
    "package",
    [cli, deltas, matching, normalize, pims, registry, scriptright, snapshots, *ROOMS],
    ids=lambda one: one.__name__,
)
def test_every_module_stands_once_on_its_packages_map(package: ModuleType) -> None:
    modules = {found.name for found in pkgutil.iter_modules(package.__path__)}
    on_the_map = re.findall(r"`([a-z_]+)`", package.__doc__ or "")
    assert sorted(set(on_the_map) - {"migrations"}) == sorted(modules - {"migrations"})
    assert len(on_the_map) == len(set(on_the_map))
