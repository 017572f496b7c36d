"""`vet-pipeline policy`: the field policy, printed from the one place it is written in."""

from __future__ import annotations

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import AsJson
from vet_pipeline.cli.output import emit, table
from vet_pipeline.policy import FIELDS, LaterChange

LATER_IN_WORDS = {
    LaterChange.AUTOMATIC: "automatic",
    LaterChange.MANUAL: "waits for a person",
    LaterChange.ATTESTED: "waits for a person, who states that it is the same animal",
}


@app.command("policy")
def policy(as_json: AsJson = False) -> None:
    """What is copied, and what a later change in the PIMS may do by itself."""
    fields = [
        {
            "record": field.record,
            "field": field.name,
            "label": field.label,
            "first_load": "copied",
            "later": field.later.value,
            "columns": list(field.columns),
        }
        for field in FIELDS
    ]
    rows = [(field.label, "copied", LATER_IN_WORDS[field.later]) for field in FIELDS]
    columns = ("field", "first load, new record", "later change in the PIMS")
    emit(as_json, {"fields": fields}, lambda out: out.print(table("Policy", columns, rows)))
