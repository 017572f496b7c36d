"""Labels of a past name are marked once the practice has left, too: by the statements that are kept.

With it `grants.settle` gives the right that `practice change --pims` needs.
"""

from __future__ import annotations

from vet_pipeline.scriptright.postgres.migrate import run_script

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Two triggers; prescriptions that are there already stay as they are."""
    run_script("0024_attested_labels.sql")
