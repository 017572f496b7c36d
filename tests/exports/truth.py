"""A small invented practice: its rows as a plain export has them, and what is to be copied of each."""

from __future__ import annotations

from typing import Any

Sheet = list[list[str]]  # the headers, then the rows

CLIENTS: Sheet = [
    ["Client ID", "First Name", "Last Name", "Address", "Address 2", "City", "State", "Zip", "Email", "Phone"],
    ["1001", "Ana", "Bell", "12 Oak St", "Apt 4", "Salem", "OR", "97301", "ana@bell.example", "503-555-0101"],
    ["1002", "José", "Núñez", "7 Elm Ave", "", "Agawam", "MA", "01001", "jose@nunez.example", "413-555-0102"],
    ["1003", "Siobhan", "O'Neil", "PO Box 31", "", "Salem", "OR", "97308", "sio@oneil.example", ""],
    ["1004", "Bo", "Hart", "401 Mill Rd", "Unit 9", "Salem", "OR", "97302", "", "503-555-0104"],
    ["1005", "Renée", "Faure", "88 River Rd", "", "Keizer", "OR", "97303", "renee@faure.example", "503-555-0105"],
    ["1006", "Tom", "Smith-Jones", "5 Pine Ct", "", "Salem", "OR", "97304", "tom@sj.example", "503-555-0106"],
]  # fmt: skip

PATIENTS: Sheet = [
    ["Patient ID", "Client ID", "Patient Name", "Species", "Breed", "DOB", "Weight", "Weight Unit",
     "Weight Date", "Deceased", "Date of Death"],
    ["501", "1001", "Rex", "Canine", "Pug", "2019-03-25", "12.5", "kg", "2026-10-17", "N", ""],
    ["502", "1001", "Mia", "Feline", "DSH", "2018-04-03", "4.2", "kg", "2026-09-05", "N", ""],
    ["503", "1002", "Señor", "Canine", "Boxer", "2016-12-30", "31", "kg", "2026-11-02", "N", ""],
    ["504", "1003", "Bo", "Canine", "Collie", "2011-01-31", "20.25", "kg", "2025-05-08", "Y", "2026-02-13"],
    ["505", "1004", "Tip", "Feline", "Manx", "2020-06-15", "", "", "", "N", ""],
    ["506", "1005", "Max", "Canine", "Beagle", "2021-07-08", "13.1", "kg", "2026-08-21", "N", ""],
    ["507", "1006", "R2D2", "Rabbit", "Lop", "2024-02-29", "1.8", "kg", "2026-11-20", "N", ""],
    ["508", "1006", "Kit", "Feline", "DSH", "2009-05-17", "3.9", "kg", "2023-04-19", "N", "2023-05-01"],
]  # fmt: skip

_OF_CLIENT = (
    "first_name", "last_name", "address_line1", "unit", "city", "state", "postal_code", "po_box", "email",
    "phones",
)  # fmt: skip
_OF_PET = (
    "pims_client_id", "name", "species", "breed", "birth_date", "weight_value", "weight_unit", "weight_kg",
    "weighed_on", "deceased", "deceased_on",
)  # fmt: skip
_CLIENTS: dict[str, tuple[Any, ...]] = {
    "1001": ("Ana", "Bell", "12 Oak St", "Apt 4", "Salem", "OR", "97301", "False", "ana@bell.example", "+15035550101"),
    "1002": ("José", "Núñez", "7 Elm Ave", None, "Agawam", "MA", "01001", "False", "jose@nunez.example", "+14135550102"),
    "1003": ("Siobhan", "O'Neil", "PO Box 31", None, "Salem", "OR", "97308", "True", "sio@oneil.example", None),
    "1004": ("Bo", "Hart", "401 Mill Rd", "Unit 9", "Salem", "OR", "97302", "False", None, "+15035550104"),
    "1005": ("Renée", "Faure", "88 River Rd", None, "Keizer", "OR", "97303", "False", "renee@faure.example", "+15035550105"),
    "1006": ("Tom", "Smith-Jones", "5 Pine Ct", None, "Salem", "OR", "97304", "False", "tom@sj.example", "+15035550106"),
}  # fmt: skip
_PETS: dict[str, tuple[Any, ...]] = {
    "501": ("1001", "Rex", "dog", "Pug", "2019-03-25", "12.5000", "kg", "12.5000", "2026-10-17", "False", None),
    "502": ("1001", "Mia", "cat", "DSH", "2018-04-03", "4.2000", "kg", "4.2000", "2026-09-05", "False", None),
    "503": ("1002", "Señor", "dog", "Boxer", "2016-12-30", "31.0000", "kg", "31.0000", "2026-11-02", "False", None),
    "504": ("1003", "Bo", "dog", "Collie", "2011-01-31", "20.2500", "kg", "20.2500", "2025-05-08", "True", "2026-02-13"),
    "505": ("1004", "Tip", "cat", "Manx", "2020-06-15", None, None, None, None, "False", None),
    "506": ("1005", "Max", "dog", "Beagle", "2021-07-08", "13.1000", "kg", "13.1000", "2026-08-21", "False", None),
    "507": ("1006", "R2D2", "rabbit", "Lop", "2024-02-29", "1.8000", "kg", "1.8000", "2026-11-20", "False", None),
    "508": ("1006", "Kit", "cat", "DSH", "2009-05-17", "3.9000", "kg", "3.9000", "2023-04-19", "True", "2023-05-01"),
}  # fmt: skip

#: What a careful person reads: key -> normalized column -> text. Other columns are blank.
TRUTH: dict[str, dict[str, dict[str, Any]]] = {
    "clients": {key: dict(zip(_OF_CLIENT, row, strict=True)) for key, row in _CLIENTS.items()},
    "patients": {key: dict(zip(_OF_PET, row, strict=True)) for key, row in _PETS.items()},
}
