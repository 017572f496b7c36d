"""What importing Great Expectations brings into a process: it is paid by every run's process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

PROBE = """
import json, sys
from expectations.gx import great_expectations
gx = great_expectations()
before = [name for name in ("altair", "scipy.stats", "scipy.special") if name in sys.modules]
from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as kl
entropy = float(kl.stats.entropy([0.5, 0.5], [0.25, 0.75]))
import scipy.stats
print(json.dumps({
    "before": before,
    "entropy": round(entropy, 4),
    "the real one": scipy.stats is sys.modules["scipy.stats"] and hasattr(scipy.stats, "norm"),
    "once": great_expectations() is gx,
}))
"""


def test_scipy_and_altair_are_imported_only_by_the_expectation_that_uses_them() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == {
        "before": [],
        "entropy": 0.1438,
        "the real one": True,
        "once": True,
    }
