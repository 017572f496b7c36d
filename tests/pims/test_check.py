"""`connector check`: ready or not and why, in counts and code words, without a single person."""

from __future__ import annotations

import json

import pytest

from tests.pims.conftest import Server
from tests.pims.views import make
from vet_pipeline.pims.check import CheckReport, check_connector
from vet_pipeline.pims.connector import Connector, load_connector
from vet_pipeline.pims.profile import DateRange, Vocabulary

CLIENTS = [
    {"client_key": f"C{n}", "last_name": f"Canaryson{'abcd'[n]}", "email": f"canary{n}@example.org",
     "address_line1": "1 Canary Row", "phone1": "555-0199"}
    for n in range(4)
]  # fmt: skip
PATIENTS = [
    {"patient_key": f"P{n}", "client_key": f"C{n}", "name": f"Canarycat{'abcd'[n]}", "species": "Feline",
     "birth_date": f"201{n}-02-03", "deceased_flag": "N", "status": "Current", "weight": "4.2",
     "weight_unit": "lb"}
    for n in range(4)
]  # fmt: skip


def check(server: Server, database: str, connector: str = "generic") -> CheckReport:
    report = check_connector(load_connector(connector), server.odbc(database))
    assert "anary" not in json.dumps(report.to_json())
    return report


@pytest.mark.parametrize("engine", ["mariadb", "postgresql"])
def test_a_good_database_with_a_reading_login_is_ready(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=CLIENTS, patients=PATIENTS, extra=("loyalty",))
    report = check(server, database)
    assert (report.ready, report.reasons) == (True, [])
    assert report.can_write == "no"
    assert report.consistent is True
    assert report.ignored == {"vetpipeline_clients": ["loyalty"]}
    assert report.columns["vetpipeline_clients.email"] == "text"
    assert report.warnings == [
        "patients.status: 1 word not understood (Current): who is dead by such a word alone isn't copied"
        " as dead. Next step: ask the practice, and before the first copy: vet-pipeline practice set ID"
        ' deceased_words="WORD, WORD" (or alive_words) --by NAME',
    ]
    profile = report.profile
    assert profile is not None
    assert (profile.clients, profile.patients) == (4, 4)
    assert profile.filled["clients.email"] == 1.0
    assert profile.filled["clients.city"] == 0.0
    assert profile.vocabularies["patients.species"] == Vocabulary({"Feline": 4}, {}, 0)
    assert profile.vocabularies["patients.status"].unknown == {"Current": 4}
    assert profile.dates["patients.birth_date"] == DateRange(2010, 2013, 0)
    assert profile.quarantined == {}


@pytest.mark.parametrize("engine", ["mariadb", "postgresql", "sqlite"])
def test_a_login_that_can_write_is_warned_about(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, clients=CLIENTS, patients=PATIENTS)
    report = check_connector(load_connector("generic"), server.admin(database))
    assert report.can_write == "yes"
    assert report.ready
    assert report.warnings[0].startswith("the login can write to the PIMS")


def test_what_mariadb_lets_everybody_do_elsewhere_is_no_right_to_write(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS)
    everywhere = ("`test`.*", "`test\\_%`.*")
    mariadb.run("", *(f"GRANT INSERT ON {one} TO pims_ro" for one in everywhere))
    try:
        assert check(mariadb, database).can_write == "no"
        mariadb.run("", f"GRANT INSERT ON {database}.vetpipeline_clients TO pims_ro")
        assert check(mariadb, database).can_write == "yes"
    finally:
        mariadb.run("", f"REVOKE INSERT ON {database}.vetpipeline_clients FROM pims_ro")
        mariadb.run("", *(f"REVOKE INSERT ON {one} FROM pims_ro" for one in everywhere))


