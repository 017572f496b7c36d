"""The core job, step by step, without Dagster: read, normalize, compare, guard, apply.

Assets call one step each; benchmarks and tests call all of them. Every step takes its input from
the snapshot store or ScriptRight and leaves its result there, so each can be repeated alone.
Packages are imported in the steps that need them: in a fresh process the PIMS is asked first.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from vet_pipeline.errors import StaleDelta
from vet_pipeline.policy import RECORDS

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.deltas.delta import Delta
    from vet_pipeline.deltas.stage import RecordStage
    from vet_pipeline.guards_opinion import Opinion
    from vet_pipeline.pims.parts import Progress
    from vet_pipeline.pims.reader import ReadOptions
    from vet_pipeline.policy import Record
    from vet_pipeline.registry.practices import Practice
    from vet_pipeline.scriptright.load.ledger import LoadResult
    from vet_pipeline.snapshots.manifest import Manifest
    from vet_pipeline.snapshots.store import SnapshotStore


def read_step(
    engine: Engine,
    store: SnapshotStore,
    practice: Practice,
    *,
    progress: Progress | None = None,
    accept_shape: bool = False,
) -> Manifest:
    """One consistent read of the practice's PIMS into the store, under the next number.

    Its times are the database's. `accept_shape`: a person accepts a column that was retyped since
    the one that was applied last, and an export that is cut or older than that; else they stop the
    read. A paused or offboarded practice isn't read (PracticeStateRefuses). A failed read leaves no
    snapshot, only a number that is never used.
    """
    from vet_pipeline.memory import release_freed
    from vet_pipeline.pims.connector import load_connector
    from vet_pipeline.pims.reader import manifest_conventions, read_snapshot
    from vet_pipeline.registry.offboarding import refuse_if_offboarded
    from vet_pipeline.registry.pausing import require_active
    from vet_pipeline.scriptright.records import baseline
    from vet_pipeline.scriptright.trail.audit_heads import refuse_if_set_back
    from vet_pipeline.snapshots.beside import ReadBy, documents, write_hashes
    from vet_pipeline.snapshots.manifest import Manifest

    practice_id = practice.practice_id
    refuse_if_offboarded(practice)
    refuse_if_set_back(engine, practice_id)
    require_active(engine, practice)
    options = _read_options(engine, store, practice, accept_shape=accept_shape)
    seq = baseline.next_snapshot_seq(engine, practice_id, after=store.latest(practice_id))
    ahead = baseline.clock_ahead(engine)
    connector = load_connector(practice.pims)
    threading.Thread(target=_load_packages, name="packages", daemon=True).start()
    raw = read_snapshot(connector, practice.odbc_string(), options=options, progress=progress)
    about = Manifest(
        practice_id=practice_id,
        seq=seq,
        pims=practice.pims,
        connector_version=connector.version,
        read_started_at=raw.started_at + ahead,
        read_finished_at=raw.finished_at + ahead,
        files={},
        schema_fingerprint=raw.fingerprint,
        source_schema=raw.source_schema,
        conventions=manifest_conventions(practice.settings.conventions(raw.conventions)),
        notes=raw.notes,
    )
    by = ReadBy(practice.source, connector.digest, practice.settings.how_written())
    beside = documents(by, raw.exports)
    manifest = store.write_snapshot(about, raw.tables.clients, raw.tables.patients, beside=beside)
    write_hashes(store, practice_id, seq, raw.tables.hashes())
    read = manifest.files["raw_clients"].rows
    accepted = raw.source_schema if accept_shape else None
    baseline.note_read(engine, practice, clients=read, accepted=accepted)
    del raw
    release_freed()
    return manifest


def _read_options(
    engine: Engine, store: SnapshotStore, practice: Practice, *, accept_shape: bool
) -> ReadOptions:
    """How gently to read, and the columns' types and exports' dates of before to compare with."""
    from vet_pipeline.pims.reader import ReadOptions
    from vet_pipeline.scriptright.records import baseline
    from vet_pipeline.snapshots.beside import kept_exports
    from vet_pipeline.snapshots.shape import shape_in_store

    practice_id = practice.practice_id
    exports = baseline.applied_exports(engine, practice_id)
    shape = None  # a first copy, and what a person has accepted, is held to no columns
    if not accept_shape and practice.applied_seq is not None:
        shape = shape_in_store(store, practice_id, baseline.known_shape(engine, practice_id))
    return ReadOptions(
        limits=practice.settings.reader.limits,
        expected_schema=shape or {},
        applied_exports=kept_exports(store, practice_id, practice.applied_seq, exports),
        accept_shape=accept_shape,
        headers=practice.settings.headers,
        parted=practice.settings.parted,
        practice_id=practice_id,
    )


def _load_packages() -> None:
    """Import what the steps after the read need: in a fresh process, while the PIMS answers."""
    from vet_pipeline import stages  # noqa: F401
    from vet_pipeline.deltas import build  # noqa: F401
    from vet_pipeline.matching import run  # noqa: F401
    from vet_pipeline.normalize import phone_plan  # noqa: F401
    from vet_pipeline.scriptright.load import apply  # noqa: F401


def normalize_step(
    engine: Engine, store: SnapshotStore, manifest: Manifest, record: Record
) -> RecordStage:
    """Normalize the rows that differ from the baseline as it is now, and store the stage."""
    from vet_pipeline.deltas.stage import normalize_stage
    from vet_pipeline.memory import release_freed
    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.records import baseline
    from vet_pipeline.snapshots.beside import remove_hashes
    from vet_pipeline.stages import RAW_KIND, open_raw, save_stage

    practice_id, seq = manifest.practice_id, manifest.seq
    raw = open_raw(store, practice_id, seq, record)
    with connected(engine, "load", practice_id) as connection:
        # Its number first: a load that commits in between makes the stage stale, never mislabelled.
        baseline_seq = baseline.applied_seq(connection, practice_id)
        known = baseline.read_hashes(connection, practice_id, record)
    stage = normalize_stage(
        record,
        raw,
        known,
        baseline_seq=baseline_seq,
        conventions=Conventions.from_json(manifest.conventions),
        read_on=manifest.read_started_at.date(),
    )
    save_stage(store, practice_id, seq, stage, raw)
    remove_hashes(store, practice_id, seq, RAW_KIND[record])
    del raw
    release_freed()
    return stage


def delta_step(engine: Engine, store: SnapshotStore, manifest: Manifest) -> Delta:
    """Compare the normalized tables with the baseline, field by field, and store the delta.

    Tables normalized against a baseline that has moved since, or by another release, are
    normalized again first.
    """
    from vet_pipeline.deltas.build import StagedTable, build_delta
    from vet_pipeline.memory import release_freed
    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.scriptright.postgres.roles import connected
    from vet_pipeline.scriptright.records import baseline
    from vet_pipeline.stages import identity_of, read_chosen, save_delta

    practice_id, seq = manifest.practice_id, manifest.seq
    with connected(engine, "load", practice_id) as connection:
        now = baseline.applied_seq(connection, practice_id)
    clients, pets = (_current_stage(engine, store, manifest, r, now) for r in RECORDS)
    if clients.baseline_seq != pets.baseline_seq:
        raise StaleDelta(
            f"a load was applied while snapshot {seq} was compared",
            next_step=f"vet-pipeline run {practice_id}",
            practice_id=practice_id,
        )
    with connected(engine, "load", practice_id) as connection:
        wanted = [] if now is None else pets.owners_to_look_up()  # a first load knows nobody
        known_client_ids = baseline.read_client_ids(connection, practice_id, wanted)
        tables = [
            StagedTable(
                stage,
                partial(read_chosen, store, practice_id, seq, stage),
                baseline.read_rows(connection, practice_id, stage.record, stage.changed_ids()),
            )
            for stage in (clients, pets)
        ]
    delta = build_delta(
        identity_of(manifest),
        *tables,
        known_client_ids=known_client_ids,
        conventions=Conventions.from_json(manifest.conventions),
    )
    save_delta(store, delta)
    release_freed()
    return delta


def guard_step(engine: Engine, practice: Practice, delta: Delta) -> Opinion:
    """What the guards say (`guards_opinion.look_at`); breaches are recorded as a hold."""
    from vet_pipeline.guards_opinion import look_at
    from vet_pipeline.scriptright.decisions import holds

    opinion = look_at(engine, practice, delta)
    if opinion.breaches:
        holds.hold(engine, practice.practice_id, delta.snapshot.seq, opinion.breaches)
    return opinion


def apply_step(
    engine: Engine,
    store: SnapshotStore,
    practice: Practice,
    manifest: Manifest,
    *,
    run_id: str | None = None,
) -> LoadResult:
    """Apply the stored delta of the snapshot in one transaction.

    The guards are looked at again here, so a snapshot can't be applied past them by
    materializing the last asset alone. Raises SnapshotHeld, StaleDelta, LoadInProgress.
    """
    from vet_pipeline.at_hand import require_own_pims
    from vet_pipeline.memory import release_freed
    from vet_pipeline.registry.offboarding import refuse_if_offboarded
    from vet_pipeline.registry.pausing import refuse_if_forgotten
    from vet_pipeline.scriptright.decisions import holds
    from vet_pipeline.scriptright.load.apply import apply_delta
    from vet_pipeline.scriptright.postgres.failpoints import ACKNOWLEDGED, reach
    from vet_pipeline.scriptright.trail.audit_heads import refuse_if_set_back
    from vet_pipeline.stages import load_delta

    refuse_if_offboarded(practice)
    refuse_if_set_back(engine, practice.practice_id)
    refuse_if_forgotten(engine, practice.practice_id)
    require_own_pims(store, practice, manifest)
    delta = load_delta(store, manifest)
    release_freed()
    breaches, delta = guard_step(engine, practice, delta)
    if breaches:
        raise holds.held(practice.practice_id, manifest.seq, breaches)
    match = practice.settings.matching
    done = apply_delta(engine, delta, run_id=run_id, match=match.matcher(), watch=match.watch())
    reach(ACKNOWLEDGED)
    return done


def compare(
    engine: Engine, store: SnapshotStore, practice: Practice, *, progress: Progress | None = None
) -> tuple[Manifest, Delta]:
    """The steps up to the delta: of the snapshot that a person has released, else of a new one."""
    from vet_pipeline.at_hand import released_manifest

    released = released_manifest(engine, store, practice.practice_id)
    manifest = released or read_step(engine, store, practice, progress=progress)
    for record in RECORDS:
        normalize_step(engine, store, manifest, record)
    return manifest, delta_step(engine, store, manifest)


def run_core_job(engine: Engine, store: SnapshotStore, practice: Practice) -> LoadResult:
    """The whole job for one practice, in this process, without Dagster."""
    manifest = compare(engine, store, practice)[0]  # the delta goes: 70 MB of 100,000 clients
    return apply_step(engine, store, practice, manifest)


def _current_stage(
    engine: Engine, store: SnapshotStore, manifest: Manifest, record: Record, baseline: int | None
) -> RecordStage:
    from vet_pipeline.stages import load_stage

    stage = load_stage(store, manifest.practice_id, manifest.seq, record)
    return stage if stage.is_current(baseline) else normalize_step(engine, store, manifest, record)
