"""Demo practices: invented people and animals in SQLite PIMS files, and what happens to them.

Everything is drawn here from our own lists by seed. Nothing in the pipeline depends on it; the
demo command, tests and benchmarks do.
"""

from __future__ import annotations

from vet_pipeline.demo.pims_file import odbc_string
from vet_pipeline.demo.practice import FIRST_DAY, make_practice
from vet_pipeline.demo.week import live_a_week

__all__ = ["FIRST_DAY", "live_a_week", "make_practice", "odbc_string"]
