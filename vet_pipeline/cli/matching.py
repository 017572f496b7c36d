"""`vet-pipeline match`: the matcher alone, on CSV files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import AsJson
from vet_pipeline.cli.output import emit

_EXAMPLE = """
**Example**

`vet-pipeline match --home-clients a_clients.csv.gz --home-pets a_pets.csv.gz
--pims-clients b_clients.csv.gz --pims-pets b_pets.csv.gz --out links/`

Columns of clients: client_id, first_name, last_name, address1, address2, city, state, zip,
phone1, phone2, email. Of pets: pet_id, client_id, name, species, breed, dob, deceased.
Other columns are ignored; gzipped files are read as they are.
"""
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
    from vet_pipeline.matching.files import read_side

    started = time.monotonic()
    home = read_side(home_clients, home_pets)
    pims = read_side(pims_clients, pims_pets)
    read = time.monotonic()
    result = match(home.side, pims.side)
    data: dict[str, Any] = {
        "model": result.model_version,
        "seconds_reading": round(read - started, 3),
        "seconds_matching": round(time.monotonic() - read, 3),
        "rows_not_taken": home.left_out + pims.left_out,
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


def _summary(data: dict[str, Any]) -> str:
    lines = [
        f"{name}: {data[name]['linked']:,} linked, {data[name]['possible']:,} possible, "
        f"{data[name]['new']:,} new; {data[name]['file']}"
        for name in ("clients", "pets")
    ]
    times = f"read in {data['seconds_reading']} s, matched in {data['seconds_matching']} s"
    return "\n".join([*lines, f"{times} by {data['model']}"])
