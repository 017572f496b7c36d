"""Too few records to hold a snapshot, most changed alike: who wants it is asked (`ask_from`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.frames import raw_clients, raw_patients
from tests.scriptright.builders import add_practice, rows
from tests.snapshot_files import write_snapshot
from vet_pipeline import job
from vet_pipeline.deltas.guards import Thresholds
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import Settings
from vet_pipeline.snapshots.store import SnapshotStore

READ_AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
NAMES = ("Abe", "Bell", "Cole", "Dunn", "Ely", "Frey", "Gray", "Hale", "Ives", "Joy")
EMAILS = tuple(f"{name.casefold()}@example.com" for name in NAMES)


class Oak:
    """A practice of ten clients with a dog each."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.store, self.seq = engine, SnapshotStore(folder), 0
        add_practice(engine)

    def asks_from(self, few: int | None) -> None:
        settings = Settings(thresholds=Thresholds(ask_from=few))
        with self.engine.begin() as connection:
            practices.change_settings(connection, "oak", settings, by="Test Person")

    def copied(self, emails: tuple[str, ...] = EMAILS, dead: str = "", weight: str = "30") -> None:
        """The next refresh; `dead` has a letter for each dog that is."""
        self.seq += 1
        manifest = write_snapshot(
            self.store,
            self.seq,
            READ_AT + timedelta(days=3 * self.seq),
            clients=raw_clients(
                *(
                    {"client_key": name[0], "last_name": name, "email": email}
                    for name, email in zip(NAMES, emails, strict=True)
                )
            ),
            patients=raw_patients(
                *(
                    {
                        "patient_key": name,
                        "client_key": name[0],
                        "name": f"Rex {name}",
                        "weight": weight if name < "G" else "12",
                        "weight_unit": "kg",
                        "weight_date": "2026-02-01",
                        "deceased_flag": "1" if name[0] in dead else "0",
                    }
                    for name in NAMES
                )
            ),
        )
        for record in ("client", "pet"):
            job.normalize_step(self.engine, self.store, manifest, record)
        job.delta_step(self.engine, self.store, manifest)
        with self.engine.connect() as connection:
            practice = practices.get(connection, "oak")
        job.apply_step(self.engine, self.store, practice, manifest)

    def logins(self) -> list[tuple[str, str]]:
        return rows(self.engine, "SELECT last_name, email FROM scriptright.client ORDER BY 1")

    def emails(self) -> list[str]:
        return [e for (e,) in rows(self.engine, "SELECT email FROM scriptright.client ORDER BY 1")]

    def dead(self) -> list[str]:
        read = "SELECT name FROM scriptright.pet WHERE deceased ORDER BY 1"
        return [name for (name,) in rows(self.engine, read)]

    def asked(self) -> list[tuple[str, str, str, int]]:
        return rows(
            self.engine,
            "SELECT field, state, reason, count(*) FROM scriptright.suggestion"
            " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        )


@pytest.fixture
def oak(engine: Engine, tmp_path: Path) -> Oak:
    practice = Oak(engine, tmp_path)
    practice.asks_from(5)
    practice.copied()
    return practice


def test_emails_that_slipped_by_a_row_are_asked_in_a_practice_of_ten(oak: Oak) -> None:
    slipped = (EMAILS[-1], *EMAILS[:-1])
    at_first = oak.logins()
    oak.copied(emails=slipped)
    assert oak.logins() == at_first
    assert oak.asked() == [("email", "open", "many_alike", 10)]
    oak.copied()  # put right in the PIMS
    assert oak.logins() == at_first
    assert oak.asked() == [("email", "superseded", "many_alike", 10)]


def test_without_a_word_of_it_few_records_change_by_themselves_however_many_they_are(
    oak: Oak,
) -> None:
    """docs/rules.md section 6: fewer than 25 records never trigger a percentage."""
    oak.asks_from(None)
    oak.copied(emails=("a@new.example", *EMAILS[:-1]), weight="3", dead="ABCDEF")
    assert oak.emails() == sorted(("a@new.example", *EMAILS[:-1]))
    assert len(oak.dead()) == 6
    assert oak.asked() == []


def test_whatever_else_it_brings_of_pets_is_asked_too_and_an_email_is_not(oak: Oak) -> None:
    """Six of ten weights have lost a decimal, a dog has died, and a client has another email."""
    oak.copied(emails=("abe@new.example", *EMAILS[1:]), weight="3", dead="J")
    assert oak.emails()[0] == "abe@new.example"
    assert oak.dead() == []
    assert oak.asked() == [
        ("deceased", "open", "many_alike", 1),
        ("weight", "open", "many_alike", 6),
    ]


def test_the_dead_who_are_said_to_live_are_asked_where_most_of_them_are(oak: Oak) -> None:
    oak.copied(dead="AB")
    oak.copied(dead="ABCD")
    oak.copied(dead="ABCDEF")
    oak.copied(dead="BCDEF")  # the wrong one had been marked
    assert oak.dead() == ["Rex Bell", "Rex Cole", "Rex Dunn", "Rex Ely", "Rex Frey"]
    assert oak.asked() == []
    oak.copied()
    assert oak.dead() == ["Rex Bell", "Rex Cole", "Rex Dunn", "Rex Ely", "Rex Frey"]
    assert oak.asked() == [("deceased", "open", "many_alike", 5)]


def test_four_of_ten_emails_are_a_usual_refresh(oak: Oak) -> None:
    oak.copied(
        emails=("a@new.example", "b@new.example", "c@new.example", "d@x.example", *EMAILS[4:])
    )
    assert oak.asked() == []
    assert oak.emails()[:4] == ["a@new.example", "b@new.example", "c@new.example", "d@x.example"]
