"""The map of the package, by which a newcomer finds a module among ninety."""

from __future__ import annotations

import pkgutil
import re

from vet_pipeline import scriptright


def test_every_module_stands_once_on_the_packages_map() -> None:
    modules = {found.name for found in pkgutil.iter_modules(scriptright.__path__)}
    assert sorted(re.findall(r"`(\w+)`", scriptright.__doc__ or "")) == sorted(
        modules - {"migrations"}
    )
