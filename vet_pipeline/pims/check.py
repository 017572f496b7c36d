"""`connector check`: can this PIMS be read by this connector, and what would come out of it.

Reads like the real read (same SQL, same limits) and changes nothing. The report holds no personal
data: counts, code words, column names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyodbc

from vet_pipeline.errors import PipelineError
from vet_pipeline.normalize.dates import ORDER_UNKNOWN, date_order_advice
from vet_pipeline.normalize.deceased import unknown_word_advice
from vet_pipeline.pims.driver_errors import translate
from vet_pipeline.pims.parts import Progress
from vet_pipeline.pims.profile import Profile, profile
from vet_pipeline.pims.reader import ReadOptions, read_snapshot
from vet_pipeline.pims.rights import write_rights
from vet_pipeline.pims.session import open_session
from vet_pipeline.pims.shape import Shape, examine
from vet_pipeline.pims.watchdog import Watch, run_watched

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import Connector, Limits

# A practice with fewer owners found than this share has a broken link between the two tables.
LEAST_OWNED = 0.5
# Of fewer dead animals a share says nothing.
_FEW = 25
# Of so many patients some have died, unless the living alone are exported.
_MANY = 100
_OF_DEATH = ("patients.deceased_flag", "patients.status")
_WORDS_STEP = (
    ": who is dead by such a word alone isn't copied as dead. Next step: "
    + unknown_word_advice("ID")
)
_SHARED_STEP = {
    "clients": "",
    "patients": ": where their rows differ, as those of an animal with a row for each of its owners or"
    " weighings, none is copied. Next step: let the export or view name one owner, the one who orders, and"
    " the last weight",
}
# What a practice of some size has of somebody; of nobody, it stands where it isn't looked for.
_OF_SOMEBODY = {
    "addresses": ("clients.address_line1", "clients.address_line2", "clients.address_line3"),
    "telephone numbers": ("clients.phones",),
    "emails": ("clients.email",),
    "species": ("patients.species",),
    "breeds": ("patients.breed",),
    "birth dates": ("patients.birth_date",),
    "weights": ("patients.weight",),
    "deaths": ("patients.deceased_flag", "patients.deceased_date", "patients.status"),
}
_NUMBERS_STEP = (
    ", {} of them a spreadsheet's numbers of days. Next step: give the column a date's format there,"
    " year first, and export it anew before the first copy"
)
_ENTERED = ", or be the day on which deaths were entered (taken for none, it has those pets alive)"


@dataclass(slots=True)
class CheckReport:
    """What was found. `ready` says whether a read would work; `reasons` why not."""

    connector: str
    connector_version: str
    ready: bool = False
    reasons: list[str] = field(default_factory=list)  # why not ready; each with its next step
    warnings: list[str] = field(default_factory=list)  # ready, but a person should know
    database: str | None = None  # product and version
    driver: str | None = None
    consistent: bool | None = None  # one transaction sees one moment
    can_write: Literal["yes", "no", "unknown"] = "unknown"
    columns: dict[str, str] = field(default_factory=dict)  # "table.column" -> type family found
    ignored: dict[str, list[str]] = field(default_factory=dict)  # columns never read
    profile: Profile | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON-able dictionary."""
        return asdict(self)


