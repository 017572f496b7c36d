"""10,000 rows in right, wrong and broken encodings: stored exactly, or refused with a reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import psycopg

from tests.pims.reading import read
from tests.soak import Figures
from vet_pipeline.deltas.stage import RawRows, normalize_stage
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.scriptright.postgres.server import EmbeddedServer

ROWS = 1_000  # of each kind
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüéèñçøåßÄÖÜÉÑ"
EXACT: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "cp1252": lambda text: text.encode("cp1252"),
    "latin-1": lambda text: text.encode("latin-1"),
}
# Bytes in every row that no encoding explains, or another one than the file's.
BROKEN: dict[str, bytes] = {
    "cp437": "Müßé".encode("cp437"),
    "mojibake": "MÃ¼Ã©".encode(),
    "NUL": b"M\x00ller",
    "lone surrogate": b"M\xed\xa0\x80ller",
    "overlong": b"M\xc0\xaf\xe0\x80\xafller",
}


def names(seed: int) -> list[str]:
    """A name for each row, with an accent in each."""
    chance = random.Random(seed)
    return ["é" + "".join(chance.choices(LETTERS, k=9)) for _ in range(ROWS)]


def test_any_encoding_is_stored_exactly_or_refused_with_a_reason(
    tmp_path: Path, postgres: EmbeddedServer, seed: int, figures: Figures
) -> None:
    told = {"rows": 0, "exact": 0, "refused": 0, "crashes": 0}
    (tmp_path / "patients.csv").write_text("patient id,client id,name\n1,0,Rex\n")
    for kind in (*EXACT, *BROKEN):
        wanted = names(seed)
        if kind in EXACT:
            lines = "".join(f"{n},{name}\n" for n, name in enumerate(wanted))
            content = EXACT[kind]("client id,last name\n" + lines)
        else:
            rows = [b"%d," % n + BROKEN[kind] + name.encode() for n, name in enumerate(wanted)]
            content = b"client id,last name\n" + b"\n".join(rows) + b"\n"
        (tmp_path / "clients.csv").write_bytes(content)
        raw = read("csv", f"FOLDER={tmp_path}").clients
        assert len(raw) == ROWS, kind
        got = [cell if isinstance(cell, str) else None for cell in raw["last_name"]]
        if kind in EXACT:
            assert got == wanted, kind
        stage = normalize_stage(
            "client",
            RawRows.of(raw, "client"),
            _nothing_known(),
            baseline_seq=None,
            conventions=Conventions(),
            read_on=date(2026, 11, 23),
        )
        assert stage.is_balanced, kind
        assert set(stage.quarantined["reason"]) <= {"undecodable_text"}, kind
        refused = set(stage.quarantined["row_number"])
        kept = [cell for n, cell in enumerate(got) if n not in refused]
        with psycopg.connect(postgres.conninfo("postgres")) as connection:
            stored = connection.execute("SELECT unnest(%s::text[])", [kept]).fetchall()
        assert [row[0] for row in stored] == kept, kind
        told["rows"] += ROWS
        told["exact"] += len(kept)
        told["refused"] += len(refused)
    assert told["rows"] == 10_000
    figures("wrong encodings", **told)


def _nothing_known() -> pd.DataFrame:
    kinds = {"pims_id": "str", "row_hash": "object", "missing": "bool", "waiting": "bool"}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})  # type: ignore[call-overload]
