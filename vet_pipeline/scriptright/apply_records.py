"""New ScriptRight records and baseline rows, links to existing ones, and matches that wait.

Clients come before pets: a pet needs its owner's link. Set-based; only the values of records
that are merged into existing ones are looked at one by one (merge.py).
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
from sqlalchemy import TextClause, text

from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.errors import DatabaseRefused, StaleDelta
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.apart import said_at_link
from vet_pipeline.scriptright.apply_staging import (
    RAW_COLUMNS,
    RECORDS,
    VALUE_COLUMNS,
    LoadInHand,
)
from vet_pipeline.scriptright.apply_writes import PendingWrites
from vet_pipeline.scriptright.merge import merge, shadow_of


def settle_newcomers(load: LoadInHand, record: Record, writes: PendingWrites) -> None:
    """Link, create or keep waiting every new and waiting record of one kind."""
    matched = [m.pims_id for m in load.matched(record)]
    created = load.fetch(_CREATE[record], matched=matched)[0]
    _require_owners(load, created.ownerless)
    load.counts[f"{record}s_new"] += created.n
    _link_to_existing(load, record, writes)
    _keep_waiting(load, record)


def _require_owners(load: LoadInHand, lost: int) -> None:
    """A new pet's owner is in the baseline: pets without one were quarantined before."""
    if lost:
        raise StaleDelta(
            f"{lost} new pets of the delta have an owner that ScriptRight never took in",
            next_step="compute the delta of this snapshot again",
            practice_id=load.practice_id,
        )


def _link_to_existing(load: LoadInHand, record: Record, writes: PendingWrites) -> None:
    """Links the matcher is sure of: values merge by DOMAIN.md section 2, each with its trace."""
    found = load.matched(record, "linked")
    load.counts[f"{record}s_linked"] += len(found)
    if not found:
        return
    pims_rows = _rows_by_id(load, record, {match.pims_id for match in found})
    order = {pims_id: n for n, pims_id in enumerate(pims_rows)}
    writes.read(record, {match.home_id for match in found})
    links = []
    for row in sorted(found, key=lambda match: order[match.pims_id]):
        pims = pims_rows[row.pims_id]
        said = said_at_link(record, pims, writes.row(record, row.home_id))
        for verdict in merge(record, writes.row(record, row.home_id), pims):
            if verdict.outcome in ("fill", "apply"):
                writes.write(
                    verdict.field, row.home_id, verdict.new, cause="merge_fill", via=row.pims_id
                )
                load.counts["merge_fills"] += 1
            elif verdict.outcome == "suggest":
                writes.suggest(
                    verdict.field, row.home_id, row.pims_id, verdict.old, verdict.new,
                    verdict.reason,
                )  # fmt: skip
        shadow = json.dumps(shadow_of(record, pims) | said)
        links.append((row.pims_id, row.home_id, row.score, row.evidence, shadow))
    columns = (list(cells) for cells in zip(*links, strict=True))
    given = dict(zip(("ids", "records", "scores", "evidence", "shadows"), columns, strict=True))
    linked = load.run(_LINK[record], model_version=load.model_version, **given)
    if linked != len(links):
        raise DatabaseRefused(
            f"{len(links) - linked} PIMS {record}s would feed two records",
            next_step="nothing was changed; report this with the snapshot number",
            practice_id=load.practice_id,
        )


def _keep_waiting(load: LoadInHand, record: Record) -> None:
    """Possible matches wait for a person; those that aren't proposed again are past."""
    possible = load.matched(record, "possible")
    pairs = {"ids": [m.pims_id for m in possible], "records": [m.home_id for m in possible]}
    load.run(_SUPERSEDE_CANDIDATES[record], **pairs)
    if possible:
        load.run(
            _KEEP_CANDIDATES,
            record=record,
            model_version=load.model_version or "",
            scores=[m.score for m in possible],
            evidence=[m.evidence for m in possible],
            **pairs,
        )
    load.counts[f"{record}s_possible"] += len({m.pims_id for m in possible})
    if record == "pet":  # the rest of the newcomers wait with their owners
        load.counts["pets_waiting"] += len(load.newcomers("pet")) - sum(
            load.counts[f"pets_{outcome}"] for outcome in ("new", "linked", "possible")
        )


def _rows_by_id(load: LoadInHand, record: Record, ids: set[str]) -> dict[str, dict[str, Any]]:
    rows, key = load.side(record).rows, ID_COLUMN[record]
    wanted = rows[rows[key].isin(ids).to_numpy(dtype=bool)]
    table = pa.Table.from_pandas(wanted, preserve_index=False)
    return {row[key]: row for row in table.to_pylist()}


