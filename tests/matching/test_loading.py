"""What only hands sides and decisions about doesn't pay for the matching engine."""

import subprocess
import sys

import pytest

import vet_pipeline.matching as package


def test_importing_the_package_loads_neither_engine_nor_nicknames_nor_models():
    heavy = (
        "vet_pipeline.matching.engine",
        "vet_pipeline.matching.model",
        "rapidfuzz",
        "nicknames",
    )
    code = f"import sys, vet_pipeline.matching; print([m for m in {heavy} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there_when_it_is_asked_for():
    assert all(getattr(package, name) is not None for name in package.__all__)


def test_a_name_that_isnt_there_is_told():
    with pytest.raises(AttributeError, match="has no attribute 'merge'"):
        package.merge  # noqa: B018
