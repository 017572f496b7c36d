"""The practice of the asset tests."""

from tests.assets.conftest import instance, run_job, world

__all__ = ["instance", "run_job", "world"]
