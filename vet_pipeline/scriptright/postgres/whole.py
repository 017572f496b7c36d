"""Whether the schema has all its guards: half a restored dump looks like a whole one.

pg_restore brings rows first, and what refuses wrong ones last. Ended in between, or with errors
that were passed over, it leaves tables that can be read and written, and a renamed pet's
prescriptions go on unmarked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.scriptright.postgres.driver_errors import NOT_THERE

# Of the newest version; others may add their own, under other names.
_NAMES = {
    "triggers": """
        audit.audit_append_only client.client_key_kept client.client_moved_rows_known
        client.client_no_orphans client.client_not_emptied client.client_rows_known
        client.number_given client.shop_edit_noted load.load_kept load.load_key_kept
        offboarding.offboarding_append_only pet.meaning_kept pet.number_given pet.pet_key_kept
        pet.pet_moved_rows_known pet.pet_no_orphans pet.pet_not_emptied pet.pet_rows_known
        pet.shop_edit_noted pims_client.pims_client_key_kept
        pims_client.pims_client_moved_link_known pims_client.pims_client_moved_rows_known
        pims_client.pims_client_of_no_offboarded pims_client.pims_client_rows_known
        pims_pet.pims_pet_key_kept pims_pet.pims_pet_moved_link_known
        pims_pet.pims_pet_moved_rows_known pims_pet.pims_pet_of_no_offboarded
        pims_pet.pims_pet_rows_known practice.practice_key_kept practice.practice_no_orphans
        practice.practice_not_emptied practice.practice_offboarded_for_good
        prescription.meaning_waited_for prescription.noted_as_it_comes
        prescription.noted_as_it_is_saved prescription.past_label_marked
        prescription.past_label_marked_again prescription.prescription_label_name_fixed
        prescription.stated_label_marked prescription.stated_label_marked_again
        record_change.filled_name_marked record_change.record_change_no_update
        rename_attestation.rename_attestation_append_only tombstone.tombstone_append_only
    """,
    "unique indexes": """
        alert_open alert_pkey alert_practice_open alert_practice_pkey audit_pkey client_pkey
        hold_pkey link_review_open link_review_pkey load_pkey load_practice_id_snapshot_hash_key
        load_practice_id_snapshot_seq_key match_candidate_open match_candidate_pkey
        match_decision_pkey offboarding_pkey outbox_pkey pet_pkey pims_client_pkey pims_pet_pkey
        practice_pkey prescription_pkey quarantine_count_pkey record_change_pkey
        rename_attestation_pkey shared_change_pkey suggestion_one_open suggestion_pkey
        tombstone_pkey watch_pkey
    """,
    "foreign keys": """
        alert_practice_alert_id_fkey alert_practice_practice_id_fkey audit_practice_id_fkey
        hold_practice_id_fkey link_review_practice_id_fkey link_review_practice_id_load_id_fkey
        load_practice_id_fkey match_candidate_practice_id_fkey
        match_candidate_practice_id_load_id_fkey match_decision_practice_id_fkey
        offboarding_practice_id_fkey outbox_practice_id_fkey outbox_practice_id_load_id_fkey
        prescription_practice_id_client_id_fkey prescription_practice_id_fkey
        prescription_practice_id_pet_id_fkey quarantine_count_practice_id_fkey
        quarantine_count_practice_id_load_id_fkey record_change_practice_id_fkey
        rename_attestation_practice_id_fkey shared_change_practice_id_fkey
        shared_change_practice_id_load_id_fkey suggestion_practice_id_fkey
        suggestion_practice_id_load_id_fkey tombstone_practice_id_fkey
    """,
}
GUARDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(names.split()) for kind, names in _NAMES.items()
}
_NAMED = 3  # of what is missing: more say no more
_NOTHING_MIGRATED = "nothing was migrated"


def guards(connection: Connection) -> dict[str, frozenset[str]]:
    """The names of those that are in the schema by now, and at work."""
    found = connection.execute(_GUARDS).one()
    return dict(zip(GUARDS, map(frozenset, found), strict=True))


def require_whole(connection: Connection, *, so: str = _NOTHING_MIGRATED) -> None:
    """Raise DatabaseRefused where some are missing, or switched off; `so`: what follows from it."""
    found = guards(connection)
    if missing := [
        _told(kind, wanted, gone)
        for kind, wanted in GUARDS.items()
        if (gone := sorted(wanted - found[kind]))
    ]:
        raise _half(", ".join(missing), so)


def _told(kind: str, wanted: frozenset[str], gone: list[str]) -> str:
    more = ", ..." if len(gone) > _NAMED else ""
    there = len(wanted) - len(gone)
    return f"{kind}: {there} of {len(wanted)}, without {', '.join(gone[:_NAMED])}{more}"


def refuse_schema_without_version(connection: Connection, version: str | None) -> None:
    """Raise DatabaseRefused where the schema is there, and nothing says of which `version`.

    One that an administrator has made, with nothing in it, is as good as none.
    """
    if version is None and connection.execute(_IS_THERE).scalar():
        raise _half("its version is missing")


@contextmanager
def as_that_version_left_it(version: str | None) -> Iterator[None]:
    """Raise DatabaseRefused where a step from that version finds something gone which it has.

    Elsewhere the same error says that `migrate` is to be run.
    """
    try:
        yield
        return
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state not in NOT_THERE:
            raise
    raise _half(f"it lacks something that version {version} has, SQLSTATE {state}")


def _half(what: str, so: str = _NOTHING_MIGRATED) -> DatabaseRefused:
    return DatabaseRefused(
        f"ScriptRight's schema isn't whole ({what}): {so}",
        next_step="half a dump was restored: restore it anew, into an empty database, with"
        " pg_restore --exit-on-error; or have whoever removed them, or switched them off, put them back",
    )


_IS_THERE = text("""
    SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('scriptright'))
        OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = to_regnamespace('scriptright'))
""")
_GUARDS = text("""
    WITH ours AS (
        SELECT oid, relname FROM pg_class WHERE relnamespace = 'scriptright'::regnamespace
    )
    SELECT
      ARRAY(SELECT format('%s.%s', relname, tgname) FROM pg_trigger JOIN ours ON ours.oid = tgrelid
       WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')),
      ARRAY(SELECT CAST(relname AS text) FROM pg_index JOIN ours ON ours.oid = indexrelid
       WHERE indisunique AND indisvalid),
      ARRAY(SELECT CAST(conname AS text) FROM pg_constraint JOIN ours ON ours.oid = conrelid
       WHERE contype = 'f')
""")
