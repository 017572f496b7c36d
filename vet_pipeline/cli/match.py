"""`vet-pipeline match`: the matcher alone, on CSV files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import AsJson
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.session import require_folder

if TYPE_CHECKING:
    import pandas as pd

    from vet_pipeline.matching import MatchSettings

_EXAMPLE = """
**Example**

`vet-pipeline match --home-clients a_clients.csv.gz --home-pets a_pets.csv.gz
--pims-clients b_clients.csv.gz --pims-pets b_pets.csv.gz --out links/`

Columns of clients: client_id, first_name, last_name, address1, address2, city, state, zip,
phone1, phone2, email. Of pets: pet_id, client_id, name, species, breed, dob, deceased.
Other columns are ignored; gzipped files are read as they are.

Thresholds are bits, log2 of the odds for the same; the model's own are in its file. A practice's
are set by `vet-pipeline practice set ID matching.link_bits=9 --by NAME`.
"""
_BOUND = "false_links_at_most_per_thousand"
_OUT = ["home_id", "pims_id", "decision", "score"]


def _bits(flag: str, meaning: str) -> Any:
    return typer.Option(flag, metavar="BITS", help=f"{meaning}; without it the model's own.")


def _csv(flag: str) -> Any:
    return typer.Option(flag, exists=True, dir_okay=False, help="CSV, UTF-8, may be gzipped.")


@app.command("match", epilog=_EXAMPLE)
def match_files(
    home_clients: Annotated[Path, _csv("--home-clients")],
    home_pets: Annotated[Path, _csv("--home-pets")],
    pims_clients: Annotated[Path, _csv("--pims-clients")],
    pims_pets: Annotated[Path, _csv("--pims-pets")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the two result files.")],
    link_bits: Annotated[float | None, _bits("--link-bits", "Clients linked from here")] = None,
    possible_bits: Annotated[
        float | None, _bits("--possible-bits", "Possible clients from here")
    ] = None,
    pet_link_bits: Annotated[
        float | None, _bits("--pet-link-bits", "Pets linked from here")
    ] = None,
    pet_possible_bits: Annotated[
        float | None, _bits("--pet-possible-bits", "Possible pets from here")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Match two sides given as CSV files; writes links_clients.csv and links_pets.csv."""
    settings = _settings(
        link_bits=link_bits,
        possible_bits=possible_bits,
        pet_link_bits=pet_link_bits,
        pet_possible_bits=pet_possible_bits,
    )
    require_folder(out)
    data = _matched((home_clients, home_pets), (pims_clients, pims_pets), settings, out)
    emit(as_json, data, lambda printer: printer.print(_summary(data)))


def _matched(
    home_files: tuple[Path, Path], pims_files: tuple[Path, Path], settings: MatchSettings, out: Path
) -> dict[str, Any]:
    """Match the files of clients and pets, write the links; returns what is told of it."""
    from vet_pipeline.matching import match
    from vet_pipeline.matching.bounds import calibrated_bound
    from vet_pipeline.matching.files import read_side

    started = time.monotonic()
    home, pims = read_side(*home_files), read_side(*pims_files)
    read = time.monotonic()
    result = match(home.side, pims.side, settings=settings)
    matched = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    clients = _write(result.clients, out / "links_clients.csv")
    pets = _write(result.pets, out / "links_pets.csv")
    return {
        "model": result.model_version,
        "seconds_reading": round(read - started, 3),
        "seconds_matching": round(matched - read, 3),
        "rows_not_taken": home.left_out + pims.left_out,
        "notes": result.notes,
        "clients": clients | {_BOUND: calibrated_bound("client", settings.client_link_bits)},
        "pets": pets | {_BOUND: calibrated_bound("pet", settings.pet_link_bits)},
    }


def _write(rows: pd.DataFrame, path: Path) -> dict[str, Any]:
    """Write what isn't new; returns where, and how many there are of each decision."""
    rows.loc[rows["decision"] != "new", _OUT].to_csv(path, index=False)
    counts = rows["decision"].value_counts()
    decided = {word: int(counts.get(word, 0)) for word in ("linked", "possible", "new")}
    return {"file": str(path), **decided}


def _settings(**own: float | None) -> MatchSettings:
    """The thresholds given, checked as a practice's are."""
    from vet_pipeline.registry.practice_settings import Settings, changed

    given = [f"matching.{name}={bits}" for name, bits in own.items() if bits is not None]
    return changed(Settings(), given).matching.for_matcher()


def _summary(data: dict[str, Any]) -> str:
    lines = []
    for name in ("clients", "pets"):
        part = data[name]
        lines.append(
            f"{name}: {part['linked']:,} linked, {part['possible']:,} possible, "
            f"{part['new']:,} new; {part['file']}"
        )
        bound = part[_BOUND]
        if bound is not None:
            lines.append(
                f"  false links at this threshold: at most {bound} per 1,000 (95 %, {_ON})"
            )
    if left_out := data["rows_not_taken"]:
        lines.append(
            f"{left_out:,} rows couldn't be taken: no id, no name, an id of another row, or an unreadable text"
        )
    if too_common := data["notes"].get("values_too_common"):
        lines.append(f"{too_common:,} values were on too many rows to speak for anybody")
    times = f"read in {data['seconds_reading']} s, matched in {data['seconds_matching']} s"
    return "\n".join([*lines, f"{times} by {data['model']}"])


_ON = "on made-up practices the model hadn't seen"
