"""The suites, one per asset, built from the contract, the normalizing rules and the field policy.

A single bad row is quarantined by normalizing, with its reason. What a suite finds is a table that
can't be right as a whole, or a rule of ours that did not hold: both stop the practice's run.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from expectations.gx import great_expectations

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

# A raw column that is bad in more rows than this is a broken read, not a few bad rows.
BAD_SHARE = 0.05
# As for the guards of docs/rules.md section 6: fewer rows than this never trigger a percentage.
FLOOR = 25

# How a list of pairs of texts begins, as snapshots/contract.py has it; a cut one isn't JSON.
_PAIRS = r"^\s*(?:\[\s*(?:\[\s*(?:[\"n]|$)|\]|$)|null\s*$)"

Expectations = list["Expectation"]


def raw_table(kind: str, *, rows: int) -> Expectations:
    """Raw `clients` or `patients`: exactly the contract's columns; the store sees to text.

    Rows without a key of their own are the guards', whose hold a person can release.
    """
    from vet_pipeline.snapshots.contract import RAW_COLUMNS

    gxe, _ = _words()
    columns = RAW_COLUMNS[kind]
    found: Expectations = [gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(columns))]
    if "phones" in columns:
        mostly = good_share(rows)
        found += [
            gxe.ExpectColumnValuesToBeJsonParseable(column="phones", mostly=mostly),
            # A bare number is JSON, too.
            gxe.ExpectColumnValuesToMatchRegex(column="phones", regex=_PAIRS, mostly=mostly),
        ]
    return found


def good_share(rows: int) -> float:
    """The share of rows that must be good; 0 where fewer than FLOOR bad ones make up the rest."""
    return 0.0 if rows < FLOOR else min(1 - BAD_SHARE, 1 - (FLOOR - 1) / rows)


def normalized_clients() -> Expectations:
    """clients: typed columns, unique ids, and what later steps rely on."""
    from vet_pipeline.normalize.columns import CLIENT_SCHEMA

    gxe, _ = _words()
    return [
        *_columns_and_key(CLIENT_SCHEMA.names),
        *_tidy_text([f.name for f in CLIENT_SCHEMA if str(f.type) == "string"]),
        gxe.ExpectColumnValuesToNotBeNull(column="po_box"),
        gxe.ExpectColumnValuesToBeJsonParseable(column="phones"),
        # One @ with something on either side, as the database asks too; the rest is normalizing's.
        gxe.ExpectColumnValuesToMatchRegex(column="email", regex=r"^[^@\s]+@[^@\s]+$"),
    ]


def normalized_pets(read_on: date) -> Expectations:
    """pets: typed columns, unique ids, possible dates, weights with their unit."""
    from vet_pipeline.normalize.columns import PET_SCHEMA
    from vet_pipeline.normalize.dates import AHEAD, EARLIEST
    from vet_pipeline.normalize.weights import HEAVIEST_KG, KILOGRAMS

    gxe, column = _words()
    dates = [f.name for f in PET_SCHEMA if str(f.type).startswith("date")]
    not_weighed = column("weight_value").is_null()
    return [
        *_columns_and_key(PET_SCHEMA.names),
        *_tidy_text([f.name for f in PET_SCHEMA if str(f.type) == "string"]),
        *(
            gxe.ExpectColumnValuesToBeBetween(
                column=name, min_value=EARLIEST, max_value=read_on + AHEAD
            )
            for name in dates
        ),
        gxe.ExpectColumnValuesToBeBetween(column="weight_value", min_value=0, strict_min=True),
        gxe.ExpectColumnValuesToBeBetween(
            column="weight_kg", min_value=0, strict_min=True, max_value=float(HEAVIEST_KG)
        ),
        gxe.ExpectColumnValuesToBeInSet(column="weight_unit", value_set=[*KILOGRAMS, "unknown"]),
        *(
            gxe.ExpectColumnValuesToBeNull(column=name, row_condition=not_weighed)
            for name in ("weight_unit", "weight_kg", "weighed_on")
        ),
    ]


def change_deltas() -> Expectations:
    """change_deltas: only fields of the policy, and nothing manual ever applied by itself."""
    from vet_pipeline.deltas.delta import CHANGE_COLUMNS
    from vet_pipeline.policy import FIELDS

    gxe, column = _words()
    records = sorted({field.record for field in FIELDS})
    found: Expectations = [
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(CHANGE_COLUMNS)),
        *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in CHANGE_COLUMNS),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["record", "pims_id", "field"]),
        gxe.ExpectColumnValuesToBeInSet(column="record", value_set=records),
        gxe.ExpectColumnValuesToBeJsonParseable(column="old"),
        gxe.ExpectColumnValuesToBeJsonParseable(column="new"),
    ]
    for record in records:
        mine = [field for field in FIELDS if field.record == record]
        manual = [field.name for field in mine if not field.is_automatic]
        found += [
            gxe.ExpectColumnValuesToBeInSet(
                column="field",
                value_set=[f.name for f in mine],
                row_condition=column("record") == record,
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="action",
                value_set=["suggest", "keep"],
                row_condition=(column("record") == record) & column("field").is_in(manual),
            ),
        ]
    return [*found, gxe.ExpectColumnValuesToBeInSet(column="action", value_set=_ACTIONS)]


def ledger() -> Expectations:
    """scriptright_records: the practice's ledger, each snapshot once and never out of order."""
    gxe, column = _words()

    applied = column("state") == "applied"
    return [
        gxe.ExpectColumnValuesToBeUnique(column="snapshot_seq"),
        gxe.ExpectColumnValuesToBeUnique(column="snapshot_hash"),
        gxe.ExpectColumnValuesToBeInSet(column="state", value_set=["applied", "superseded"]),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="snapshot_seq",
            column_B="baseline_seq",
            ignore_row_if="either_value_is_missing",
            row_condition=applied,
        ),
        gxe.ExpectColumnValuesToBeIncreasing(column="snapshot_seq", row_condition=applied),
        gxe.ExpectColumnValuesToBeBetween(column="smallest_count", min_value=0),
    ]


_ACTIONS = ["apply", "suggest", "keep"]


def _words() -> tuple[Any, Any]:
    """The expectation classes, and what a row condition begins with."""
    expectations = great_expectations().expectations
    return expectations, expectations.row_conditions.Column


def _columns_and_key(columns: Sequence[str]) -> Expectations:
    gxe, _ = _words()

    return [
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(columns)),
        gxe.ExpectColumnValuesToNotBeNull(column=columns[0]),
        gxe.ExpectColumnValuesToBeUnique(column=columns[0]),
    ]


def _tidy_text(columns: Sequence[str]) -> Expectations:
    """NA or trimmed text without control characters, never empty: normalize/columns.py."""
    gxe, _ = _words()

    tidy = r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
    return [gxe.ExpectColumnValuesToMatchRegex(column=name, regex=tidy) for name in columns]
