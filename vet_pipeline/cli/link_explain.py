"""`vet-pipeline link explain`: why two records are, or may be, one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.explained import print_explained
from vet_pipeline.cli.link import link_app
from vet_pipeline.cli.options import (
    DEFAULT_HOME,
    AsJson,
    Home,
    PracticeId,
    example,
    number,
    question,
)
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.session import opened
from vet_pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from vet_pipeline.policy import Record


@link_app.command(
    "explain",
    epilog=example(
        "link explain oak-creek 3", "link explain oak-creek Q5",
        "link explain oak-creek client C17 --with 42",
    ),
)  # fmt: skip
def explain(
    practice: PracticeId,
    which: Annotated[
        str,
        typer.Argument(
            metavar="NUMBER|client|pet", help="As `link list` shows, or what the PIMS-ID is of."
        ),
    ],
    pims_id: Annotated[
        str | None, typer.Argument(metavar="PIMS-ID", help="The record's id in the PIMS.")
    ] = None,
    record_id: Annotated[
        int | None,
        typer.Option(
            "--with", metavar="ID", parser=number, help="The ScriptRight record to compare."
        ),
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Why two records are, or may be, one: field by field. Shows client data on your screen."""
    find = _pair(which, pims_id, record_id)
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import links

        with session.records_of(practice) as connection:
            record, pims_id, record_id = find(connection, practice)
            told = links.explain(connection, practice, record, pims_id, record_id=record_id)
    emit(as_json, asdict(told), lambda out: print_explained(out, practice, told))


def _pair(
    which: str, pims_id: str | None, record_id: int | None
) -> Callable[[Connection, str], tuple[Record, str, int | None]]:
    """How the pair that is meant is found, once connected; UsageError where that isn't clear."""
    if which in ("client", "pet") and pims_id is not None:
        record: Record = "client" if which == "client" else "pet"
        return lambda _connection, _practice: (record, pims_id, record_id)
    if pims_id is not None or record_id is not None or which in ("client", "pet"):
        raise UsageError(
            "which pair to explain isn't clear",
            next_step="give a number of `link list`, or client or pet with the PIMS's id",
        )
    is_question = which[:1] in ("Q", "q")
    try:
        asked = question(which) if is_question else number(which)
    except typer.BadParameter as error:
        raise UsageError(error.message, next_step="see `link list`") from None

    def find(connection: Connection, practice: str) -> tuple[Record, str, int | None]:
        from vet_pipeline.scriptright.decisions import links

        get = links.get_link_review if is_question else links.get_candidate
        return get(connection, practice, asked).pair

    return find
