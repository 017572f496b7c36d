"""New ScriptRight records, links to existing ones, and possible matches that wait for a person.

Clients come before pets: a pet needs its owner's link. Set-based; only the values of records
that are merged into existing ones are looked at one by one (merge.py).
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
from sqlalchemy import TextClause, text

from vet_pipeline.deltas.changes import ID_COLUMN
from vet_pipeline.errors import StaleDelta
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.apart import said_at_link
from vet_pipeline.scriptright.apply_staging import RECORDS, VALUE_COLUMNS, LoadInHand
from vet_pipeline.scriptright.apply_writes import PendingWrites
from vet_pipeline.scriptright.merge import merge, shadow_of


def settle_newcomers(load: LoadInHand, record: Record, writes: PendingWrites) -> None:
    """Link, create or keep waiting every new and waiting record of one kind."""
    if record == "pet":
        _require_owners(load)
    _link_to_existing(load, record, writes)
    matched = [m.pims_id for m in load.matched(record)]
    load.counts[f"{record}s_new"] += load.fetch(_CREATE[record], matched=matched)[0].n
    _keep_waiting(load, record)


def _require_owners(load: LoadInHand) -> None:
    """A new pet's owner is in the baseline: pets without one were quarantined before."""
    lost = load.fetch(_OWNERLESS)[0].n
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
        links.append(
            (
                load.practice_id, row.pims_id, row.home_id, "machine", row.score,
                row.evidence, load.model_version, load.load_id, load.now,
                json.dumps(shadow_of(record, pims) | said),
            )
        )  # fmt: skip
    load.append(f"scriptright.{record}_link", _LINK_COLUMNS, links)


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


_LINK_COLUMNS = (
    "practice_id", "pims_id", "record_id", "method", "score", "evidence", "model_version",
    "load_id", "linked_at", "standalone",
)  # fmt: skip

_OWNERLESS = text("""
    SELECT count(*) AS n FROM pg_temp.stage_pet s
    WHERE s.kind IN ('new', 'waiting') AND NOT EXISTS (
        SELECT 1 FROM scriptright.pims_client b
        WHERE b.practice_id = :practice_id AND b.pims_id = s.pims_client_id)
""")
_CLIENT_CELLS = ", ".join(
    {"po_box": "coalesce(s.po_box, false)", "phones": "coalesce(s.phones, '[]')"}.get(c, f"s.{c}")
    for c in VALUE_COLUMNS["client"]
)
_PET_CELLS = ", ".join(
    {"deceased": "coalesce(s.deceased, false)"}.get(c, f"s.{c}") for c in VALUE_COLUMNS["pet"]
)
# Record and link of every newcomer that the matcher says nothing of, in the order of the snapshot.
# Two links of one PIMS record fail on the key.
_CREATE: dict[str, TextClause] = {
    "client": text(f"""
        WITH fresh AS MATERIALIZED (
            SELECT s.pims_id, nextval('scriptright.client_client_id_seq') AS record_id
            FROM (SELECT pims_id FROM pg_temp.stage_client c
                  WHERE kind IN ('new', 'waiting') AND NOT EXISTS (
                      SELECT FROM unnest(CAST(:matched AS text[])) AS m (pims_id)
                      WHERE m.pims_id = c.pims_id)
                  ORDER BY n) s),
        made AS (
            INSERT INTO scriptright.client (practice_id, client_id, origin, created_load_id,
                {", ".join(VALUE_COLUMNS["client"])})
            SELECT :practice_id, f.record_id, 'pims', :load_id, {_CLIENT_CELLS}
            FROM fresh f JOIN pg_temp.stage_client s USING (pims_id)),
        linked AS (
            INSERT INTO scriptright.client_link
                (practice_id, pims_id, record_id, method, load_id, linked_at)
            SELECT :practice_id, pims_id, record_id, 'created', :load_id, :now FROM fresh)
        SELECT count(*) AS n FROM fresh
    """),  # noqa: S608 - column names of the field policy
    # A pet whose owner has no link waits with the owner.
    "pet": text(f"""
        WITH fresh AS MATERIALIZED (
            SELECT s.pims_id, s.client_id, nextval('scriptright.pet_pet_id_seq') AS record_id
            FROM (SELECT p.pims_id, l.record_id AS client_id
                  FROM pg_temp.stage_pet p
                  JOIN scriptright.client_link l
                    ON l.practice_id = :practice_id AND l.pims_id = p.pims_client_id
                  WHERE p.kind IN ('new', 'waiting') AND NOT EXISTS (
                      SELECT FROM unnest(CAST(:matched AS text[])) AS m (pims_id)
                      WHERE m.pims_id = p.pims_id)
                  ORDER BY p.n) s),
        made AS (
            INSERT INTO scriptright.pet (practice_id, pet_id, client_id, origin, created_load_id,
                {", ".join(VALUE_COLUMNS["pet"])})
            SELECT :practice_id, f.record_id, f.client_id, 'pims', :load_id, {_PET_CELLS}
            FROM fresh f JOIN pg_temp.stage_pet s USING (pims_id)),
        linked AS (
            INSERT INTO scriptright.pet_link
                (practice_id, pims_id, record_id, method, load_id, linked_at)
            SELECT :practice_id, pims_id, record_id, 'created', :load_id, :now FROM fresh)
        SELECT count(*) AS n FROM fresh
    """),  # noqa: S608 - column names of the field policy
}
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
    INSERT INTO scriptright.match_candidate
        (practice_id, record, pims_id, record_id, score, evidence, model_version, load_id)
    SELECT :practice_id, :record, pims_id, home_id, score, evidence, :model_version, :load_id
    FROM unnest(CAST(:ids AS text[]), CAST(:records AS bigint[]),
        CAST(:scores AS double precision[]), CAST(:evidence AS jsonb[]))
        AS m (pims_id, home_id, score, evidence)
    ON CONFLICT (practice_id, record, pims_id, record_id) WHERE state = 'open'
    DO UPDATE SET score = excluded.score, evidence = excluded.evidence,
        model_version = excluded.model_version
""")
