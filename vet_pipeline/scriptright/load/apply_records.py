"""New ScriptRight records and baseline rows, and links to existing ones.

Clients come before pets: a pet needs its owner's link. Set-based; only the values of records
that are merged into existing ones are looked at one by one (merge.py).
"""

from __future__ import annotations

import json

from sqlalchemy import text

from vet_pipeline.errors import DatabaseRefused, StaleDelta
from vet_pipeline.policy import FIELD, RECORDS, Record
from vet_pipeline.scriptright.load.apply_staging import (
    RAW_STAGED,
    VALUE_COLUMNS,
    LoadInHand,
    Match,
)
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.load.taken import set_pets_aside
from vet_pipeline.scriptright.load.told_before import (
    Missing,
    merge_beside,
    missing_beside,
    shadow_beside,
)
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.writes import Row


def settle_newcomers(load: LoadInHand, record: Record, writes: PendingWrites) -> None:
    """Link or create every new and waiting record of one kind that isn't a person's question."""
    aside = set_pets_aside(load) if record == "pet" else []
    matched = [m.pims_id for m in load.matched(record)] + aside
    kind = load.side(record).kind
    numbered = int((kind == "new").sum())
    if matched:
        numbered -= load.run(_KNOWN[record], matched=matched)
    waited = 0
    if (kind == "waiting").any():
        waited = load.run(_NUMBER_WAITING[record], matched=matched)
    if record == "pet":
        numbered -= load.run(_WITH_OWNER)
    created = load.run(_CREATE[record])
    if created < numbered + waited:  # of pets: those without an owner were quarantined before
        raise StaleDelta(
            f"{numbered + waited - created} new pets of the delta have an owner that ScriptRight"
            " never took in",
            next_step="compute the delta of this snapshot again",
            practice_id=load.practice_id,
        )
    load.run(_TAKE_IN[record])
    if waited:
        load.run(_SETTLE_WAITING[record])
    load.counts[f"{record}s_new"] += created
    _link_to_existing(load, record, writes)


def _link_to_existing(load: LoadInHand, record: Record, writes: PendingWrites) -> None:
    """Links the matcher is sure of: values merge by docs/rules.md, 2, each with its trace."""
    found = load.matched(record, "linked")
    load.counts[f"{record}s_linked"] += len(found)
    if not found:
        return
    pims_rows = load.said(record, {match.pims_id for match in found})
    order = {pims_id: n for n, pims_id in enumerate(pims_rows)}
    homes = {match.home_id for match in found}
    writes.read(record, homes)
    beside = _missing_beside(load, record, homes)
    links = []
    for match in sorted(found, key=lambda match: order[match.pims_id]):
        pims, missing = pims_rows[match.pims_id], beside.get(match.home_id, [])
        shadow = _merge_into(load, writes, match, pims, missing)
        links.append(
            (match.pims_id, match.home_id, match.score, match.evidence, json.dumps(shadow))
        )
    columns = (list(cells) for cells in zip(*links, strict=True))
    given = dict(zip(("ids", "records", "scores", "evidence", "shadows"), columns, strict=True))
    linked = load.run(_LINK[record], model_version=load.model_version, **given)
    if linked != len(links):
        raise DatabaseRefused(
            f"{len(links) - linked} PIMS {record}s would feed two records",
            next_step="nothing was changed; report this with the snapshot number",
            practice_id=load.practice_id,
        )
    if record == "client" and not load.delta.is_first_load:
        for asked in load.fetch(_OWNED_ALREADY, ids=given["ids"]):
            writes.answered(FIELD["pet", "owner"], asked.record_id, asked.pims_id)


def _merge_into(
    load: LoadInHand, writes: PendingWrites, match: Match, pims: Row, missing: list[Missing]
) -> Shadow:
    """What a link writes and asks, by merge.py's rules; returns the shadow that stays with it."""
    record, home_id = match.record, match.home_id
    home = writes.row(record, home_id)
    shadow = shadow_beside(record, home, pims, missing)
    for one in missing:
        for name in one.asked:
            writes.answered(FIELD[record, name], home_id, one.pims_id)
    for verdict in merge_beside(record, home, pims, missing):
        field, new = verdict.field, verdict.new
        if verdict.writes:
            writes.write(field, home_id, new, cause="merge_fill", via=match.pims_id)
            load.counts["merge_fills"] += 1
        elif verdict.outcome == "suggest":
            writes.suggest(verdict.question(home_id, match.pims_id, load.load_id))
    return shadow


def _missing_beside(load: LoadInHand, record: Record, homes: set[int]) -> dict[int, list[Missing]]:
    if load.delta.is_first_load:
        return {}
    return missing_beside(load.connection, load.practice_id, record, homes, load.delta.conventions)


