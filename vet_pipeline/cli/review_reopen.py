"""`vet-pipeline review reopen`: suggestions that were rejected by a slip are open again."""

from __future__ import annotations

from vet_pipeline.cli.decided import finish, reached
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, PracticeId, example
from vet_pipeline.cli.review import Ids, review_app
from vet_pipeline.cli.session import opened


@review_app.command("reopen", epilog=example('review reopen oak-creek 19 --by "Dana Field"'))
def reopen(
    practice: PracticeId, numbers: Ids, by: By, home: Home = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """Take back a no: it waits again, as long as the PIMS still says that value."""
    numbers = list(dict.fromkeys(numbers))
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import reopening

        each = reopening.reopen_many(session.engine, practice, numbers, by=by)
        outcomes = reached(as_json, practice, numbers, each)
    finish(as_json, practice, outcomes)
