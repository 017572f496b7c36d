"""What differs between database engines: casting to text, snapshots, limits, read-only.

One `Engine` a dialect. Connectors' SQL uses the macros `{text: x}`, `{date: x}`, `{flag: x}`,
`{yes: x}`, `{number: x}` and `{page}` (sql.py); nothing about any PIMS stands here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from vet_pipeline.normalize.text import MAX_TEXT

# Characters of a text that a server is asked for: more than normalizing takes, also where a server
# counts bytes, so that a longer one is set aside as ever; whole, a table of such would take the
# memory that other practices' runs need.
_MOST = 4 * (MAX_TEXT + 1)
# Rows of a part, as a whole sheet of Excel's has them (the largest practices: a tenth); more take the
# memory that other practices' runs need. No more are asked for than tell that: drivers keep them all.
MOST_ROWS = 1 << 20
_ASKED = MOST_ROWS + 1
EngineName = Literal["sqlite", "postgresql", "mariadb", "mysql", "sqlserver"]


def _sqlite_text(x: str) -> str:
    # The driver guesses a column's type from the first row and turns other rows into NULL: cast.
    # It also cuts a text at its first NUL and drops bytes that are no UTF-8 without a word, so a
    # text that isn't plain ASCII comes as the hex of its bytes; cells.without_hex reads it.
    # SQLite counts characters up to the first NUL: a text with one is shorter than its bytes.
    # NULLs are most cells, so they are let through first: a third of the read's time.
    blob, text = f"CAST({x} AS BLOB)", f"CAST({x} AS TEXT)"
    return (
        f"CASE WHEN {x} IS NULL THEN NULL"
        f" WHEN length({blob}) > length({text}) OR {text} GLOB '*[^ -~]*'"
        f" THEN char(1) || hex({blob}) || char(2) ELSE {text} END"
    )


def _postgresql_text(x: str) -> str:
    # 'infinity' as a date would arrive as today.
    return f"left(CAST({x} AS text), {_MOST})"


def _postgresql_hex_text(x: str) -> str:
    # Of another encoding than UTF-8 the server refuses a whole page for one byte without a
    # character; so a text that isn't plain ASCII comes as the hex of its bytes (cells.without_hex).
    text = f'{_postgresql_text(x)} COLLATE "C"'
    content = f"convert_to({text}, getdatabaseencoding())"
    return (
        f"CASE WHEN {text} ~ '[^ -~]'"
        f" THEN chr(1) || upper(encode({content}, 'hex')) || chr(2) ELSE {text} END"
    )


def _mysql_text(x: str) -> str:
    return f"LEFT(REPLACE(CAST({x} AS CHAR), CHAR(0), ''), {_MOST})"  # pyodbc cuts at a NUL


def _mysql_flag(x: str) -> str:
    # BIT(1) as text is a control character, and for 0 nothing at all once NULs are out.
    return (
        f"CASE HEX(CAST({x} AS BINARY)) WHEN '01' THEN '1' WHEN '00' THEN '0'"
        f" ELSE {_mysql_text(x)} END"
    )


def _sqlserver_text(x: str) -> str:
    text = f"CONVERT(nvarchar(max), {x}) COLLATE Latin1_General_100_BIN2"
    return f"LEFT(REPLACE({text}, NCHAR(0), N''), {_MOST})"


def _postgresql_number(x: str) -> str:
    text = f"substring(CAST({x} AS text) FROM '^ *([0-9]+[.][0-9]+|[0-9]+)')"
    return f"CAST({text} AS numeric)"


def _sqlserver_number(x: str) -> str:
    # A text that is no number ends the statement there, and TRY_CONVERT came with 2012.
    text = f"LTRIM(RTRIM(CONVERT(nvarchar(50), {x})))"
    return (
        f"CASE WHEN {text} LIKE N'[0-9]%' AND {text} NOT LIKE N'%[^0-9.]%'"
        f" AND {text} NOT LIKE N'%.%.%' THEN CONVERT(float, {text}) END"
    )


@dataclass(frozen=True, slots=True)
class Engine:
    """One dialect. Statements with `{seconds}` / `{ms}` get the limit of a statement, `{read_seconds}` the read's."""

    name: EngineName
    text: Callable[[str], str]  # any expression as text, exactly as stored, without NUL
    date: Callable[[str], str]  # a date or timestamp as ISO text, impossible ones included
    flag: Callable[[str], str]  # a yes/no column of any type as text
    number: Callable[[str], str]  # a column of any type as a number from 0 on, to compare by
    # Right after connecting; a setting this version doesn't know is passed over (the watch stays).
    setup: tuple[str, ...]
    # Starts one consistent, read-only view; the first that the server's version understands.
    begin: tuple[str, ...]
    end: str
    # Query that yields 1 where `begin` really gives one moment; elsewhere the read is repeated
    # until two agree. None: always.
    consistent_if: str | None = None
    # Query that yields the name of the connection's character set where it can't carry every
    # character that the server may hold: others would come as `?`, without a word. None: carries
    # all.
    narrow_charset: str | None = None
    # Query that yields 0 where `setup` has really taken the file's own views their trust; an old
    # SQLite passes over what it doesn't know. None: views run on a server, not here.
    trusts: str | None = None
    # Query that yields the names of views: what lies under them, and whether it takes part in a
    # transaction, can't be seen from here. None: everything takes part.
    views: str | None = None
    # Up to which precision a floating-point number's text has six digits (short_floats.py). None: all
    # come whole.
    short_floats: int | None = None
    key_as_text: bool = False  # keys are fetched and compared as text
    hex_in_text: bool = False  # {text:} may deliver hex (cells.without_hex)
    codec: str | None = None  # Python's name for what such bytes are; None: told from the bytes
    # Query that yields the database's own encoding where it may be one that changes how texts are
    # read (`in_encoding`). None: the server converts every text.
    encoding: str | None = None
    packs: bool = False  # a page is tried with a cell a row first (packed.py)
    at_most: str = ""  # ends what may yield rows without end, where `setup` can't bound it
    # A login without a right on the whole database is told *denied* of what isn't there, too.
    denies_what_is_missing: bool = False
    # Its usual collations do, so 'a1' refers to 'A1'; each session asks for the clients' key's own.
    keys_ignore_case: bool = False


