"""A practice leaves: what was copied goes, what the law keeps stays, and nothing comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import (
    add_practice,
    client,
    edit,
    load,
    one,
    pet,
    phones,
    read_time,
    rows,
    whole_database,
)
from tests.scriptright.meanwhile import beside
from tests.scriptright.told_matcher import ToldMatcher
from tests.snapshot_files import write_snapshot
from vet_pipeline.registry import offboarding
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions import review
from vet_pipeline.scriptright.load.apply_staging import VALUE_COLUMNS
from vet_pipeline.scriptright.offboard import erase_practice, sample_anew, tombstone
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.secret_key import derived_key
from vet_pipeline.snapshots.store import SnapshotStore

KINDS = ("client", "pet", "prescription", "rename_attestation", "pims_client", "record_change")


def test_what_was_copied_goes_and_what_the_law_keeps_stays(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    elm = {k: [r for r in v if "elm" in r] for k, v in whole_database(practice).items()}
    attested = rows(practice, "SELECT * FROM scriptright.rename_attestation ORDER BY 1, 2")
    receipt = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert receipt.erased == {
        "match_candidate": 0, "match_decision": 0, "link_review": 0, "suggestion": 3,
        "shared_change": 0,
        "pims_pet": 3, "pims_client": 3,
        "record_change": receipt.erased["record_change"], "pet": 2, "client": 1,
    }  # fmt: skip
    assert receipt.erased["record_change"] >= 1
    assert receipt.kept == {
        "home_delivery_clients": 1,
        "home_delivery_pets": 1,
        "clients_of_prescriptions": 1,
        "pets_of_prescriptions": 1,
        "prescriptions": 1,
        "rename_attestations": 1,
        "audit_entries": 5,
        "blank_owners_of_pets": 0,
    }
    assert rows(
        practice,
        "SELECT last_name, city FROM scriptright.client WHERE practice_id = 'oak' ORDER BY client_id",
    ) == [("Lee", "Ames"), ("Roe", "Springfield")]
    assert rows(
        practice, "SELECT name FROM scriptright.pet WHERE practice_id = 'oak' ORDER BY pet_id"
    ) == [("Rex",), ("Kit",)]
    # Ann changed the city of an address that the PIMS had filled in.
    changes = "SELECT record, new_value FROM scriptright.record_change WHERE practice_id = 'oak'"
    assert rows(practice, changes) == [("prescription", {"state": "active", "new_name": None})]
    assert rows(practice, "SELECT * FROM scriptright.rename_attestation ORDER BY 1, 2") == attested
    assert (
        one(
            practice,
            "SELECT state || coalesce(odbc, '') FROM scriptright.practice WHERE practice_id = 'oak'",
        )
        == "offboarded"
    )
    assert (store.snapshots("oak"), store.practices()) == ([], ["elm"])
    now = {k: [r for r in v if "elm" in r] for k, v in whole_database(practice).items()}
    assert now == elm  # the other practice is as it was


def test_no_copied_value_stays_in_the_history_of_what_clients_edited(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    """Ann is of the web shop; Bob (PIMS 8) goes, Kit (PIMS 9) stays for a prescription."""
    [(ann, moss, bob, kit)] = rows(
        practice,
        """SELECT (SELECT client_id FROM scriptright.client WHERE (practice_id, last_name) = ('oak', 'Lee')),
             (SELECT client_id FROM scriptright.client WHERE (practice_id, last_name) = ('oak', 'Moss')),
             (SELECT pet_id FROM scriptright.pet WHERE (practice_id, name) = ('oak', 'Bob')),
             (SELECT pet_id FROM scriptright.pet WHERE (practice_id, name) = ('oak', 'Kit'))""",
    )
    with practice.begin() as connection:
        web_shop.edit_client(connection, "oak", ann, {"last_name": "Lee-Web"}, actor="web shop")
        web_shop.edit_client(connection, "oak", ann, {"city": "Boone"}, actor="web shop")
        web_shop.edit_client(connection, "oak", ann, {"email": "ann@web.example"}, actor="web shop")
        web_shop.edit_client(connection, "oak", moss, {"city": "Ames"}, actor="web shop")
        web_shop.edit_pet(connection, "oak", bob, {"breed": "Poodle"}, actor="web shop")
        web_shop.edit_pet(connection, "oak", kit, {"breed": "Poodle"}, actor="web shop")
        web_shop.edit_pet(connection, "oak", kit, {"breed": "Pug"}, actor="web shop")
    offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert rows(
        practice,
        "SELECT record, record_id, old_value ->> 'last_name', old_value ->> 'city',"
        " old_value ->> 'breed', cause FROM scriptright.record_change"
        " WHERE practice_id = 'oak' AND record <> 'prescription' ORDER BY change_id",
    ) == [
        ("client", ann, "Lee", None, None, "web_shop"),
    ]  # of the address and the breed, the other columns may still be the PIMS's


def test_snapshots_left_in_the_home_when_another_place_was_named_are_erased_too(
    practice: Engine, store: SnapshotStore, home: Path, tmp_path: Path
) -> None:
    shared = SnapshotStore(tmp_path / "shared")
    write_snapshot(shared, 2, read_time(2), practice_id="oak")
    offboarding.erase(practice, shared, "oak", by="Dana Field", home=home)
    assert (shared.practices(), store.practices()) == ([], ["elm"])


def test_a_preview_tells_the_same_and_changes_nothing(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    before = whole_database(practice)
    told = offboarding.preview(practice, "oak", by="Dana Field", home=home)
    assert whole_database(practice) == before
    assert store.snapshots("oak") == [1]
    done = offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    assert (told.erased, told.kept) == (done.erased, done.kept)


def test_tombstones_stand_for_the_erased_records_and_say_nothing_without_the_key(
    practice: Engine, store: SnapshotStore, home: Path
) -> None:
    offboarding.erase(practice, store, "oak", by="Dana Field", home=home)
    key = derived_key(home, "tombstone")
    wanted = {("client", tombstone(key, "oak", "client", i)) for i in "123"}
    wanted |= {("pet", tombstone(key, "oak", "pet", i)) for i in "789"}
    found = rows(practice, "SELECT record, digest FROM scriptright.tombstone")
    assert {(record, bytes(digest)) for record, digest in found} == wanted
    assert tombstone(b"another key", "oak", "client", "1") not in {d for _, d in wanted}
    for statement in ("UPDATE {} SET practice_id = 'elm'", "DELETE FROM {}", "TRUNCATE {}"):
        for table in ("tombstone", "offboarding"):
            with pytest.raises(Exception, match="append-only"), practice.begin() as connection:
                connection.execute(text(statement.format(f"scriptright.{table}")))


def link_ann(engine: Engine, said: dict[str, str | None]) -> None:
    """A web-shop client Ann Lee, of whom nothing more is known, and the PIMS client linked to her."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
    load(engine, "oak", 1, [said], [], matcher=ToldMatcher({"1": ("linked", [1])}))


