"""VetData's conversion entities on three engines, from the vendor's public field lists."""

from __future__ import annotations

from datetime import date

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import insert, read, rows
from vet_pipeline.normalize.clients import normalize_clients

SCHEMA = (
    """CREATE TABLE IClient (PmsID VARCHAR(50) PRIMARY KEY, Prefix VARCHAR(20),
       FirstName VARCHAR(50), MiddleName VARCHAR(50), LastName VARCHAR(50), Suffix VARCHAR(9),
       FullName VARCHAR(90), IsDeleted {BIT},
       Inactive {BIT}, SuspendReminders {BIT})""",
    """CREATE TABLE Client (AccountId VARCHAR(50) PRIMARY KEY, Address1 VARCHAR(60),
       Address2 VARCHAR(60), City VARCHAR(50), State VARCHAR(20), Zip VARCHAR(12),
       Email VARCHAR(80), Alert VARCHAR(80))""",
    """CREATE TABLE IPhone (PmsID VARCHAR(50), RelationshipPmsID VARCHAR(50),
       RelationshipType VARCHAR(20), Number VARCHAR(30), Extension VARCHAR(9), Type VARCHAR(20),
       IsPrimary {BIT}, Sequence INTEGER)""",
    """CREATE TABLE IPatient (PmsID VARCHAR(50) PRIMARY KEY, Name VARCHAR(50),
       SpeciesDescription VARCHAR(40), Breed1Description VARCHAR(40), DateOfBirth DATE,
       Weight FLOAT, WeightUnit VARCHAR(9), IsDeceased {BIT}, DateOfDeath DATE, Inactive {BIT},
       IsDeleted {BIT})""",
    """CREATE TABLE IClientPatientRelationship (ClientPmsID VARCHAR(50), PatientPmsID VARCHAR(50),
       Type VARCHAR(20), Percentage INTEGER, IsPrimary {BIT})""",
)
YES, NO = "={1}", "={0}"
ROWS = [
    *insert(
        "IClient",
        {"PmsID": "A1", "Prefix": "Dr", "FirstName": "Uma", "LastName": "Ray", "IsDeleted": NO,
         "Inactive": YES},
        {"PmsID": "A2", "LastName": "Gone", "IsDeleted": YES},
        {"PmsID": "A3", "FullName": "Referral Hospital", "IsDeleted": None},
    ),
    *insert(
        "Client",
        {"AccountId": "A1", "Address1": "5 Pine St", "City": "Reno", "State": "NV", "Zip": "89501",
         "Email": "uma@example.org", "Alert": "CANARY"},
    ),
    *insert(
        "IPhone",
        {"PmsID": "1", "RelationshipPmsID": "A1", "RelationshipType": "Client",
         "Number": "775-555-0101", "Type": "Home", "IsPrimary": NO, "Sequence": 1},
        {"PmsID": "2", "RelationshipPmsID": "A1", "Number": "775-555-0102", "Extension": "12", "Type": "Cell",
         "IsPrimary": YES, "Sequence": 2},
        {"PmsID": "3", "RelationshipPmsID": "A1", "RelationshipType": "Provider",
         "Number": "775-555-0199", "Type": "Work"},
    ),
    *insert(
        "IPatient",
        {"PmsID": "P1", "Name": "Nib", "SpeciesDescription": "Feline", "Breed1Description": "DSH",
         "DateOfBirth": "2017-08-09", "Weight": 9.5, "WeightUnit": "lb", "IsDeceased": NO,
         "Inactive": YES, "IsDeleted": NO},
        {"PmsID": "P2", "Name": "Ash", "IsDeceased": YES, "DateOfDeath": "2024-03-02",
         "Inactive": NO, "IsDeleted": NO},
        {"PmsID": "P3", "Name": "Deleted", "IsDeleted": YES},
    ),
    *insert(
        "IClientPatientRelationship",
        {"ClientPmsID": "A3", "PatientPmsID": "P1", "Type": "Owner", "Percentage": 70,
         "IsPrimary": NO},
        {"ClientPmsID": "A1", "PatientPmsID": "P1", "Type": "Owner", "Percentage": 30,
         "IsPrimary": YES},
        {"ClientPmsID": "A1", "PatientPmsID": "P2", "Type": "Owner", "Percentage": 40},
        {"ClientPmsID": "A3", "PatientPmsID": "P2", "Percentage": 60},
        {"ClientPmsID": "A1", "PatientPmsID": "P2", "Type": "Referral", "Percentage": 100},
    ),
]  # fmt: skip
WORDS = {
    "sqlite": {"BIT": "BIT", "0": "0", "1": "1"},
    "postgresql": {"BIT": "BOOLEAN", "0": "false", "1": "true"},
    "mariadb": {"BIT": "BIT(1)", "0": "b'0'", "1": "b'1'"},
}


