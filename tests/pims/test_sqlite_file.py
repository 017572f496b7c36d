"""How a SQLite file's connection string is told to its driver."""

from __future__ import annotations

import pytest

from vet_pipeline.pims.sqlite_file import reading_only


@pytest.mark.parametrize("path", ["/srv/oak #1 (50%?).db", "{/srv/oak #1 (50%?).db}"])
def test_a_path_is_that_file_whatever_signs_are_in_it(path: str) -> None:
    """After a `#` or `?` SQLite would read no more of it, and open another practice's `/srv/oak `."""
    assert reading_only(f"DRIVER=SQLite3;Database={path};Timeout=1") == (
        "NoCreat=1;DRIVER=SQLite3;"
        "Database=file:/srv/oak%20%231%20%2850%25%3F%29.db?mode=ro;Timeout=1"
    )


@pytest.mark.parametrize(
    ("uri", "opened"),
    [
        ("file:/srv/oak.db", "file:/srv/oak.db?mode=ro"),
        ("{file:/srv/oak.db}", "file:/srv/oak.db?mode=ro"),
        (
            "file:/srv/M\u00fcller %231.db?nolock=1",
            "file:/srv/M%C3%BCller %231.db?nolock=1&mode=ro",
        ),
        ("file:/srv/oak.db?mode=rwc&cache=shared#x", "file:/srv/oak.db?cache=shared&mode=ro"),
    ],
)
def test_an_address_of_a_file_is_opened_for_reading_too(uri: str, opened: str) -> None:
    assert reading_only(f"DRIVER=SQLite3;Database={uri}") == (
        f"NoCreat=1;DRIVER=SQLite3;Database={opened}"
    )


def test_another_driver_s_string_is_left_as_it_is() -> None:
    odbc = "DRIVER=MariaDB;Server=pims.oak.example;Database=openvpms"
    assert reading_only(odbc) == odbc