def test_a_copied_address_of_which_a_client_changed_a_part_leaves_the_history(
    engine: Engine,
) -> None:
    link_ann(engine, client("1", address_line1="13 Canary St"))
    edit(engine, "client", unit="5")
    edit(engine, "client", address_line1="1 Own Rd", unit=None)
    erase_practice(engine, "oak", by="Kim Roe", key=b"k" * 32)
    assert one(engine, "SELECT address_line1 FROM scriptright.client") == "1 Own Rd"
    left = "SELECT old_value::text || new_value::text FROM scriptright.record_change"
    assert [text for (text,) in rows(engine, left) if "Canary" in str(text)] == []


def test_a_copied_number_beside_which_a_client_put_another_leaves_the_history(
    engine: Engine,
) -> None:
    link_ann(engine, client("1", phones=phones("217-555-0113")))
    own, third = ({"number": n, "kind": "mobile"} for n in ("+13125550100", "+13125550101"))
    [(copied,)] = rows(engine, "SELECT phones -> 0 FROM scriptright.client")
    for saved in ([copied, own], [copied, own, third], [own, third]):
        with engine.begin() as connection:
            web_shop.edit_client(connection, "oak", 1, {"phones": saved}, actor="web shop")
    erase_practice(engine, "oak", by="Kim Roe", key=b"k" * 32)
    assert rows(engine, "SELECT phones FROM scriptright.client") == [([own, third],)]
    left = whole_database(engine)
    assert [table for table, found in left.items() if any("5550113" in row for row in found)] == []


@pytest.mark.parametrize("others", [(), ("elm",)])
def test_no_copied_value_stays_in_what_the_planner_knows(
    engine: Engine, program_url: str, others: tuple[str, ...]
) -> None:
    ann = ToldMatcher({str(i): ("linked", [i]) for i in range(1, 13)})
    for practice_id in ("oak", *others):
        add_practice(engine, practice_id)
        mark = "canary" if practice_id == "oak" else "other"
        with engine.begin() as connection:
            for _ in range(12):
                web_shop.add_client(connection, practice_id, {"first_name": "Ann"})
        for seq in (1, 2):
            told = [client(str(i), email=f"{mark}{i}x{seq}@lee.example") for i in range(30)]
            pets = [
                pet(str(i), str(i), name=f"{mark.title()}{'ab'[seq - 1] * i}") for i in range(30)
            ]
            load(
                engine,
                practice_id,
                seq,
                told,
                pets,
                matcher=ann if mark == "canary" else ToldMatcher(),
            )
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    known = """SELECT DISTINCT starelid::regclass::text FROM pg_statistic
        WHERE concat(stavalues1::text, stavalues2::text, stavalues3::text) ILIKE '%canary%'
        ORDER BY 1"""
    assert {("scriptright.record_change",), ("scriptright.suggestion",)} <= set(rows(engine, known))
    program = open_engine(program_url)
    erase_practice(program, "oak", by="Kim Roe", key=b"k" * 32)
    sample_anew(program, "oak")
    program.dispose()
    assert rows(engine, known) == []