def filled(engine: str, request: pytest.FixtureRequest, *statements: str) -> str:
    """The connection string of a database in which the statements were run in the engine's words."""
    server: Server = request.getfixturevalue(engine)
    server.fresh("pims_vetdata")
    for name, word in WORDS[engine].items():
        statements = tuple(each.replace(f"{{{name}}}", word) for each in statements)
    server.run("pims_vetdata", *statements)
    return server.odbc("pims_vetdata")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_the_neutral_model_is_read_with_its_three_flags_and_shared_owners(
    engine: str, request: pytest.FixtureRequest
) -> None:
    got = read("vetdata", filled(engine, request, *SCHEMA, *ROWS))
    words = WORDS[engine]

    assert rows(got.clients) == [
        {
            "client_key": "A1",
            "title": "Dr",
            "first_name": "Uma",
            "last_name": "Ray",
            "address_line1": "5 Pine St",
            "city": "Reno",
            "state": "NV",
            "postal_code": "89501",
            "email": "uma@example.org",
            "phones": '[["775-555-0102 x12","Cell"],["775-555-0101","Home"]]',
        },
        {"client_key": "A3", "full_name": "Referral Hospital"},
    ]
    assert rows(got.patients) == [
        {
            "patient_key": "P1",
            "client_key": "A1",  # the primary owner, though the smaller share
            "name": "Nib",
            "species": "Feline",
            "breed": "DSH",
            "birth_date": "2017-08-09",
            "weight": "9.5",
            "weight_unit": "lb",
            "deceased_flag": words["0"] if engine == "postgresql" else "0",
            "status": "inactive",
        },
        {
            "patient_key": "P2",
            "client_key": "A3",  # nobody is primary: the largest share of an owner
            "name": "Ash",
            "deceased_flag": words["1"] if engine == "postgresql" else "1",
            "deceased_date": "2024-03-02",
            "status": "active",
        },
    ]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
@pytest.mark.parametrize(
    ("shares", "owner"),
    [
        (("7", "43", "50"), "A3"),
        (("33.34", "33.33", "33.33"), "A1"),
        (("9%", " 91 %", None), "A2"),
        (("", "n/a", "100"), "A3"),
        ((None, "", "5"), "A3"),
        (("100.0", "20", "9"), "A1"),
    ],
)
def test_shares_kept_as_text_compare_as_numbers(
    engine: str,
    shares: tuple[str | None, ...],
    owner: str,
    request: pytest.FixtureRequest,
) -> None:
    schema = [table.replace("Percentage INTEGER", "Percentage VARCHAR(9)") for table in SCHEMA]
    owners = [
        {"ClientPmsID": f"A{n}", "PatientPmsID": "P1", "Type": "Owner", "Percentage": share}
        for n, share in enumerate(shares, 1)
    ]
    pet = insert("IPatient", {"PmsID": "P1", "Name": "Nib"})
    statements = [*schema, *pet, *insert("IClientPatientRelationship", *owners)]
    got = read("vetdata", filled(engine, request, *statements))
    assert [row["client_key"] for row in rows(got.patients)] == [owner]


