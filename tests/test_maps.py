"""The maps of large packages, by which a newcomer finds a module among many."""

from __future__ import annotations

import pkgutil
import re
from types import ModuleType

import pytest

from vet_pipeline import matching, pims, scriptright


@pytest.mark.parametrize("package", [matching, pims, scriptright], ids=lambda one: one.__name__)
def test_every_module_stands_once_on_its_packages_map(package: ModuleType) -> None:
    modules = {found.name for found in pkgutil.iter_modules(package.__path__)} - {"migrations"}
    assert sorted(re.findall(r"`([a-z_]+)`", package.__doc__ or "")) == sorted(modules)