def test_the_owner_of_a_pet_that_stays_is_a_blank_row_unless_a_prescription_names_it(
    engine: Engine,
) -> None:
    """Ann's Rex has a prescription for Ann; then the PIMS gave him to Sam, which Pat confirmed."""
    add_practice(engine)
    with engine.begin() as connection:
        ann = web_shop.add_client(connection, "oak", {"first_name": "Ann", "last_name": "Lee"})
        rex = web_shop.add_pet(connection, "oak", ann, {"name": "Rex"})
        web_shop.add_prescription(connection, "oak", rex, label_name="Rex", drug="carprofen")
    told = ToldMatcher({"a": ("linked", [ann])}, {"p": ("linked", [rex])})
    both = [client("a"), client("s", first_name="Canary", email="canary@pims.example")]
    load(engine, "oak", 1, both, [pet("p", "a")], matcher=told)
    load(engine, "oak", 2, both, [pet("p", "s")], matcher=told)
    with engine.connect() as connection:
        [asked] = review.list_suggestions(connection, "oak", field="owner")
    review.confirm(engine, "oak", asked.suggestion_id, by="Pat Doe", shown=asked.shown)
    [(sam,)] = rows(engine, "SELECT client_id FROM scriptright.client WHERE origin = 'pims'")
    with engine.begin() as connection:
        for email in ("one@canary.example", "two@canary.example"):
            web_shop.edit_client(connection, "oak", sam, {"email": email}, actor="client 2")
    receipt = erase_practice(engine, "oak", by="Kim Roe", key=b"k" * 32)
    assert rows(engine, "SELECT pet_id, client_id FROM scriptright.pet") == [(rex, sam)]
    assert (receipt.erased["client"], receipt.kept["clients_of_prescriptions"]) == (0, 0)
    assert receipt.kept["blank_owners_of_pets"] == 1
    left = whole_database(engine)
    assert [t for t, found in left.items() if any("canary" in r.casefold() for r in found)] == []
    assert rows(
        engine,
        "SELECT to_jsonb(c) - '{practice_id,client_id,created_load_id,created_at}'::text[]"
        " FROM scriptright.client c WHERE origin = 'pims'",
    ) == [
        (
            {
                **dict.fromkeys((*VALUE_COLUMNS["client"],)),
                "po_box": False,
                "phones": [],
                "origin": "pims",
                "version": 3,
            },
        )
    ]


def test_a_client_whom_a_prescription_names_stays_and_what_was_copied_leaves_its_history(
    engine: Engine,
) -> None:
    """Ann's Rex has a prescription; then the PIMS gave him to Sam, which Pat confirmed."""
    add_practice(engine)
    both = [client("a", email="canary@pims.example"), client("s", first_name="Sam", email=None)]
    load(engine, "oak", 1, both, [pet("p", "a")], matcher=ToldMatcher())
    with engine.begin() as connection:
        web_shop.add_prescription(connection, "oak", 1, label_name="Rex", drug="carprofen")
    load(engine, "oak", 2, both, [pet("p", "s")], matcher=ToldMatcher())
    with engine.connect() as connection:
        [asked] = review.list_suggestions(connection, "oak", field="owner")
    review.confirm(engine, "oak", asked.suggestion_id, by="Pat Doe", shown=asked.shown)
    [(ann,)] = rows(engine, "SELECT client_id FROM scriptright.prescription")
    with engine.begin() as connection:
        for email in ("own@web.example", "new@web.example"):
            web_shop.edit_client(connection, "oak", ann, {"email": email}, actor="client 1")
    receipt = erase_practice(engine, "oak", by="Kim Roe", key=b"k" * 32)
    assert (receipt.erased["client"], receipt.kept["clients_of_prescriptions"]) == (0, 1)
    kept = "SELECT first_name, email FROM scriptright.client WHERE client_id = :ann"
    assert rows(engine, kept, ann=ann) == [("Ann", "new@web.example")]
    left = "SELECT old_value, new_value FROM scriptright.record_change WHERE record = 'client'"
    assert rows(engine, left) == [({"email": "own@web.example"}, {"email": "new@web.example"})]


def test_a_prescription_that_the_web_shop_is_writing_keeps_its_pet_and_client(
    engine: Engine,
) -> None:
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("p1", "1")])
    written = (
        "INSERT INTO scriptright.prescription (practice_id, client_id, pet_id, label_name, drug)"
        " VALUES ('oak', 1, 1, 'Rex', 'carprofen')"
    )
    receipt = beside(engine, written, lambda: erase_practice(engine, "oak", by="Dana", key=b"k"))
    assert (receipt.erased["pet"], receipt.erased["client"]) == (0, 0)
    assert receipt.kept["prescriptions"] == 1