# What the matcher is sure of. The newcomer's row is in the baseline by then.
_LINK = {
    record: text(f"""
        UPDATE scriptright.pims_{record} b
        SET record_id = m.record_id, link_method = 'machine', link_score = m.score,
            link_evidence = m.evidence, link_model_version = :model_version,
            link_load_id = :load_id, linked_at = :now, link_standalone = m.standalone
        FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]),
            CAST(:scores AS double precision[]), CAST(:evidence AS jsonb[]),
            CAST(:shadows AS jsonb[])) AS m (pims_id, record_id, score, evidence, standalone)
        WHERE b.practice_id = :practice_id AND b.pims_id = m.pims_id AND b.record_id IS NULL
    """)  # noqa: S608 - constants
    for record in RECORDS
}
_CELLS: dict[str, str] = {
    "client": ", ".join(
        {"po_box": "coalesce(s.po_box, false)", "phones": "coalesce(s.phones, '[]')"}.get(
            c, f"s.{c}"
        )
        for c in VALUE_COLUMNS["client"]
    ),
    "pet": ", ".join(
        {"deceased": "coalesce(s.deceased, false)"}.get(c, f"s.{c}") for c in VALUE_COLUMNS["pet"]
    ),
}
# A newcomer that the matcher says nothing of gets a number, in the order of the snapshot. A pet
# whose owner feeds no client waits with the owner, one whose owner isn't there at all is an error.
_NUMBERED = {
    "client": """
        SELECT s.n, NULL AS owner_id, false AS is_ownerless,
            CASE WHEN s.pims_id <> ALL (CAST(:matched AS text[]))
            THEN nextval('scriptright.client_client_id_seq') END AS record_id
        FROM (SELECT n, pims_id FROM pg_temp.stage_client
              WHERE kind IN ('new', 'waiting') ORDER BY n) s
    """,
    "pet": """
        SELECT s.n, s.owner_id, s.is_ownerless,
            CASE WHEN s.owner_id IS NOT NULL AND s.pims_id <> ALL (CAST(:matched AS text[]))
            THEN nextval('scriptright.pet_pet_id_seq') END AS record_id
        FROM (SELECT p.n, p.pims_id, o.record_id AS owner_id, o.pims_id IS NULL AS is_ownerless
              FROM pg_temp.stage_pet p LEFT JOIN scriptright.pims_client o
                ON o.practice_id = :practice_id AND o.pims_id = p.pims_client_id
              WHERE p.kind IN ('new', 'waiting') ORDER BY p.n) s
    """,
}
_OWNER = {"client": ("", ""), "pet": ("client_id, ", "f.owner_id, ")}


def _create(record: Record) -> TextClause:
    """Numbers, records and baseline rows of the newcomers, and links of those that waited.

    A row that is in the baseline already fails on its key.
    """
    raw = (*RAW_COLUMNS[record], "row_hash")
    owner, owner_id = _OWNER[record]
    return text(f"""
        WITH fresh AS MATERIALIZED ({_NUMBERED[record]}),
        made AS (
            INSERT INTO scriptright.{record} (practice_id, {record}_id, {owner}origin,
                created_load_id, {", ".join(VALUE_COLUMNS[record])})
            SELECT :practice_id, f.record_id, {owner_id}'pims', :load_id, {_CELLS[record]}
            FROM fresh f JOIN pg_temp.stage_{record} s USING (n)
            WHERE f.record_id IS NOT NULL),
        taken_in AS (
            INSERT INTO scriptright.pims_{record} (practice_id, pims_id, first_load_id, load_id,
                {", ".join(raw)}, record_id, link_method, link_load_id, linked_at)
            SELECT :practice_id, s.pims_id, :load_id, :load_id,
                {", ".join(f"s.raw_{c}" for c in raw)}, f.record_id,
                CASE WHEN f.record_id IS NOT NULL THEN 'created' END,
                CASE WHEN f.record_id IS NOT NULL THEN CAST(:load_id AS bigint) END,
                CASE WHEN f.record_id IS NOT NULL THEN CAST(:now AS timestamptz) END
            FROM fresh f JOIN pg_temp.stage_{record} s USING (n) WHERE s.kind = 'new'),
        settled AS (
            UPDATE scriptright.pims_{record} b
            SET record_id = f.record_id, link_method = 'created', link_load_id = :load_id,
                linked_at = :now
            FROM fresh f JOIN pg_temp.stage_{record} s USING (n)
            WHERE s.kind = 'waiting' AND f.record_id IS NOT NULL
              AND b.practice_id = :practice_id AND b.pims_id = s.pims_id)
        SELECT count(record_id) AS n, count(*) FILTER (WHERE is_ownerless) AS ownerless FROM fresh
    """)  # noqa: S608 - column names of the contract and of the field policy


_CREATE: dict[str, TextClause] = {record: _create(record) for record in RECORDS}
# Every record that was judged in this load: what isn't proposed again is settled or no longer so.
_SUPERSEDE_CANDIDATES = {
    record: text(f"""
        UPDATE scriptright.match_candidate c SET state = 'superseded', decided_at = :now
        WHERE c.practice_id = :practice_id AND c.record = '{record}' AND c.state = 'open'
          AND c.pims_id IN (SELECT pims_id FROM pg_temp.stage_{record}
                            WHERE kind IN ('new', 'waiting'))
          AND NOT EXISTS (
              SELECT FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]))
                  AS m (pims_id, home_id)
              WHERE m.pims_id = c.pims_id AND m.home_id = c.record_id)
    """)  # noqa: S608 - constants
    for record in RECORDS
}
_KEEP_CANDIDATES = text("""
    INSERT INTO scriptright.match_candidate AS c
        (practice_id, record, pims_id, record_id, score, evidence, model_version, load_id)
    SELECT :practice_id, :record, pims_id, home_id, score, evidence, :model_version, :load_id
    FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]),
        CAST(:scores AS double precision[]), CAST(:evidence AS jsonb[]))
        AS m (pims_id, home_id, score, evidence)
    ON CONFLICT (practice_id, record, pims_id, record_id) WHERE state = 'open'
    DO UPDATE SET score = excluded.score, evidence = excluded.evidence,
        model_version = excluded.model_version
    WHERE (c.score, c.evidence, c.model_version)
        IS DISTINCT FROM (excluded.score, excluded.evidence, excluded.model_version)
""")