# What a server or a connection string may have set otherwise: a lower limit of rows would cut
# results without a word, and there are modes in which '' is NULL or CHAR columns are padded.
_MYSQL_SETUP = (
    f"SET SESSION sql_select_limit = {_ASKED}",
    "SET SESSION sql_mode = ''",
    "SET SESSION lock_wait_timeout = 10",
    # A server's own limit of an idle session may be shorter than a pause between two pages.
    "SET SESSION wait_timeout = {read_seconds}",
    "SET SESSION idle_transaction_timeout = {read_seconds}",
    "SET SESSION idle_readonly_transaction_timeout = {read_seconds}",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
)
# READ ONLY came with MySQL 5.6 and MariaDB 10.0; practices run older ones.
_MYSQL_BEGIN = (
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT",
)
# MyISAM, Aria and MEMORY tables don't take part in a transaction.
_ONLY_INNODB = (
    "SELECT CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND engine <> 'InnoDB'"
)
# Before utf8mb4 (MySQL 5.5.3) no table could hold more than utf8.
_NARROW_CHARSET = (
    "SELECT CASE WHEN @@character_set_results = 'utf8mb4' OR (@@character_set_results LIKE 'utf8%'"
    " AND NOT EXISTS (SELECT 1 FROM information_schema.character_sets"
    " WHERE character_set_name = 'utf8mb4')) THEN NULL ELSE @@character_set_results END"
)
_VIEWS = (
    "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_type LIKE '%VIEW'"
)


def _mysql(name: EngineName, limit: str) -> Engine:
    """The two differ for us in how they are told the `limit` of a statement."""
    return Engine(
        name=name,
        text=_mysql_text,
        date=_mysql_text,
        flag=_mysql_flag,
        number=lambda x: f"CAST({x} AS DECIMAL(20, 4))",
        setup=(limit, *_MYSQL_SETUP),
        begin=_MYSQL_BEGIN,
        end="ROLLBACK",
        consistent_if=_ONLY_INNODB,
        narrow_charset=_NARROW_CHARSET,
        views=_VIEWS,
        denies_what_is_missing=True,
        keys_ignore_case=True,
        short_floats=7,  # FLOAT; a DOUBLE has 15
    )


