"""`connector new`: a connector folder and its test to start from, which read from the first day."""

from __future__ import annotations

import re
from pathlib import Path

from vet_pipeline.errors import UsageError
from vet_pipeline.pims.connector import CONNECTORS, load_connector

TEMPLATE = CONNECTORS / "generic"


def scaffold_connector(name: str, target_dir: Path | str) -> list[Path]:
    """Write `<target_dir>/<name>/` (connector.toml, SQL) and `test_<name>.py`; never overwrites.

    The folder starts as the `generic` connector, so it reads two views until its SQL is edited.
    Returns the files written.

    Raises:
        UsageError: the name isn't a plain lower-case word, or something is already there.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError(
            f"{name!r} can't be a connector's name", next_step="use lower-case letters, 0-9 and _"
        )
    target = Path(target_dir)
    folder, test = target / name, target / f"test_{name}.py"
    for path in (folder, test):
        if path.exists():
            raise UsageError(
                f"{path.name} is already there", next_step="choose another name or folder"
            )
    folder.mkdir(parents=True)
    written = []
    for source in sorted(TEMPLATE.iterdir()):
        if source.suffix in {".toml", ".sql"}:
            text = source.read_text(encoding="utf-8")
            if source.suffix == ".toml":
                text = _own(text, name)
            (folder / source.name).write_text(text, encoding="utf-8")
            written.append(folder / source.name)
    test.write_text(_TEST.replace("NAME", name), encoding="utf-8")
    load_connector(folder)
    return [*written, test]


def _own(toml: str, name: str) -> str:
    toml = re.sub(r"\A(?:#[^\n]*\n)*", f"# {name}: see docs/connectors.md for every key.\n", toml)
    toml = toml.replace('name = "generic"', f'name = "{name}"', 1)
    toml = re.sub(r"^version = .*$", 'version = "1"', toml, count=1, flags=re.MULTILINE)
    toml = re.sub(r"^title = .*$", f'title = "{name}"', toml, count=1, flags=re.MULTILINE)
    return re.sub(
        r"^confirmed = .*$",
        'confirmed = "Nothing yet: say here what was seen on a real system."',
        toml,
        count=1,
        flags=re.MULTILINE,
    )


_TEST = '''"""The NAME connector reads a small database of its layout over the real ODBC driver."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import read_snapshot

FOLDER = Path(__file__).parent / "NAME"


def test_one_client_with_one_patient_is_read(tmp_path: Path) -> None:
    connector = load_connector(FOLDER)
    with contextlib.closing(sqlite3.connect(tmp_path / "pims.db")) as database:
        # Make the tables of the PIMS here, from its documentation.
        for table, columns in connector.file.tables.items():
            database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        database.execute(
            "INSERT INTO vetpipeline_clients (client_key, last_name) VALUES (1, 'Bell')"
        )
        database.execute(
            "INSERT INTO vetpipeline_patients (patient_key, client_key, name) VALUES (2, 1, 'Rex')"
        )
        database.commit()
    snapshot = read_snapshot(connector, f"DRIVER={{SQLite3}};DATABASE={tmp_path / 'pims.db'}")
    assert snapshot.clients[["client_key", "last_name"]].values.tolist() == [["1", "Bell"]]
    assert snapshot.patients[["patient_key", "client_key", "name"]].values.tolist() == [
        ["2", "1", "Rex"]
    ]
'''
