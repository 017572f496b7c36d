"""Connector folders: what is wrong with one is said by name; those that ship are all well."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vet_pipeline.errors import ConnectorInvalid, UsageError
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.pims.connector import CONNECTORS, list_connectors, load_connector
from vet_pipeline.pims.engines import ENGINES
from vet_pipeline.pims.reader import conventions_of
from vet_pipeline.pims.scaffold import scaffold_connector
from vet_pipeline.pims.sql import Page, keys_statement, render

Edit = Callable[[str], str]


def broken(tmp_path: Path, edit: Edit) -> Path:
    folder = tmp_path / "generic"
    shutil.copytree(CONNECTORS / "generic", folder)
    toml = folder / "connector.toml"
    toml.write_text(edit(toml.read_text()))
    return folder


def test_these_connectors_ship() -> None:
    assert list_connectors() == [
        "asm3", "csv", "generic", "intravet", "openvpms", "premvet", "vetdata",
    ]  # fmt: skip


@pytest.mark.parametrize("name", list_connectors())
def test_each_loads_renders_on_each_of_its_engines_and_says_what_is_confirmed(name: str) -> None:
    connector = load_connector(name)
    assert len(connector.file.confirmed) > 40
    assert isinstance(conventions_of(connector), Conventions)
    for engine in connector.file.engines:
        assert connector.file.drivers[engine]
        for part in ("clients", "patients", "phones"):
            section = getattr(connector.file, part)
            sql = connector.sql(part, engine)
            assert (section is None) == (sql is None)
            if section is not None and sql is not None:
                text, parameters = render(sql, ENGINES[engine], section.key, Page(1, 2))
                assert text.count("?") == len(parameters) >= 2
                assert "{" not in keys_statement(section, ENGINES[engine])


@pytest.mark.parametrize("name", list_connectors())
def test_a_date_of_zeros_is_blank_in_every_connector(name: str) -> None:
    assert "0000-00-00" in conventions_of(load_connector(name)).blank_dates


@pytest.mark.parametrize("name", [name for name in list_connectors() if name != "csv"])
def test_each_table_its_sql_reads_is_in_its_contract(name: str) -> None:
    connector = load_connector(name)
    engine = connector.file.engines[0]
    text = " ".join(
        connector.sql(part, engine) or "" for part in ("clients", "patients", "phones", "made")
    )
    for table in connector.file.tables:
        if table != "configuration":
            assert f" {table}" in text.replace("\n", " ")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda toml: toml + "\n[", "can't be parsed"),
        (lambda toml: "colour = 1\n" + toml, "colour: Extra inputs are not permitted"),
        (lambda toml: re.sub('version = ".*"\n', "", toml), "version: Field required"),
        (lambda toml: toml.replace('name = "generic"', 'name = "other"'), "the folder is 'generic'"),
        (lambda toml: toml.replace('"sqlite", ', '"oracle", '), "engines.0"),
        (lambda toml: toml.replace('email = "any"', 'email = "words"'), "tables.vetpipeline_clients.email"),
        (lambda toml: toml.replace("[patients]\n", "[limits]\n", 1), "limits"),
        (lambda toml: toml + "\n[limits]\npage_rows = 0\n", "limits.page_rows"),
    ],
)  # fmt: skip
def test_a_fault_in_the_toml_is_named(tmp_path: Path, edit: Edit, message: str) -> None:
    with pytest.raises(ConnectorInvalid, match=message):
        load_connector(broken(tmp_path, edit))


def test_a_missing_sql_file_or_page_is_named(tmp_path: Path) -> None:
    folder = broken(tmp_path, lambda toml: toml)
    sql = (folder / "patients.sql").read_text()
    (folder / "patients.sql").write_text(sql.replace("WHERE {page}", ""))
    with pytest.raises(ConnectorInvalid, match=r"patients.sql \(sqlite\) has no \{page\}"):
        load_connector(folder)
    (folder / "patients.sql").unlink()
    with pytest.raises(ConnectorInvalid, match="patients.sql is missing for sqlite, postgresql"):
        load_connector(folder)
    (folder / "patients.sqlite.sql").write_text(sql)
    with pytest.raises(ConnectorInvalid, match="patients.sql is missing for postgresql"):
        load_connector(folder)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ConnectorInvalid, match="no connector 'cornerstone'.*asm3, csv, generic"):
        load_connector("cornerstone")


def test_a_folder_that_isnt_there_is_told_as_that_and_not_as_an_unknown_name(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConnectorInvalid, match=f"there is no connector.toml in {tmp_path}/paws"):
        load_connector(str(tmp_path / "paws"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('weight = "kg"', "unknown conventions: weight"),
        # Each letter was a word for dead, the *A* of the active among them.
        (
            'deceased_words = "Deceased"',
            r'deceased_words must be a list of texts, as \["D", "PTS"\]',
        ),
        ('phone_region = "UK"', "write GB for the United Kingdom"),
    ],
)
def test_a_convention_that_is_none_is_named(tmp_path: Path, line: str, told: str) -> None:
    connector = load_connector(broken(tmp_path, lambda toml: f"{toml}\n[conventions]\n{line}\n"))
    with pytest.raises(ConnectorInvalid, match=told):
        conventions_of(connector)


def test_a_scaffolded_connector_reads_from_the_first_day(tmp_path: Path) -> None:
    written = scaffold_connector("mypims", tmp_path)
    assert sorted(path.name for path in written) == [
        "clients.sql", "connector.toml", "made.sql", "patients.sql", "phones.sql", "test_mypims.py",
    ]  # fmt: skip
    own = load_connector(tmp_path / "mypims")
    assert (own.file.title, own.version) == ("mypims", "1")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.raises(UsageError, match="mypims is already there"):
        scaffold_connector("mypims", tmp_path)
    with pytest.raises(UsageError, match="can't be a connector's name"):
        scaffold_connector("../x", tmp_path)


def test_a_path_without_separator_is_a_folder_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scaffold_connector("mypims", Path())
    assert load_connector(Path("mypims")).name == "mypims"
    assert load_connector("./mypims").name == "mypims"
