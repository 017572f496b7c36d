"""`vet-pipeline link part`: a PIMS row is another's for good, under the number that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vet_pipeline.cli.link import Kind, PimsId, link_app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, PracticeId, example
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.session import opened

if TYPE_CHECKING:
    from rich.console import Console


@link_app.command("part", epilog=example('link part oak-creek client C17 --by "Dana Field"'))
def part(
    practice: PracticeId,
    kind: Kind,
    pims_id: PimsId,
    by: By,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Another's for good: from the next run on the row is a newcomer's, the record keeps what it has.

    For a row in question whose practice can't give the newcomer a number of its own. Its number gets
    a mark (C17~2), as the owner of pets, too; what it had fed is then fed by nobody.
    """
    with opened(home) as session:
        from vet_pipeline.registry import practices
        from vet_pipeline.registry.practice_settings import parted
        from vet_pipeline.scriptright.decisions.links import require_anothers, still_said
        from vet_pipeline.scriptright.postgres.database import lock_practice

        with session.records_of(practice) as connection:
            record_id = require_anothers(connection, practice, kind, pims_id)
            left = still_said(connection, practice, kind, pims_id, record_id)
        with session.transaction("ops", practice) as connection:
            lock_practice(connection, practice)  # nobody else changes the settings in between
            now = practices.get(connection, practice).settings
            after, new_id = parted(now, kind, pims_id)
            practices.change_settings(connection, practice, after, by=by)

    def render(out: Console) -> None:
        from vet_pipeline.scriptright.decisions.candidate_list import as_typed, how_to_look
        from vet_pipeline.scriptright.records.identity import Pair

        back = as_typed("practice set", [practice, setting], "--by NAME")
        joined = how_to_look(practice, Pair(kind, new_id, record_id))
        out.print(
            f"from the next run on PIMS {kind} {pims_id} is read as {new_id}, a newcomer;"
            f" {kind} {record_id} keeps what it has"
        )
        if left:
            out.print(
                f"mind: it still says what {kind} {record_id} has ({', '.join(left)}), which would be the"
                " newcomer's, too: isn't it typed whole yet? Take this back, and part it then"
            )
        out.print(f"then reject what is asked of it: {review} --state open")
        out.print(f"next: vet-pipeline run {practice}")
        out.print(f"were it a slip: {back}; once it was run: {joined}")

    known, _, _ = new_id.rpartition("~")
    setting = f"parted.{kind}.{known}="
    review = f"vet-pipeline review list {practice} --record {kind} --id {record_id}"
    told = {"record": kind, "pims_id": pims_id, "record_id": record_id, "read_as": new_id}
    emit(as_json, {"practice": practice, **told, "still_said": left}, render)
