"""settings.sql of a connector of one's own that doesn't yield what it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.pims import BELL, REX, make_pims
from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import read_snapshot
from vet_pipeline.pims.scaffold import scaffold_connector


@pytest.mark.parametrize("columns", ["'date_order'", "'date_order', 'mdy', 1"])
def test_settings_that_are_no_pairs_are_the_fault_of_the_connector(
    tmp_path: Path, columns: str
) -> None:
    scaffold_connector("mypims", tmp_path)
    (tmp_path / "mypims" / "settings.sql").write_text(f"SELECT {columns}")
    odbc = make_pims(tmp_path / "pims.sqlite", [BELL], [REX])
    with pytest.raises(ConnectorInvalid, match=r"settings\.sql yields"):
        read_snapshot(load_connector(tmp_path / "mypims"), odbc)
