"""`connector check`: can this PIMS be read by this connector, and what would come out of it.

Reads like the real read (same SQL, same limits) and changes nothing. The report holds no personal
data: counts, code words, column names.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyodbc

from vet_pipeline.counted import counted
from vet_pipeline.errors import PipelineError
from vet_pipeline.pims.oddities import oddities
from vet_pipeline.pims.on_the_way import told_in_the_clear
from vet_pipeline.pims.parts import Progress
from vet_pipeline.pims.profile import Profile, profile
from vet_pipeline.pims.reader import ReadOptions, read_snapshot
from vet_pipeline.pims.rights import write_rights
from vet_pipeline.pims.session import at_pims
from vet_pipeline.pims.shape import Shape, examine
from vet_pipeline.pims.watchdog import Watch, run_watched

if TYPE_CHECKING:
    from vet_pipeline.pims.connector import Connector, Limits

# A practice with fewer owners found than this share has a broken link between the two tables.
LEAST_OWNED = 0.5


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
        run_watched(
            lambda watch: (
                _look_around(connector, odbc, limits, watch, report)
                if connector.file.kind == "odbc"
                else _look_into_folder(odbc, report)
            ),
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
    with at_pims(odbc, connector.file, limits, watch) as session:
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
        report.warnings += told_in_the_clear(session, odbc)
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
            f"phones of {counted(unreadable, 'client')} can't be read. Next step: let clients.sql yield phone1,"
            " phone1_label, ... in place of phones (docs/connectors.md)"
        )
    owned = found.patients - found.patients_without_client - found.patients_without_owner
    if found.patients and owned < LEAST_OWNED * found.patients:
        report.reasons.append(
            f"only {owned} of {found.patients} patients have an owner among the clients. "
            "Next step: check that owner keys are written alike in both queries"
        )
    report.warnings += [*snapshot.tables.notes, *oddities(found)]


def _look_into_folder(odbc: str, report: CheckReport) -> None:
    folder = Path(odbc.strip().rstrip(";").partition("=")[2].strip())
    report.can_write = "yes" if os.access(folder, os.W_OK) else "no"
