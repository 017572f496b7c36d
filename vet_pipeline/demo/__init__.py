"""Demo practices: invented people and animals in SQLite PIMS files, and what happens to them.

Everything is drawn here from our own lists by seed. Nothing in the pipeline depends on it; the
demo command, tests and benchmarks do.
"""

from __future__ import annotations

from vet_pipeline.demo.pims_file import odbc_string
from vet_pipeline.demo.practice import FIRST_DAY, make_practice

__all__ = ["FIRST_DAY", "make_practice", "odbc_string"]
