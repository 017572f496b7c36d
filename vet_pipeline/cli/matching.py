"""`vet-pipeline match`: the matcher alone, on CSV files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import AsJson
from vet_pipeline.cli.output import emit
from vet_pipeline.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_EXAMPLE = """
**Example**

`vet-pipeline match --home-clients a_clients.csv.gz --home-pets a_pets.csv.gz
--pims-clients b_clients.csv.gz --pims-pets b_pets.csv.gz --out links/`

Columns of clients: client_id, first_name, last_name, address1, address2, city, state, zip,
phone1, phone2, email. Of pets: pet_id, client_id, name, species, breed, dob, deceased.
Other columns are ignored; gzipped files are read as they are.
"""
_CLIENT_COLUMNS = {
    "client_id": "client_key",
    "first_name": "first_name",
    "last_name": "last_name",
    "address1": "address_line1",
    "address2": "address_line2",
    "city": "city",
    "state": "state",
    "zip": "postal_code",
    "email": "email",
}
_PET_COLUMNS = {
    "pet_id": "patient_key",
    "client_id": "client_key",
    "name": "name",
    "species": "species",
    "breed": "breed",
    "dob": "birth_date",
    "deceased": "deceased_flag",
}
_REQUIRED = {"client": ("client_id", "first_name", "last_name"), "pet": ("pet_id", "client_id")}
_OUT = ["home_id", "pims_id", "decision", "score"]


def _csv(flag: str) -> Any:
    return typer.Option(flag, exists=True, dir_okay=False, help="CSV, UTF-8, may be gzipped.")


@app.command("match", epilog=_EXAMPLE)
def match_files(
    home_clients: Annotated[Path, _csv("--home-clients")],
    home_pets: Annotated[Path, _csv("--home-pets")],
    pims_clients: Annotated[Path, _csv("--pims-clients")],
    pims_pets: Annotated[Path, _csv("--pims-pets")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the two result files.")],
    as_json: AsJson = False,
) -> None:
    """Match two sides given as CSV files; writes links_clients.csv and links_pets.csv."""
    from vet_pipeline.matching import match

    started = time.monotonic()
    home, unread_home = _side(home_clients, home_pets)
    pims, unread_pims = _side(pims_clients, pims_pets)
    read = time.monotonic()
    result = match(home, pims)
    data: dict[str, Any] = {
        "model": result.model_version,
        "seconds_reading": round(read - started, 3),
        "seconds_matching": round(time.monotonic() - read, 3),
        "rows_not_taken": unread_home + unread_pims,
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in (("clients", result.clients), ("pets", result.pets)):
        links = rows[rows["decision"] != "new"]
        path = out / f"links_{name}.csv"
        links[_OUT].to_csv(path, index=False)
        counts = rows["decision"].value_counts()
        data[name] = {
            "file": str(path),
            **{
                decision: int(counts.get(decision, 0)) for decision in ("linked", "possible", "new")
            },
        }
    emit(as_json, data, lambda printer: printer.print(_summary(data)))


def _side(clients_file: Path, pets_file: Path) -> tuple[Any, int]:
    """A matching side, normalized by the pipeline's own rules, and how many rows weren't taken."""
    from datetime import UTC, datetime

    from vet_pipeline.matching import Side
    from vet_pipeline.normalize import normalize_clients, normalize_pets
    from vet_pipeline.normalize.conventions import Conventions

    today = datetime.now(UTC).date()
    clients = normalize_clients(
        _raw(clients_file, "client", _CLIENT_COLUMNS), Conventions(), read_on=today
    )
    pets = normalize_pets(_raw(pets_file, "pet", _PET_COLUMNS), Conventions(), read_on=today)
    unread = len(clients.quarantined) + len(pets.quarantined)
    names = {"pims_client_id": "client_id", "pims_pet_id": "pet_id"}
    return Side(clients.rows.rename(columns=names), pets.rows.rename(columns=names)), unread


def _raw(path: Path, record: str, columns: dict[str, str]) -> pd.DataFrame:
    """The file in the raw columns of snapshots/contract.py."""
    import pandas as pd

    from vet_pipeline.pims.cells import phones_json
    from vet_pipeline.snapshots.contract import RAW_CLIENT_COLUMNS, RAW_PATIENT_COLUMNS

    try:
        given = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(
            f"{path.name} can't be read as CSV ({type(error).__name__})",
            next_step="give a UTF-8 CSV file with a header line",
        ) from None
    missing = [name for name in _REQUIRED[record] if name not in given.columns]
    if missing:
        raise UsageError(
            f"{path.name} lacks the column {', '.join(missing)}",
            next_step="see `vet-pipeline match --help` for the columns",
        )
    raw = given.rename(columns=columns)
    wanted = RAW_CLIENT_COLUMNS if record == "client" else RAW_PATIENT_COLUMNS
    if record == "client":
        phones = [c for c in ("phone1", "phone2") if c in given.columns]
        numbers = given[phones].astype(object).where(given[phones].notna(), None)
        raw["phones"] = [
            phones_json([(number, None) for number in row])
            for row in numbers.itertuples(index=False, name=None)
        ]
    return raw.reindex(columns=list(wanted)).astype("str")


def _summary(data: dict[str, Any]) -> str:
    lines = [
        f"{name}: {data[name]['linked']:,} linked, {data[name]['possible']:,} possible, "
        f"{data[name]['new']:,} new; {data[name]['file']}"
        for name in ("clients", "pets")
    ]
    times = f"read in {data['seconds_reading']} s, matched in {data['seconds_matching']} s"
    return "\n".join([*lines, f"{times} by {data['model']}"])
