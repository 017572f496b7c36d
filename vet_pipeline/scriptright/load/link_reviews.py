"""Links that a person should look at again, because their sides have drifted apart (apart.py).

Putting a link up undoes nothing: it goes on feeding its record until a person keeps or undoes it.
Loads, edits in the web shop and decisions on values all look again; a question whose reason is
past is superseded. One open question a link; a link that a person kept isn't put up again until
what identifies either side changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

from vet_pipeline.policy import RECORDS, Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.apart import identity_of, reasons_to_look
from vet_pipeline.scriptright.records.values import digest
from vet_pipeline.scriptright.records.writes import Row, read_records


def look_at_links(load: LoadInHand) -> None:
    """The links whose PIMS record this load changed or brought back, and those in question already.

    New ones are made on what both sides say, and nobody who makes them looks at weights: those to a
    pet that was weighed after its death. A pet that comes back, or that the PIMS gives another
    owner, may find another of that owner at its record, and one that was weighed another that says
    dead, or the other way round: so all links to that are looked at.
    """
    changes = load.delta.changes
    for record in RECORDS:
        ids = changes.loc[changes["record"] == record, "pims_id"].unique()
        beside: list[str] = []
        dead: list[int] = []
        if record == "pet":
            tells = (changes["record"] == "pet") & changes["field"].isin(
                ["owner", "weight", "deceased"]
            )
            beside = [*load.side("pet").returned, *changes["pims_id"][tells]]
            if load.are_newcomers("pet").any():
                dead = [row.record_id for row in load.fetch(_LINKED_AND_WEIGHED_SINCE_DEATH)]
        load.counts["links_to_review"] += look_again(
            load.connection,
            load.practice_id,
            record,
            pims_ids=[*ids, *load.side(record).returned],
            record_ids=[*(load.fed(record, beside).values() if beside else ()), *dead],
            load_id=load.load_id,
        )


def look_again(
    connection: Connection,
    practice_id: str,
    record: Record,
    *,
    pims_ids: Iterable[str] = (),
    record_ids: Iterable[int] = (),
    load_id: int | None = None,
) -> int:
    """Open, bring up to date or supersede the questions of these links and of those in question.

    Returns how many were opened. The caller holds the practice's lock.
    """
    links = connection.execute(
        _LINKS[record],
        {"practice_id": practice_id, "ids": list(pims_ids), "records": list(record_ids)},
    ).all()
    homes = read_records(connection, practice_id, record, {link.record_id for link in links})
    opened, past = [], []
    for link in links:
        reasons, shown = _question_of(record, link, homes[link.record_id])
        if link.review_id is not None and (not reasons or shown != link.shown):
            past.append(link.review_id)
        if reasons and shown not in (link.shown, link.kept):
            opened.append(
                {
                    "practice_id": practice_id,
                    "record": record,
                    "pims_id": link.pims_id,
                    "record_id": link.record_id,
                    "reasons": list(reasons),
                    "load_id": load_id,
                    "opened_at": link.opened_at,
                    "shown": shown,
                }
            )
    close(connection, practice_id, past, "superseded", None)
    if opened:
        connection.execute(_OPEN, opened)
    return sum(1 for one in opened if one["opened_at"] is None)


def _question_of(record: Record, link: Any, home: Row) -> tuple[tuple[str, ...], str]:
    """Why the link is in question, if it is, and a fingerprint of what a person is shown.

    A row that has gone, or is read under another number (`link part`), is nobody else's any more.
    """
    reasons = reasons_to_look(record, link.standalone, home, beside=link.beside)
    if link.is_missing:
        reasons = tuple(reason for reason in reasons if reason in link.beside)
    identity = identity_of(record, link.standalone, home)
    # Who kept the link before there were two, or before that weighing, has not spoken of it.
    unspoken = [reason for reason in link.beside if reason != "owners_differ"]
    return reasons, digest((identity, *unspoken) if unspoken else identity)


def close_as_undone(
    connection: Connection, practice_id: str, record: Record, pims_id: str, actor: str
) -> None:
    """The link is undone: that answers its question."""
    link = {"practice_id": practice_id, "record": record, "pims_id": pims_id, "by": actor}
    connection.execute(_UNDONE, link)


def close(
    connection: Connection, practice_id: str, review_ids: list[int], state: str, by: str | None
) -> None:
    """Give these questions their last state; `by`: the person whose word it was."""
    if review_ids:
        connection.execute(
            _CLOSE, {"practice_id": practice_id, "ids": review_ids, "state": state, "by": by}
        )


# Dead here, and weighed since. When the death came, for one of which no day is known: by the snapshot
# that told of it, where one has.
_DEAD_AND_WEIGHED = """t.deceased AND t.weighed_on > coalesce(t.deceased_on, (
            SELECT (max(coalesce(load.read_at, c.changed_at)) AT TIME ZONE 'UTC')::date
            FROM scriptright.record_change c LEFT JOIN scriptright.load USING (practice_id, load_id)
            WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.record_id = t.pet_id
              AND c.field = 'deceased'))"""
# What other rows say of a pet's link `l` to the pet `t`, each with when it is so. A desk marks a
# double dead to be rid of it, and goes on with the other entry: in question is the link of the one
# that says dead; where the pet was made from that, which has no link to undo, that of the one that has
# weighed it and says that it lives.
_BESIDE = {
    # The pet's owner in the PIMS feeds another client; unknown while that one waits.
    "owners_differ": "owner.record_id <> t.client_id",
    # Another PIMS pet of the same owner feeds the pet too, and both are in the PIMS.
    "two_of_one_owner": """EXISTS (
            SELECT FROM scriptright.pims_pet mine JOIN scriptright.pims_pet other
              ON other.practice_id = :practice_id AND other.record_id = mine.record_id
            WHERE mine.practice_id = :practice_id AND mine.pims_id = l.pims_id
              AND other.pims_id <> mine.pims_id AND other.missing_since IS NULL
              AND mine.missing_since IS NULL AND btrim(other.client_key) = btrim(mine.client_key))""",
    "weighed_since_death": f"says.dead AND NOT says.weighing AND {_DEAD_AND_WEIGHED}",
    "dead_by_another": f"""says.weighing AND NOT says.dead AND {_DEAD_AND_WEIGHED} AND EXISTS (
            SELECT FROM scriptright.pims_pet maker
            WHERE maker.practice_id = :practice_id AND maker.record_id = t.pet_id
              AND maker.link_method = 'created' AND maker.pims_id = (
                SELECT c.via_pims_id FROM scriptright.record_change c
                WHERE c.practice_id = :practice_id AND c.record = 'pet' AND c.record_id = t.pet_id
                  AND c.field = 'deceased' ORDER BY c.change_id DESC LIMIT 1))""",  # noqa: S608 - constants
}
# The owner's key is made beforehand: a condition with JSON in it is none that row level security
# lets an index answer, and each pet would read all clients.
_OWNER_KEY = """, coalesce(l.standalone->'pims'->>'pims_client_id',
                l.standalone->'values'->>'pims_client_id') AS owner_key"""
_WHAT_IS_BESIDE = """
        JOIN scriptright.pet t ON t.practice_id = :practice_id AND t.pet_id = l.record_id
        LEFT JOIN scriptright.client_link owner
          ON owner.practice_id = :practice_id AND owner.pims_id = l.owner_key
        CROSS JOIN LATERAL (SELECT
            coalesce((l.standalone->'values'->>'deceased')::boolean, false) AS dead,
            coalesce(l.standalone->'values'->>'weighed_on' = t.weighed_on::text, false) AS weighing
        ) says"""
_CASES = ", ".join(f"CASE WHEN {is_so} THEN '{reason}' END" for reason, is_so in _BESIDE.items())
_LINKS = of_each(
    """
    WITH looked_at AS MATERIALIZED (
        SELECT l.pims_id, l.record_id, l.standalone {owner_key}
        FROM scriptright.{record}_link l
        WHERE l.practice_id = :practice_id AND l.standalone IS NOT NULL AND l.pims_id IN (
            SELECT unnest(CAST(:ids AS text[]))
            UNION SELECT f.pims_id FROM scriptright.{record}_link f
            WHERE f.practice_id = :practice_id AND f.record_id = ANY(:records)
            UNION SELECT o.pims_id FROM scriptright.link_review o
            WHERE o.practice_id = :practice_id AND o.record = '{record}' AND o.state = 'open'))
    SELECT l.pims_id, l.record_id, l.standalone, b.missing_since IS NOT NULL AS is_missing,
        array_remove(CAST(ARRAY[{beside}] AS text[]), NULL) AS beside,
        r.review_id, r.shown, r.opened_at,
        (SELECT k.shown FROM scriptright.link_review k
         WHERE k.practice_id = :practice_id AND k.record = '{record}'
           AND k.pims_id = l.pims_id AND k.record_id = l.record_id AND k.state = 'kept'
         ORDER BY k.review_id DESC LIMIT 1) AS kept
    FROM looked_at l
    JOIN scriptright.pims_{record} b ON b.practice_id = :practice_id AND b.pims_id = l.pims_id
        {what_is_beside}
    LEFT JOIN scriptright.link_review r ON r.practice_id = :practice_id
      AND r.record = '{record}' AND r.pims_id = l.pims_id AND r.state = 'open'
    ORDER BY l.pims_id
    """,
    owner_key={"client": "", "pet": _OWNER_KEY},
    beside={"client": "", "pet": _CASES},
    what_is_beside={"client": "", "pet": _WHAT_IS_BESIDE},
)
_LINKED_AND_WEIGHED_SINCE_DEATH = text("""
    SELECT DISTINCT l.record_id
    FROM scriptright.pet_link l
    JOIN scriptright.pet p ON p.practice_id = :practice_id AND p.pet_id = l.record_id
    WHERE l.practice_id = :practice_id AND l.load_id = :load_id AND l.standalone IS NOT NULL
      AND p.deceased AND p.weighed_on > p.deceased_on
""")
_OPEN = text("""
    INSERT INTO scriptright.link_review (practice_id, record, pims_id, record_id, reasons, load_id,
        opened_at, shown)
    VALUES (:practice_id, :record, :pims_id, :record_id, :reasons, :load_id,
        coalesce(CAST(:opened_at AS timestamptz), scriptright.moment()), :shown)
""")
_CLOSE = text("""
    UPDATE scriptright.link_review SET state = :state, decided_by = :by,
        decided_at = scriptright.moment()
    WHERE practice_id = :practice_id AND review_id = ANY(:ids)
""")
_UNDONE = text("""
    UPDATE scriptright.link_review SET state = 'undone', decided_by = :by,
        decided_at = scriptright.moment()
    WHERE practice_id = :practice_id AND record = :record AND pims_id = :pims_id AND state = 'open'
""")
