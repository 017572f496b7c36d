"""Exports in an encoding of DOS or an old Mac: read as Windows's, each accent is another letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.reading import read, rows
from vet_pipeline.errors import SnapshotShapeChanged

NAMES = ("José Muñoz", "Inés Peña", "Andrés Sánchez", "Raúl Núñez", "Jürgen Köhler", "ANGEL IBAÑEZ")


def exported(tmp_path: Path, names: tuple[str, ...], encoding: str) -> list[str]:
    lines = [f"{key},{name}\n" for key, name in enumerate(names)]
    content = "".join(["Client ID,Client Name\n", *lines])
    (tmp_path / "clients.csv").write_bytes(content.encode(encoding))
    (tmp_path / "patients.csv").write_text("Patient ID,Client ID,Name\n1,0,Rex\n")
    return [row["full_name"] for row in rows(read("csv", f"FOLDER={tmp_path}").clients)]


@pytest.mark.parametrize("encoding", ["mac_roman", "cp437", "cp850"])
def test_letters_of_dos_or_a_mac_are_never_taken_for_others(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(SnapshotShapeChanged) as stopped:
        exported(tmp_path, NAMES, encoding)
    assert str(stopped.value) == (
        "export of clients: letters with accents are in an encoding of DOS, an old Mac or Central"
        " Europe, and would become others. Next step: export as UTF-8, or in Windows's own encoding"
        " (ANSI) for Western Europe"
    )


POLISH = ("Michał Wałęsa", "Łukasz Dąbrowski", "Żaneta Jeż", "Paweł Król", "Kasia Gołąb")


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859_2"])
def test_letters_of_central_europe_are_never_taken_for_signs(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(SnapshotShapeChanged, match="Central Europe"):
        exported(tmp_path, POLISH, encoding)


@pytest.mark.parametrize(
    "names",
    [
        NAMES,
        ("£20 Bell", "12 m³ Lee", "O¿Neil", "O¿Shea", "D¿Arcy", "José Peña"),
        (
            "O’Neil",
            "Smith–Jones",
            "Rex™ & Co",
            "Mª Luz",
            "Bell † 2020",
            "Lee…",
            "12½ Oak",
            "“Al” Bo",
        ),
        ("Œuvre Bœuf", "Škoda Žižka", "ŠKODA ŽIŽKA", "Ÿ"),
        ("Jos‚ Mu¤oz", "Ann Lee", "Zoë Bell"),  # a slip is no encoding
        (
            "Peña",
            "Zoë",
            "José",
            "Roë",
            "GonzÃ¡lez",
            "SÃ¡nchez",
            "VÃ¡zquez",
        ),  # UTF-8 that a PIMS keeps so
    ],
)
def test_letters_of_windows_are_read_as_they_are(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert exported(tmp_path, names, "cp1252") == list(names)


def test_signs_in_columns_that_are_never_read_are_no_letters_of_another_encoding(
    tmp_path: Path,
) -> None:
    """Notes are pasted from a word processor; for three of these a practice stood still."""
    (tmp_path / "clients.csv").write_bytes(
        "Client ID,Last Name,Notes\n7,Lee,owes£20\n8,Peña,said…call back\n9,Roe,the“good”vet\n"
        "10,Poe,Simparica™Trio\n".encode("cp1252")
    )
    (tmp_path / "patients.csv").write_text("Patient ID,Client ID,Name\n1,7,Rex\n")
    got = rows(read("csv", f"FOLDER={tmp_path}").clients)
    assert [row["last_name"] for row in got] == ["Lee", "Peña", "Roe", "Poe"]