def check_connector(
    connector: Connector,
    odbc: str,
    *,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> CheckReport:
    """Connect, compare tables and rights with the contract, read everything once and profile it.

    What goes wrong ends up in the report, not in an exception.
    """
    options = options or ReadOptions()
    report = CheckReport(connector.name, connector.version)
    try:
        limits = connector.limits.with_overrides(options.limits)
        look = _look_around if connector.file.kind == "odbc" else _look_into_folder
        run_watched(
            lambda watch: look(connector, odbc, limits, watch, report),
            seconds=limits.read_seconds,
        )
        if not report.reasons:
            _read_and_profile(connector, odbc, options, report, progress)
    except PipelineError as error:
        report.reasons.append(f"{error.what}. Next step: {error.next_step}")
    report.ready = not report.reasons
    return report


def _look_around(
    connector: Connector, odbc: str, limits: Limits, watch: Watch, report: CheckReport
) -> None:
    try:
        session = open_session(odbc, connector.file, limits, watch)
    except pyodbc.Error as error:
        raise translate(error, watch.doing) from None
    try:
        info = session.connection.getinfo
        report.database = f"{info(pyodbc.SQL_DBMS_NAME)} {info(pyodbc.SQL_DBMS_VER)}"
        report.driver = f"{info(pyodbc.SQL_DRIVER_NAME)} {info(pyodbc.SQL_DRIVER_VER)}"
        report.consistent = session.is_consistent
        shape: Shape = examine(session, connector.file)
        report.columns, report.ignored = shape.columns, shape.ignored
        report.reasons += [
            f"{fault}. Next step: compare with docs/connectors.md" for fault in shape.faults
        ]
        report.warnings += [
            f"optional table {table} isn't there, or the login may not read it: nothing of it is"
            " copied; if there is one, grant SELECT on it"
            for table in shape.hidden_tables
        ]
        report.can_write = write_rights(session, connector.file, odbc)
    except pyodbc.Error as error:
        raise translate(error, watch.doing) from None
    finally:
        session.close()
    if report.can_write == "yes":
        report.warnings.append(
            "the login can write to the PIMS; give the pipeline a login that can only read"
        )
    elif report.can_write == "unknown":
        report.warnings.append("whether the login can write could not be found out")
    if not report.consistent:
        report.warnings.append(
            "no snapshot isolation here: each read is repeated until two in a row are equal"
        )


def _read_and_profile(
    connector: Connector,
    odbc: str,
    options: ReadOptions,
    report: CheckReport,
    progress: Progress | None,
) -> None:
    snapshot = read_snapshot(connector, odbc, options=options, progress=progress)
    report.notes = snapshot.notes
    report.columns = report.columns or snapshot.source_schema
    found = profile(
        snapshot.clients, snapshot.patients, snapshot.conventions, datetime.now(UTC).date()
    )
    report.profile = found
    for part, rows in (("clients", found.clients), ("patients", found.patients)):
        if rows == 0:
            report.reasons.append(
                f"there are no {part}. Next step: check that this is the practice's database"
            )
    if unreadable := found.not_taken.get("clients.phones: unreadable"):
        report.reasons.append(
            f"phones of {unreadable} clients can't be read. Next step: let clients.sql yield phone1,"
            " phone1_label, ... in place of phones (docs/connectors.md)"
        )
    owned = found.patients - found.patients_without_client - found.patients_without_owner
    if found.patients and owned < LEAST_OWNED * found.patients:
        report.reasons.append(
            f"only {owned} of {found.patients} patients have an owner among the clients. "
            "Next step: check that owner keys are written alike in both queries"
        )
    report.warnings += [*snapshot.tables.notes, *_oddities(found)]


def _oddities(found: Profile) -> list[str]:
    odd = [f"{rows} rows will be quarantined ({why})" for why, rows in found.quarantined.items()]
    odd += [
        f"{rows} {part} share their key with another" + _SHARED_STEP[part]
        for part, rows in found.keys_repeated.items()
        if rows
    ]
    if found.patients_without_client:
        odd.append(f"{found.patients_without_client} patients name an owner who isn't a client")
    if found.patients_without_owner:
        odd.append(
            f"{found.patients_without_owner} patients name no owner, and are copied as nobody's. Next step:"
            " where the PIMS knows one, as a list does that names the client only beside the first of its"
            " pets, let each row name it before the first copy"
        )
    absent = _of_nobody(found.filled) if found.patients >= _FEW else []
    if absent:
        odd.append(
            f"there are no {', '.join(absent)} at all. Next step: where the PIMS has them, see which column"
            " holds them, and before the first copy give it a name that the connector reads"
            " (docs/connectors.md)"
        )
    if _lacks_streets(found.filled):
        odd.append(
            "most addresses have a city or postal code and no street: parcels would go out without one."
            " Next step: see which column holds it, and before the first copy give it a name that the"
            " connector reads (docs/connectors.md)"
        )
    if found.deceased >= _FEW and found.deceased > found.patients / 2:
        odd.append(
            f"{found.deceased} of {found.patients} patients come as deceased. Next step: see below which"
            " words say so; a column that says the contrary (active), or a date for none, is the connector's"
            " to mend before the first copy (docs/connectors.md)"
        )
    if found.patients >= _MANY and not found.deceased and "deaths" not in absent:
        odd.append(
            f"none of {found.patients} patients comes as deceased. Next step: where the PIMS keeps deaths"
            " elsewhere, as in the reason why a patient is inactive, let the export or view deliver that as"
            " its flag, date or status before the first copy"
        )
    if found.without_number > max(2, found.filled["clients.phones"] * found.clients / 2):
        odd.append(
            f"of {found.without_number} clients no telephone number can be taken: they are read as numbers of"
            " phone_region, the US where nobody has set it. Next step: where the practice is elsewhere,"
            " before the first copy: vet-pipeline practice set ID phone_region=GB (CA, AU, ...) --by NAME"
        )
    if found.lost_letters:
        odd.append(
            f"{found.lost_letters} clients and patients have a question mark within a word of a name or"
            " address, as in Mu?oz: letters were lost before they were read. Next step: let the export, the"
            " driver or the view have a character set that holds them, before the first copy"
        )
    if found.weights_without_unit:
        odd.append(
            f"{found.weights_without_unit} weights have no unit and stay without kilograms; a setting"
            " changes nothing that was copied. Next step: ask the practice, and before the first copy:"
            " vet-pipeline practice set ID weight_unit_when_missing=lb (or kg) --by NAME"
        )
    odd += [
        f"{column}: {len(vocabulary.unknown)} words aren't understood "
        f"({', '.join(vocabulary.unknown)}){_WORDS_STEP if column in _OF_DEATH else ''}"
        for column, vocabulary in found.vocabularies.items()
        if vocabulary.unknown
    ]
    odd += [
        f"{column}: {dates.not_taken} dates can't be taken"
        + (_NUMBERS_STEP.format(dates.numbers) if dates.numbers else "")
        for column, dates in found.dates.items()
        if dates.not_taken
    ]
    days = sorted({dates.one_day for dates in found.dates.values() if dates.one_day})
    odd += [
        f"{column}: {dates.on_one_day} are of {dates.one_day}, which may stand for none"
        f"{_ENTERED if column == 'patients.deceased_date' else ''}. Next step: ask the practice"
        f"{' which of these days do' if len(days) > 1 else ''}, and before the first copy:"
        f' vet-pipeline practice set ID blank_dates="{", ".join(days)}" --by NAME'
        for column, dates in found.dates.items()
        if dates.one_day
    ]
    if any(value.endswith(f": {ORDER_UNKNOWN}") for value in found.not_taken):
        step = date_order_advice("ID")
        odd.append(f"nobody can say whether day or month comes first. Next step: {step}")
    return odd


def _of_nobody(filled: Mapping[str, float]) -> list[str]:
    return [
        what for what, columns in _OF_SOMEBODY.items() if not any(filled[each] for each in columns)
    ]


def _lacks_streets(filled: Mapping[str, float]) -> bool:
    place = max(filled["clients.city"], filled["clients.postal_code"])
    street = max(filled[f"clients.address_line{line}"] for line in (1, 2, 3))
    return street < place / 2


def _look_into_folder(
    _connector: Connector, odbc: str, _limits: Limits, _watch: Watch, report: CheckReport
) -> None:
    folder = Path(odbc.strip().rstrip(";").partition("=")[2].strip())
    report.can_write = "yes" if os.access(folder, os.W_OK) else "no"
