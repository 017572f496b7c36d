"""A connector: a folder that says how one PIMS is read. Parsed and checked here, run in reader.py.

`connector.toml` holds what is configuration, `clients.sql`, `patients.sql` (and, where the PIMS
keeps them apart, `phones.sql`, `settings.sql` and `made.sql`) hold what is SQL;
`<name>.<engine>.sql` wins over `<name>.sql` on that engine. docs/connectors.md explains every key.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from vet_pipeline.errors import ConnectorInvalid, SnapshotShapeChanged, UsageError
from vet_pipeline.pims.engines import MOST_ROWS, EngineName

CONNECTORS = Path(__file__).parent
# What is no part of a read: words, and how gently it goes.
_FOR_PEOPLE = {
    "version", "title", "confirmed", "deletion", "absence_means", "drivers", "limits",
}  # fmt: skip
Headers = Mapping[str, Mapping[str, str]]  # a practice's own: {"clients": {"client_key": "Acct"}}
TypeFamily = Literal["any", "text", "number", "date", "flag", "text or number", "number or flag"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def require_not_too_many(rows: int, what: str) -> None:
    """SnapshotShapeChanged of more than MOST_ROWS."""
    if rows > MOST_ROWS:
        raise SnapshotShapeChanged(
            f"{what}: there are more than {MOST_ROWS:,} rows, and it isn't read",
            next_step="look at what is in there: a practice has far fewer",
        )


class Section(_Strict):
    """Where the rows of one query come from, so that they can be counted and paged by key."""

    source: str = Field(alias="from", min_length=1)  # FROM clause that yields one row a key
    key: str = Field(min_length=1)  # the key's expression in that clause
    where: str | None = None  # which rows of it count; the SQL file must say the same
    optional: bool = False  # phones: skipped where the PIMS has no such table


class Limits(_Strict):
    """How gently the PIMS is read; a practice's settings may override each."""

    page_rows: int = Field(default=5000, ge=1, le=100_000)
    pause_seconds: float = Field(default=0.0, ge=0)  # between pages
    rows_per_second: float | None = Field(default=None, gt=0)
    login_seconds: int = Field(default=15, ge=1)
    statement_seconds: int = Field(default=120, ge=1)  # server-side limit of one statement
    read_seconds: int = Field(default=3600, ge=1)  # the whole read
    attempts: int = Field(default=4, ge=2)  # reads until two agree, without snapshot isolation
    settle_seconds: float = Field(
        default=5.0, ge=0, le=600, allow_inf_nan=False
    )  # exports untouched for so long are complete
    exports_within_hours: float = Field(
        default=96.0, gt=0, allow_inf_nan=False
    )  # exports untouched for longer aren't today's practice; 4 days bridge a long weekend
    exports_apart_hours: float | None = Field(
        default=None, gt=0, allow_inf_nan=False
    )  # exports of one run of a job, whatever days their names say; None: those of one day

    def with_overrides(self, overrides: Mapping[str, Any]) -> Limits:
        """These limits with a practice's settings on top; UsageError on an unknown or bad one."""
        try:
            return Limits.model_validate({**self.model_dump(), **overrides})
        except ValidationError as error:
            raise UsageError(
                f"limits of the read: {_faults(error)}",
                next_step=f"use {', '.join(Limits.model_fields)} with numbers above 0",
            ) from None


class CsvFile(_Strict):
    """One export file of a CSV connector: how its columns are called there."""

    names: tuple[str, ...]  # file names to look for, compared without case
    columns: dict[str, tuple[str, ...]]  # canonical column -> headers it may have
    otherwise: dict[str, tuple[str, ...]] = Field(
        default_factory=dict
    )  # where none of those stands
    last: dict[str, tuple[str, ...]] = Field(
        default_factory=dict
    )  # where none of these does, either
    about: tuple[str, ...] = ()  # words that may stand before them: *Client* First Name
    required: tuple[str, ...]
    _stated: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def stated(self) -> frozenset[str]:
        """Columns whose headers a practice has stated."""
        return self._stated

    def headed(self, stated: Mapping[str, str]) -> CsvFile:
        """With the headers that a practice has stated: each has to be there, and is no other column's."""
        rest = {name: names for name, names in self.columns.items() if name not in stated}
        mine = self.model_copy(
            update={
                # Columns are looked for in this order.
                "columns": {name: (header,) for name, header in stated.items()} | rest,
                "otherwise": {it: names for it, names in self.otherwise.items() if it in rest},
                "last": {it: names for it, names in self.last.items() if it in rest},
                "required": tuple(dict.fromkeys((*self.required, *stated))),
            }
        )
        mine._stated = frozenset(stated)
        return mine


