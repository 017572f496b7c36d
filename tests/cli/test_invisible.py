"""Characters that nobody can see: no change of a name, and shown where a record has them."""

from __future__ import annotations

import json

from tests.cli.conftest import CommandLine
from tests.cli.pims import BELL, REX, change, make_pims
from vet_pipeline.cli.output import to_json, visible


def test_pets_whose_names_look_the_same_are_not_renamed(command: CommandLine) -> None:
    command.add_practice()
    spelled = {"P1": "Rex\u3164", "P2": "R\u034fex", "P3": "Rex\U000e0041", "P4": "Re\ufe0fx"}
    make_pims(command.pims, [BELL], [{**REX, "patient_key": key} for key in spelled])
    command("run", "elm")
    for key, name in spelled.items():
        where = "UPDATE vetpipeline_patients SET name = ? WHERE patient_key = ?"
        change(command.pims, where, name, key)
    change(
        command.pims, "UPDATE vetpipeline_patients SET breed = 'Beagle' WHERE patient_key = 'P1'"
    )
    assert command("run", "elm").exit_code == 0
    asked = command("review", "list", "elm", "--json").data["suggestions"]
    assert [(one["pims_id"], one["field"]) for one in asked] == [("P1", "breed")], "it was read"


def test_what_nobody_can_see_is_written_out() -> None:
    assert visible("Rex\u3164 R\u034fex \u2800\ufe0f") == r"Rex\u3164 R\u034fex \u2800\ufe0f"
    assert visible("Rex\U000e0041") == r"Rex\udb40\udc41"
    assert json.loads(to_json({"name": "Rex\U000e0041"})) == {"name": "Rex\U000e0041"}
