"""What a PIMS calls its columns reaches on-call and the pages as names only: no link, no essay."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg
import pytest

from assets.report import Stopwatch, read_facts
from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.shape import told
from vet_pipeline.snapshots.manifest import FileEntry, Manifest

LINK = '"x\n![pixel](http://evil.example/p.png) [sign in](http://evil.example)"'


def test_a_column_named_like_a_link_is_counted_and_not_named(sqlite: Server) -> None:
    database = make(sqlite, clients=[{"client_key": "1"}], extra=("loyalty_points", LINK))
    got = read("generic", sqlite.odbc(database))
    assert "2 columns of vetpipeline_clients are never read: loyalty_points, 1 more" in got.notes


def test_an_error_holds_no_more_of_foreign_names_than_a_person_reads(sqlite: Server) -> None:
    extra = (*(f"column_{n:02}" for n in range(30)), '"' + "A" * 300_000 + '"')
    database = make(sqlite, extra=extra)
    sqlite.run(database, "ALTER TABLE vetpipeline_clients RENAME COLUMN email TO mail")
    with pytest.raises(SnapshotShapeChanged) as caught:
        read("generic", sqlite.odbc(database))
    names = ", ".join(["mail", *(f"column_{n:02}" for n in range(19))])
    assert f"the table has {names}, 12 more that the connector doesn't know" in str(caught.value)


def test_usual_names_are_told_as_they_are() -> None:
    assert told(["E-Mail", "Client Name", "größe", "a$1#"]) == "E-Mail, Client Name, größe, a$1#"
    assert told(["see www.evil.example"]) == "1 more"


def test_notes_are_no_markdown_on_the_page() -> None:
    now = datetime.now(UTC)
    manifest = Manifest(
        practice_id="elm",
        seq=1,
        pims="generic",
        connector_version="1",
        read_started_at=now,
        read_finished_at=now,
        files={"raw_clients": FileEntry(rows=0, sha256="", bytes=0)},
        schema_fingerprint="",
        notes=("PostgreSQL 16 ![pixel](http://evil.example/p.png)", "two"),
    )
    facts = read_facts(manifest, "raw_clients", Stopwatch())
    assert facts["notes"] == dg.MetadataValue.text("\n".join(manifest.notes))