class ConnectorFile(_Strict):
    """connector.toml."""

    format: Literal[1]
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: str
    title: str
    kind: Literal["odbc", "csv"] = "odbc"
    engines: tuple[EngineName, ...] = ()
    drivers: dict[EngineName, tuple[str, ...]] = Field(default_factory=dict)
    confirmed: str  # what of this connector was seen on a real system, and what was not
    deletion: str = "unknown"  # how rows leave this PIMS
    absence_means: Literal["unknown", "outside_window", "merged_or_removed"] = "unknown"
    clients: Section | None = None
    patients: Section | None = None
    phones: Section | None = None
    tables: dict[str, dict[str, TypeFamily]] = Field(default_factory=dict)
    optional_tables: tuple[str, ...] = ()
    limits: Limits = Limits()
    conventions: dict[str, Any] = Field(default_factory=dict)
    csv: dict[Literal["clients", "patients", "phones"], CsvFile] = Field(default_factory=dict)

    def require_columns(self, headers: Headers) -> None:
        """UsageError where headers are stated for what is no column of this connector's exports."""
        for part, stated in headers.items():
            known = self.csv[part].columns if part in self.csv else {}
            if unknown := sorted(set(stated) - set(known)):
                raise UsageError(
                    f"headers.{part}: {', '.join(unknown)} is no column of this connector's",
                    next_step=f"use one of {', '.join(known)}"
                    if known
                    else "only the exports of clients, patients and phones have headers",
                )


class Connector:
    """A checked connector folder: its settings, and its SQL per engine."""

    def __init__(self, folder: Path, file: ConnectorFile) -> None:
        self.folder = folder
        self.file = file

    @property
    def name(self) -> str:
        """Its name, which is the folder's."""
        return self.file.name

    @property
    def version(self) -> str:
        """Goes up whenever what is read changes; kept in each snapshot's manifest."""
        return self.file.version

    @property
    def limits(self) -> Limits:
        """How gently it reads where the practice's settings say nothing."""
        return self.file.limits

    @property
    def digest(self) -> str:
        """Of all that decides what is read and how it is meant, whoever forgot to raise the version."""
        said = self.file.model_dump_json(exclude=_FOR_PEOPLE)
        texts = [path.read_bytes() for path in sorted(self.folder.glob("*.sql"))]
        return hashlib.sha256(b"\0".join((said.encode(), *texts))).hexdigest()

    def sql(self, part: str, engine: EngineName) -> str | None:
        """The SQL of `part` (clients, patients, phones, settings, made) for that engine, if any."""
        for name in (f"{part}.{engine}.sql", f"{part}.sql"):
            path = self.folder / name
            if path.is_file():
                return path.read_text(encoding="utf-8")
        return None


def list_connectors() -> list[str]:
    """Names of the connectors that come with the pipeline."""
    return sorted(path.parent.name for path in CONNECTORS.glob("*/connector.toml"))


def load_connector(name_or_folder: str | Path) -> Connector:
    """The connector of that name, or the one in that folder (a Path, or text with a separator).

    Raises:
        ConnectorInvalid: unknown name, unknown key, missing key or missing SQL file.
    """
    text = str(name_or_folder)
    own = isinstance(name_or_folder, Path) or "/" in text or "\\" in text
    folder = Path(text) if own else CONNECTORS / text
    toml = folder / "connector.toml"
    if own and not toml.is_file():
        raise ConnectorInvalid(
            f"there is no connector.toml in {folder}",
            next_step="name a connector's folder, which has to be there on every machine that runs;"
            " if it has moved: vet-pipeline practice change ID --pims FOLDER --by NAME",
        )
    if not toml.is_file():
        raise ConnectorInvalid(
            f"there is no connector {folder.name!r}",
            next_step=f"use one of {', '.join(list_connectors())}, or a folder's path",
        )
    try:
        file = ConnectorFile.model_validate(tomllib.loads(toml.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid(folder, f"connector.toml can't be parsed: {error}") from None
    except ValidationError as error:
        raise _invalid(folder, f"connector.toml: {_faults(error)}") from None
    connector = Connector(folder, file)
    _check(connector)
    return connector


def _check(connector: Connector) -> None:
    file, folder = connector.file, connector.folder
    if file.name != folder.name:
        raise _invalid(folder, f"name is {file.name!r} but the folder is {folder.name!r}")
    if file.kind == "csv":
        for part in ("clients", "patients"):
            if part not in file.csv:
                raise _invalid(folder, f"[csv.{part}] is missing")
        return
    if not file.engines:
        raise _invalid(folder, "engines names no engine")
    for part in ("clients", "patients"):
        if getattr(file, part) is None:
            raise _invalid(folder, f"[{part}] is missing")
        _check_sql(connector, part)
    if file.phones is not None:
        _check_sql(connector, "phones")
    elif any(connector.sql("phones", engine) is not None for engine in file.engines):
        raise _invalid(folder, "phones.sql is there but [phones] isn't")


def _check_sql(connector: Connector, part: str) -> None:
    """Each engine has a statement for this part, read page by page."""
    statements = {engine: connector.sql(part, engine) for engine in connector.file.engines}
    if missing := [engine for engine, sql in statements.items() if sql is None]:
        raise _invalid(connector.folder, f"{part}.sql is missing for {', '.join(missing)}")
    for engine, sql in statements.items():
        if "{page" not in (sql or ""):
            raise _invalid(connector.folder, f"{part}.sql ({engine}) has no {{page}} condition")


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)
    )


def _invalid(folder: Path, what: str) -> ConnectorInvalid:
    return ConnectorInvalid(
        f"connector {folder.name!r}: {what}", next_step="correct it as docs/connectors.md says"
    )
