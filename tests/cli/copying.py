"""The core job for tests whose subject is not Dagster."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import CommandLine
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline import job
from vet_pipeline.cli.session import opened
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.load.apply import LoadResult, apply_delta


def copy(command: CommandLine, *, told: ToldMatcher | None = None) -> LoadResult:
    """What `run elm` does, without Dagster: some ten seconds quicker. `told`: the matcher."""
    with opened(command.home) as session:
        engine, store = session.engine, session.store
        with session.connected("load", "elm") as connection:
            practice = practices.get(connection, "elm")
        if told is None:
            return job.run_core_job(engine, store, practice)
        manifest = job.read_step(engine, store, practice)
        job.normalize_step(engine, store, manifest, "client")
        job.normalize_step(engine, store, manifest, "pet")
        delta = job.delta_step(engine, store, manifest)
        return apply_delta(engine, delta, run_id=None, match=told)


def add_exports(command: CommandLine) -> Path:
    """Register `elm`, read from a folder of exports that are taken at once; returns the folder."""
    place = command.home / "exports"
    place.mkdir()
    said = command(
        *("practice", "add", "elm", "--name", "Elm Vets", "--pims", "csv"),
        *("--by", "Dana Field"),
        *("--odbc", f"FOLDER={place}", "--email", "desk@elm.example.com"),
        *("--timezone", "America/Chicago"),
    )
    assert said.exit_code == 0, said.stderr
    command("practice", "set", "elm", "reader.limits.settle_seconds=0", "--by", "Dana Field")
    return place
