"""Characters that nobody can see: no change of a name, and shown where a record has them."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.pims import change
from vet_pipeline.cli.output import to_json, visible


@pytest.mark.parametrize("spelled", ["Rex\u3164", "R\u034fex", "Rex\U000e0041", "Re\ufe0fx"])
def test_a_pet_whose_name_looks_the_same_is_not_renamed(command: CommandLine, spelled: str) -> None:
    command.add_practice()
    command("run", "elm")
    change(command.pims, "UPDATE vetpipeline_patients SET name = ?", spelled)
    assert command("run", "elm").exit_code == 0
    assert command("review", "list", "elm", "--json").data["suggestions"] == []


def test_what_nobody_can_see_is_written_out() -> None:
    assert visible("Rex\u3164 R\u034fex \u2800\ufe0f") == r"Rex\u3164 R\u034fex \u2800\ufe0f"
    assert visible("Rex\U000e0041") == r"Rex\udb40\udc41"
    assert json.loads(to_json({"name": "Rex\U000e0041"})) == {"name": "Rex\U000e0041"}