ENGINES: dict[EngineName, Engine] = {
    "sqlite": Engine(
        name="sqlite",
        text=_sqlite_text,
        date=_sqlite_text,
        flag=_sqlite_text,
        number=lambda x: f"CAST({x} AS REAL)",
        # A file's views run here, as us, and the driver adds functions that read and write any file
        # of the machine: nothing of the file's own schema may call them.
        setup=(
            "PRAGMA trusted_schema = OFF",
            "PRAGMA query_only = ON",
            # Nor does a view that sorts rubbish take the disk and memory that all others' runs need.
            "PRAGMA temp_store = MEMORY",
            f"PRAGMA hard_heap_limit = {512 << 20}",
            "PRAGMA busy_timeout = 5000",
        ),
        trusts="PRAGMA trusted_schema",
        begin=("BEGIN",),
        end="ROLLBACK",
        key_as_text=True,
        hex_in_text=True,
        packs=True,
        at_most=f" LIMIT {_ASKED}",
        encoding="PRAGMA encoding",
    ),
    "postgresql": Engine(
        name="postgresql",
        text=_postgresql_text,
        date=_postgresql_text,
        flag=_postgresql_text,
        number=_postgresql_number,
        setup=(
            "SET statement_timeout = {ms}",
            "SET lock_timeout = 10000",
            "SET idle_in_transaction_session_timeout = '{read_seconds}s'",
            "SET transaction_timeout = '{read_seconds}s'",
            "SET datestyle = 'ISO, YMD'",
            "SET extra_float_digits = 1",
            "SET default_transaction_read_only = on",
        ),
        begin=("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",),
        end="ROLLBACK",
        encoding="SHOW server_encoding",
        at_most=f" LIMIT {_ASKED}",
    ),
    "mariadb": _mysql("mariadb", "SET SESSION max_statement_time = {seconds}"),
    "mysql": _mysql("mysql", "SET SESSION max_execution_time = {ms}"),
    # Not run here: no SQL Server installs on this platform without its vendor's registry.
    "sqlserver": Engine(
        name="sqlserver",
        text=_sqlserver_text,
        date=lambda x: f"CONVERT(varchar(33), {x}, 126)",
        flag=_sqlserver_text,
        number=_sqlserver_number,
        setup=("SET LOCK_TIMEOUT 10000", "SET NOCOUNT ON", f"SET ROWCOUNT {_ASKED}"),
        begin=("SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION",),
        end="IF @@TRANCOUNT > 0 ROLLBACK",
        consistent_if=(
            "SELECT CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END"
            " FROM sys.databases WHERE name = DB_NAME()"
        ),
        keys_ignore_case=True,
        short_floats=53,
    ),
}


def of_all_schemas(engine: Engine) -> Engine:
    """The engine for a connector that names its tables' schemas, which may not be the session's."""

    def widened(query: str | None) -> str | None:
        return query and query.replace(
            "table_schema = DATABASE()",
            "table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')",
        )

    return replace(engine, consistent_if=widened(engine.consistent_if), views=widened(engine.views))


def in_encoding(engine: Engine, encoding: str) -> Engine:
    """The engine for a database of that encoding, as its `encoding` query says it."""
    name = encoding.upper()
    if engine.name == "sqlite" and name.startswith("UTF-16"):  # marks of packed.py are no UTF-16
        return replace(engine, packs=False, codec=f"{name[:6]}-{name[6:]}".casefold())
    if engine.name != "postgresql" or name in {"UTF8", "LATIN1"}:  # every text can be converted
        return engine
    codec = None
    if name != "SQL_ASCII":  # whatever programs wrote
        try:
            codec = codecs.lookup(re.sub("^WIN", "cp", name)).name
        except LookupError:
            return engine
    hexed = _postgresql_hex_text
    return replace(engine, text=hexed, date=hexed, flag=hexed, hex_in_text=True, codec=codec)


def engine_of(dbms_name: str, dbms_version: str) -> EngineName | None:
    """Which dialect a connection speaks, from SQL_DBMS_NAME and SQL_DBMS_VER; None: unknown."""
    name = dbms_name.casefold()
    if "mariadb" in name or "mariadb" in dbms_version.casefold():
        return "mariadb"
    for word, engine in _WORDS.items():
        if word in name:
            return engine
    return None


_WORDS: dict[str, EngineName] = {
    "sqlite": "sqlite",
    "postgres": "postgresql",
    "mysql": "mysql",
    "sql server": "sqlserver",
}