# What the matcher is sure of. The newcomer's row is in the baseline by then.
_LINK = of_each("""
    UPDATE scriptright.pims_{record} b
    SET record_id = m.record_id, link_method = 'machine', link_score = m.score,
        link_evidence = m.evidence, link_model_version = :model_version,
        link_load_id = :load_id, linked_at = :now, link_standalone = m.standalone
    FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]),
        CAST(:scores AS double precision[]), CAST(:evidence AS jsonb[]),
        CAST(:shadows AS jsonb[])) AS m (pims_id, record_id, score, evidence, standalone)
    WHERE b.practice_id = :practice_id AND b.pims_id = m.pims_id AND b.record_id IS NULL
""")
# Questions about a new owner who turns out to be the client whose the pet is.
_OWNED_ALREADY = text("""
    SELECT s.record_id, s.pims_id FROM scriptright.suggestion s
    JOIN scriptright.pims_client owner ON owner.practice_id = :practice_id
      AND owner.pims_id = s.new_value ->> 'pims_client_id'
    JOIN scriptright.pet ON pet.practice_id = :practice_id AND pet.pet_id = s.record_id
    WHERE s.practice_id = :practice_id AND s.record = 'pet' AND s.field = 'owner'
      AND s.state = 'open' AND owner.pims_id = ANY(:ids) AND pet.client_id = owner.record_id
""")
_NEVER_NULL = {"po_box": "false", "deceased": "false", "phones": "'[]'"}
_CELLS = {
    record: ", ".join(
        f"coalesce(s.{c}, {_NEVER_NULL[c]})" if c in _NEVER_NULL else f"s.{c}"
        for c in VALUE_COLUMNS[record]
    )
    for record in RECORDS
}
# A staged row that is left a `record_id` becomes a record of that number.
_KNOWN = of_each("""
    UPDATE pg_temp.stage_{record} SET record_id = NULL
    WHERE record_id IS NOT NULL AND pims_id = ANY(:matched)
""")
_OWNER = """
    JOIN scriptright.pims_client o ON o.practice_id = :practice_id AND o.pims_id = s.pims_client_id
"""
_NUMBER_WAITING = of_each(
    """
    UPDATE pg_temp.stage_{record} t SET record_id = w.record_id
    FROM (SELECT n, nextval('scriptright.{record}_{record}_id_seq') AS record_id
          FROM (SELECT s.n FROM pg_temp.stage_{record} s {owner}
                WHERE s.kind = 'waiting' AND s.pims_id <> ALL (CAST(:matched AS text[]))
                ORDER BY s.n) s) w
    WHERE t.n = w.n
    """,
    owner={"client": "", "pet": f"{_OWNER} AND o.record_id IS NOT NULL"},
)
# A pet whose owner waits waits with it.
_WITH_OWNER = text("""
    UPDATE pg_temp.stage_pet s SET record_id = NULL FROM scriptright.pims_client o
    WHERE s.record_id IS NOT NULL AND o.practice_id = :practice_id AND o.pims_id = s.pims_client_id
      AND o.record_id IS NULL
""")

_CREATE = of_each(
    """
    INSERT INTO scriptright.{record} (practice_id, {record}_id, {owner_column}origin,
        created_load_id, created_at, {columns})
    SELECT :practice_id, s.record_id, {owner_id}'pims', :load_id, CAST(:now AS timestamptz),
        {cells}
    FROM pg_temp.stage_{record} s {owner} WHERE s.record_id IS NOT NULL
    """,
    owner_column={"client": "", "pet": "client_id, "},
    owner_id={"client": "", "pet": "o.record_id, "},
    owner={"client": "", "pet": _OWNER},
    columns={record: ", ".join(VALUE_COLUMNS[record]) for record in RECORDS},
    cells=_CELLS,
)
# New rows into the baseline, each with its link; a row that is there fails on its key.
_TAKE_IN = of_each(
    """
    INSERT INTO scriptright.pims_{record} (practice_id, pims_id, first_load_id, load_id,
        {raw}, record_id, link_method, link_load_id, linked_at)
    SELECT :practice_id, pims_id, :load_id, :load_id, {staged},
        record_id, CASE WHEN record_id IS NOT NULL THEN 'created' END,
        CASE WHEN record_id IS NOT NULL THEN CAST(:load_id AS bigint) END,
        CASE WHEN record_id IS NOT NULL THEN CAST(:now AS timestamptz) END
    FROM pg_temp.stage_{record} WHERE kind = 'new'
    """,
    raw={r: ", ".join(RAW_STAGED[r]) for r in RECORDS},
    staged={r: ", ".join(f"raw_{c}" for c in RAW_STAGED[r]) for r in RECORDS},
)
_SETTLE_WAITING = of_each("""
    UPDATE scriptright.pims_{record} b
    SET record_id = s.record_id, link_method = 'created', link_load_id = :load_id,
        linked_at = :now
    FROM pg_temp.stage_{record} s
    WHERE s.kind = 'waiting' AND s.record_id IS NOT NULL
      AND b.practice_id = :practice_id AND b.pims_id = s.pims_id
""")
