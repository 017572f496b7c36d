"""`vet-pipeline practice set`: what may differ between practices, changed by a named person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, PracticeId
from vet_pipeline.cli.output import emit, table
from vet_pipeline.cli.practice import as_data, as_typed, practices_app
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import about

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.registry.practices import Practice

_EXAMPLE = """
**Examples**

`vet-pipeline practice set oak-creek thresholds.missing_percent=20 --by "Dana Field"`

`vet-pipeline practice set oak-creek matching.link_bits=9 matching.pet_link_bits=9 --by "Dana Field"`

`vet-pipeline practice set oak-creek weight_unit_when_missing= --by "Dana Field"` (the default again)

**Settings**

`thresholds.` missing_percent, newly_deceased_percent, emails_changed_percent, new_percent,
unkeyed_percent, earlier_percent, floor, ask_from

`matching.` link_bits, possible_bits, pet_link_bits, pet_possible_bits, accept_drift

`reader.limits.` as in the connector, such as page_rows, rows_per_second

weight_unit_when_missing, phone_region, date_order

deceased_words, alive_words, blank_dates (deceased_words="D, euth": beside the connector's)

`headers.` which header of an export is a column's (headers.clients.client_key="Account No")

`parted.` numbers that are another's for good (`link part` sets them; parted.client.C17= takes it back)

docs/review.md says what each of them means.
"""


@practices_app.command("set", epilog=_EXAMPLE)
def change(
    practice: PracticeId,
    assignments: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE", help="Nothing after = takes back the default."),
    ],
    by: By,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Change settings of a practice; they hold from the next run on."""
    with opened(home) as session:
        from vet_pipeline.pims.connector import load_connector
        from vet_pipeline.registry import practices
        from vet_pipeline.registry.practice_settings import changed
        from vet_pipeline.scriptright.postgres.database import lock_practice

        with about(practice), session.transaction("ops", practice) as connection:
            lock_practice(connection, practice)  # nobody else changes them in between
            now = practices.get(connection, practice)
            settings = changed(now.settings, assignments)
            connector = load_connector(now.pims)
            connector.limits.with_overrides(settings.reader.limits)
            connector.file.require_columns(settings.headers)
            after = practices.change_settings(connection, practice, settings, by=by)
    is_copied = after.applied_seq is not None
    is_other = is_copied and after.settings.how_written() != now.settings.how_written()

    def render(out: Console) -> None:
        _print(out, after)
        if is_other:
            out.print(
                "what was copied stays as it was read then; to see what would be another value:"
            )
            out.print(
                f"next: vet-pipeline run {practice}, then vet-pipeline review misread {practice}"
            )

    emit(as_json, as_data(after), render)


def _print(out: Console, practice: Practice) -> None:
    from vet_pipeline.registry.practice_settings import as_lines

    lines = sorted(as_lines(practice.settings).items())
    if not lines:
        out.print(f"{practice.practice_id}: all settings are the defaults")
        return
    rows = [(name, as_typed(value)) for name, value in lines]
    out.print(table(f"{practice.practice_id}: what isn't the default", ("setting", "value"), rows))