def test_a_login_that_reads_views_and_can_write_to_the_tables_below_is_warned_about(
    postgresql: Server,
) -> None:
    database = make(postgresql, clients=CLIENTS, patients=PATIENTS)
    role = postgresql.name("pims_app")
    postgresql.run("", f"DROP ROLE IF EXISTS {role}", f"CREATE ROLE {role} LOGIN")
    views = "vetpipeline_clients, vetpipeline_patients"
    postgresql.run(database, "CREATE TABLE owner (name text)", f"GRANT SELECT ON {views} TO {role}")
    odbc = postgresql.odbc(database).replace("UID=pims_ro", f"UID={role}")

    def can_write() -> str:
        return check_connector(load_connector("generic"), odbc).can_write

    before = can_write()
    postgresql.run(database, f"GRANT UPDATE (name) ON owner TO {role}")
    a_column = can_write()
    postgresql.run(
        database, f"REVOKE UPDATE (name) ON owner FROM {role}", f"GRANT DELETE ON owner TO {role}"
    )
    a_table = can_write()
    postgresql.run(database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    assert (before, a_column, a_table) == ("no", "yes", "yes")


def test_a_role_hides_no_right_to_write_that_the_server_names(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS)
    mariadb.run(
        "",
        "CREATE OR REPLACE ROLE writers",
        f"GRANT ALL ON {database}.* TO writers",
        "CREATE OR REPLACE USER pims_app",
        f"GRANT SELECT ON {database}.* TO pims_app",
        "GRANT writers TO pims_app",
    )
    odbc = mariadb.odbc(database).replace("UID=pims_ro;PWD=reader", "UID=pims_app")
    at_hand = check_connector(load_connector("generic"), odbc).can_write
    mariadb.run("", "SET DEFAULT ROLE writers FOR pims_app")
    by_default = check_connector(load_connector("generic"), odbc).can_write
    mariadb.run("", "DROP USER pims_app", "DROP ROLE writers")
    assert (at_hand, by_default) == ("unknown", "yes")


def test_a_view_of_phones_that_the_login_may_not_read_is_no_absent_one(
    mariadb: Server, postgresql: Server
) -> None:
    phones = (
        "CREATE TABLE vetpipeline_phones"
        " (client_key CHAR(9), number CHAR(9), label CHAR(9), position CHAR(9))"
    )
    others = ("vetpipeline_clients", "vetpipeline_patients")
    role = postgresql.name("pims_app")
    database = make(postgresql, clients=CLIENTS, patients=PATIENTS)
    postgresql.run("", f"DROP ROLE IF EXISTS {role}", f"CREATE ROLE {role} LOGIN")
    postgresql.run(database, phones, f"GRANT SELECT ON {', '.join(others)} TO {role}")
    odbc = postgresql.odbc(database).replace("UID=pims_ro", f"UID={role}")
    report = check_connector(load_connector("generic"), odbc)
    postgresql.run(database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    assert report.reasons == [
        "the PIMS refused the login or the right to read, looking at vetpipeline_phones (42501/1). "
        "Next step: check user and password, and grant SELECT on the connector's tables"
    ]

    database = make(mariadb, "hidden", clients=CLIENTS, patients=PATIENTS)
    mariadb.run(database, phones, "CREATE OR REPLACE USER pims_app")
    mariadb.run("", *(f"GRANT SELECT ON hidden.{table} TO pims_app" for table in others))
    odbc = mariadb.odbc(database).replace("UID=pims_ro;PWD=reader", "UID=pims_app")
    report = check_connector(load_connector("generic"), odbc)
    mariadb.run("", "DROP USER pims_app")
    assert report.ready
    assert report.warnings[0] == (
        "optional table vetpipeline_phones isn't there, or the login may not read it: nothing of it"
        " is copied; if there is one, grant SELECT on it"
    )
    assert report.notes[1] == (
        "optional table vetpipeline_phones isn't there, or the login may not read it"
    )


def test_numbers_of_no_client_are_warned_about(sqlite: Server) -> None:
    database = make(sqlite, clients=CLIENTS, patients=PATIENTS)
    sqlite.run(
        database,
        "CREATE TABLE vetpipeline_phones (client_key, number, label, position)",
        "INSERT INTO vetpipeline_phones VALUES ('0', '555-0198', 'home', 1), ('C1', '555-0197', '', 1)",
    )
    assert "1 of 2 rows of phones belong to no client read" in check(sqlite, database).warnings


def test_weights_without_a_unit_are_told_before_the_first_copy(sqlite: Server) -> None:
    units = ["lb", None, " ", "stone"]
    patients = [{**row, "weight_unit": unit} for row, unit in zip(PATIENTS, units, strict=True)]
    nobody_weighed = {"patient_key": "P9", "client_key": "C1", "weight": "0"}
    of_two = {"patient_key": "P8", "client_key": "C1", "weight": "12 lb", "weight_unit": "kg"}
    database = make(sqlite, clients=CLIENTS, patients=[*patients, nobody_weighed, of_two])
    told = [warning for warning in check(sqlite, database).warnings if "without a unit" in warning]
    assert told == [
        "2 weights without a unit will have no kilograms; a setting changes nothing that was copied."
        " Next step: ask the practice, and before the first copy:"
        " vet-pipeline practice set ID weight_unit_when_missing=lb (or kg) --by NAME"
    ]
    generic = load_connector("generic")
    stated = {"conventions": {**generic.file.conventions, "weight_unit_when_missing": "kg"}}
    says_kg = Connector(generic.folder, generic.file.model_copy(update=stated))
    report = check_connector(says_kg, sqlite.odbc(database))
    assert not [warning for warning in report.warnings if "without a unit" in warning]


def test_words_that_few_share_are_counted_and_never_shown(sqlite: Server) -> None:
    patients = [{**row, "species": f"Canarycat{n}"} for n, row in enumerate(PATIENTS)]
    report = check(sqlite, make(sqlite, clients=CLIENTS, patients=patients))
    assert report.profile is not None
    assert report.profile.vocabularies["patients.species"] == Vocabulary({}, {}, 4)


def test_words_on_all_the_animals_of_one_client_are_counted_and_never_shown(
    sqlite: Server,
) -> None:
    status = {"status": "With Mrs Canary", "client_key": PATIENTS[0]["client_key"]}
    own = [{**row, **status} for row in PATIENTS]
    report = check(sqlite, make(sqlite, clients=CLIENTS, patients=own))
    assert report.profile is not None
    assert report.profile.vocabularies["patients.status"] == Vocabulary({}, {}, 4)


def test_words_on_animals_of_nobody_are_shown(sqlite: Server) -> None:
    strays = [{**row, "status": "Kennel", "client_key": None} for row in PATIENTS]
    report = check(sqlite, make(sqlite, clients=CLIENTS, patients=strays))
    assert report.profile is not None
    assert report.profile.vocabularies["patients.status"].unknown == {"Kennel": 4}


def test_keys_orphans_and_bad_dates_are_counted(sqlite: Server) -> None:
    clients = [*CLIENTS, {"client_key": "C0"}, {"client_key": None}, {"client_key": " "}]
    patients = [
        *PATIENTS,
        {"patient_key": "P8", "client_key": "gone", "birth_date": "2020-13-45"},
        {"patient_key": "P9", "birth_date": "03/04/2020"},
    ]
    profile = check(sqlite, make(sqlite, clients=clients, patients=patients)).profile
    assert profile is not None
    assert profile.keys_missing == {"clients": 2, "patients": 0}
    assert profile.keys_repeated == {"clients": 1, "patients": 0}
    assert (profile.patients_without_client, profile.patients_without_owner) == (1, 1)
    assert profile.dates["patients.birth_date"] == DateRange(2010, 2013, 2)
    assert sum(profile.quarantined.values()) > 0


def test_each_fault_of_the_tables_is_a_reason(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS)
    mariadb.run(
        database,
        "ALTER TABLE vetpipeline_clients DROP COLUMN email, DROP COLUMN city",
        "DROP TABLE vetpipeline_patients",
    )
    report = check(mariadb, database)
    assert not report.ready
    assert [reason.split(".")[0] for reason in report.reasons] == [
        "columns city, email of vetpipeline_clients are gone or renamed",
        "table vetpipeline_patients isn't there",
    ]


def test_another_vendors_database_is_told_in_one_line_a_table(sqlite: Server) -> None:
    database = make(sqlite)
    sqlite.run(
        database, "CREATE TABLE owner (owner_no, street)", "CREATE TABLE animal (ID INTEGER, name)"
    )
    connector = load_connector("asm3")
    reasons = check_connector(connector, sqlite.odbc(database)).reasons
    assert len(reasons) == len(connector.file.tables) - len(connector.file.optional_tables)
    owner, animal = (next(r for r in reasons if name in r) for name in ("owner", "animal"))
    assert owner.startswith("columns ID, OwnerTitle, OwnerForeNames, ")
    assert owner.count("owner_no, street that the connector doesn't know") == 1
    assert animal.count("name that the connector doesn't know") == 1
    assert max(map(len, reasons)) < 400


def test_empty_tables_and_lost_owners_are_not_ready(sqlite: Server) -> None:
    report = check(sqlite, make(sqlite))
    assert [reason.split(".")[0] for reason in report.reasons] == [
        "there are no clients",
        "there are no patients",
    ]
    orphans = [{**row, "client_key": f"X{n}"} for n, row in enumerate(PATIENTS)]
    report = check(sqlite, make(sqlite, clients=CLIENTS, patients=orphans))
    assert report.reasons[0].startswith("only 0 of 4 patients have an owner among the clients")


def test_a_database_without_isolation_is_said_so(mariadb: Server) -> None:
    database = make(mariadb, clients=CLIENTS, patients=PATIENTS, options="ENGINE=MyISAM")
    report = check(mariadb, database)
    assert report.ready
    assert report.consistent is False
    assert any("no snapshot isolation" in warning for warning in report.warnings)