OWNER = {"PatientPmsID": "P1", "Type": "Owner"}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_shares_count_where_nobody_is_said_to_be_the_primary_owner(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server = filled(
        engine,
        request,
        *SCHEMA,
        *insert("IClient", {"PmsID": "A1", "LastName": "Lee"}, {"PmsID": "A2", "LastName": "Roe"}),
        *insert("IPatient", {"PmsID": "P1", "Name": "Nib"}),
        *insert(
            "IClientPatientRelationship",
            OWNER | {"ClientPmsID": "A1", "Percentage": 10, "IsPrimary": None},
            OWNER | {"ClientPmsID": "A2", "Percentage": 90, "IsPrimary": NO},
        ),
    )
    assert rows(read("vetdata", server).patients)[0]["client_key"] == "A2"


@pytest.mark.parametrize("word", ["1", "Y", "TRUE", "T", "Yes", "True"])
def test_a_deleted_client_owns_nothing_and_no_deleted_row_is_read_whatever_the_word(
    word: str, request: pytest.FixtureRequest
) -> None:
    schema = [table.replace("{BIT}", "VARCHAR(5)") for table in SCHEMA]
    server = filled(
        "sqlite",
        request,
        *schema,
        *insert(
            "IClient",
            {"PmsID": "A1", "LastName": "Merged", "IsDeleted": word},
            {"PmsID": "A2", "LastName": "Winner", "IsDeleted": "N"},
        ),
        *insert(
            "IPatient",
            {"PmsID": "P1", "Name": "Nib"},
            {"PmsID": "P2", "Name": "Gone", "IsDeleted": word},
        ),
        *insert(
            "IClientPatientRelationship",
            OWNER | {"ClientPmsID": "A1", "Percentage": 100},
            OWNER | {"ClientPmsID": "A2", "Percentage": 100},
        ),
    )
    got = read("vetdata", server)
    assert got.clients["client_key"].tolist() == ["A2"]
    assert [(r["patient_key"], r["client_key"]) for r in rows(got.patients)] == [("P1", "A2")]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_a_client_with_two_addresses_is_set_aside_and_the_others_go_on(
    engine: str, request: pytest.FixtureRequest
) -> None:
    schema = [
        table.replace("AccountId VARCHAR(50) PRIMARY KEY", "AccountId VARCHAR(50)")
        for table in SCHEMA
    ]
    other = insert("Client", {"AccountId": "A1", "Address1": "7 Oak St", "City": "Elko"})
    got = read("vetdata", filled(engine, request, *schema, *ROWS, *other))
    normal = normalize_clients(got.clients, got.conventions, read_on=date(2026, 11, 28))
    assert normal.rows["pims_client_id"].tolist() == ["A3"]
    refused = normal.quarantined[["pims_id", "reason"]].to_numpy().tolist()
    assert refused == [["A1", "duplicate_key"]] * 2


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
@pytest.mark.parametrize(
    ("client", "owner"), [("", ""), ("  ", " "), ("CLIENT", "owner"), ("client ", " OWNER")]
)
def test_a_blank_word_is_the_default_and_capitals_and_blanks_say_nothing(
    client: str, owner: str, engine: str, request: pytest.FixtureRequest
) -> None:
    others = [
        f"UPDATE IPhone SET RelationshipType = '{client}' WHERE PmsID IN ('1', '2')",
        f"UPDATE IClientPatientRelationship SET Type = '{owner}' WHERE Type = 'Owner'",
    ]
    got = read("vetdata", filled(engine, request, *SCHEMA, *ROWS, *others))
    found = (got.clients["phones"].dropna().tolist(), got.patients["client_key"].tolist())
    assert found == (['[["775-555-0102 x12","Cell"],["775-555-0101","Home"]]'], ["A1", "A3"])


@pytest.mark.parametrize("engine", ["sqlite", "mariadb"])
def test_a_number_that_refers_to_a_text_refers_to_that_very_text(
    engine: str, request: pytest.FixtureRequest
) -> None:
    schema = [
        table.replace("AccountId VARCHAR(50)", "AccountId INTEGER")
        .replace("RelationshipPmsID VARCHAR(50)", "RelationshipPmsID INTEGER")
        .replace("PatientPmsID VARCHAR(50)", "PatientPmsID INTEGER")
        for table in SCHEMA
    ]
    names = {"12": "Bell", "012": "Lee", "12A": "Ray"}
    owner = {"ClientPmsID": "12", "PatientPmsID": 7}
    got = read(
        "vetdata",
        filled(
            engine,
            request,
            *schema,
            *insert("IClient", *({"PmsID": k, "LastName": name} for k, name in names.items())),
            *insert("Client", {"AccountId": 12, "Address1": "1 Elm St"}),
            *insert("IPatient", {"PmsID": "7", "Name": "Rex"}, {"PmsID": "07", "Name": "Bo"}),
            *insert("IClientPatientRelationship", owner),
        ),
    )
    addresses = {row["last_name"]: row.get("address_line1") for row in rows(got.clients)}
    assert addresses == {"Bell": "1 Elm St", "Lee": None, "Ray": None}
    assert {row["name"]: row.get("client_key") for row in rows(got.patients)} == {
        "Rex": "12",
        "Bo": None,
    }
