"""By which rules a process works: those that it has read, whatever lies on the disk by now."""

from __future__ import annotations

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from vet_pipeline.normalize import version


def started(room: Path) -> ModuleType:
    """version.py as a process has it that starts with this source."""
    spec = spec_from_file_location("version_of_a_room", room / "version.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_release_put_in_place_during_a_run_does_not_pass_for_the_rules_it_works_by(
    tmp_path: Path,
) -> None:
    """Else what the old rules have normalized is compared by the new ones, once the run is retried."""
    room = shutil.copytree(Path(version.__file__).parent, tmp_path / "normalize")
    under_way = started(room)
    with (room / "deceased.py").open("a") as source:
        source.write("# another rule\n")
    assert under_way.rules_in_force() == version.rules_in_force()
    assert started(room).rules_in_force() != version.rules_in_force()
