"""What each role may do, table by table; and row level security on every table of practices.

Stated once, here; `settle` brings a database to it after each migration. A test compares the
database with this table, and fails for a table that isn't in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from vet_pipeline.scriptright.postgres.logins import WORKING, Role, role_name

_LOOK, _ADD, _REMOVE = "SELECT", "INSERT", "DELETE"
_OWN = "SELECT (practice_id)"
_KEYS = "SELECT (practice_id, pims_id)"
_ITEM = "SELECT (practice_id, state)"  # how many wait, and not what they are about
_CLIENT_VALUES = (
    "title, first_name, last_name, suffix, partner_first_name, partner_last_name, organisation,"
    " name_note, address_line1, address_line2, unit, city, state, postal_code, po_box, phones,"
    " email"
)
_PET_VALUES = (
    "name, name_note, species, breed, birth_date, birth_date_estimated, weight_value, weight_unit,"
    " weight_kg, weighed_on, deceased, deceased_on, version"
)
_BASELINE = "row_hash, load_id, missing_since, seen_at"
_LINKED = (
    "record_id, link_method, link_decided_by, link_score, link_evidence, link_model_version,"
    " link_load_id, linked_at, link_standalone"
)
_PIMS_CLIENT = (
    "title, first_name, last_name, full_name, organisation, address_line1, address_line2,"
    f" address_line3, city, state, postal_code, email, phones, {_BASELINE}, {_LINKED}"
)
_PIMS_PET = (
    "client_key, name, species, breed, birth_date, birth_date_estimated, weight, weight_unit,"
    f" weight_date, deceased_flag, deceased_date, status, {_BASELINE}, {_LINKED}"
)
_DECIDED = "UPDATE (state, decided_by, decided_at)"
# Views of the baseline's rows that feed a record: what is written through them needs both rights.
_LINK = {
    "load": (_LOOK, "UPDATE (standalone)"),
    "review": (
        _LOOK,
        "UPDATE (record_id, method, decided_by, score, evidence, model_version, standalone)",
    ),
    "read": (_LOOK,),
    "shop": (_LOOK,),
}  # fmt: skip

# Table -> role -> privileges. The migrating role owns everything, nobody else may TRUNCATE.
RIGHTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "practice": {
        "erase": (_ITEM, "UPDATE (state, state_reason, odbc, odbc_env, next_due_at, known_shape,"
            " applied_conventions, applied_exports)",),
        "load": (
            _LOOK,
            "UPDATE (next_snapshot_seq, applied_seq, last_success_at, next_due_at, clients_read,"
            " known_shape, applied_conventions, applied_exports)",
        ),
        "review": (_LOOK,),
        "read": (_LOOK,),
        "shop": (_ITEM,),
        "ops": (
            _LOOK, _ADD,
            "UPDATE (name, pims, odbc, odbc_env, contact_email, timezone, quiet_from, quiet_to,"
            " state, state_reason, settings, next_due_at)",
        ),
    },
    "load": {
        "load": (_LOOK, _ADD, "UPDATE (counts, model_version)"),
        "review": (_LOOK,), "read": (_LOOK,), "shop": (_LOOK,), "ops": (_LOOK,),
    },
    "hold": {
        "load": (_LOOK, _ADD), "read": (_LOOK,),
        "ops": (_LOOK, "UPDATE (released_at, released_by)"),
    },
    "client": {
        "erase": (
            "SELECT (practice_id, client_id, origin)", f"UPDATE ({_CLIENT_VALUES})", _REMOVE,
        ),
        "load": (_LOOK, _ADD, f"UPDATE ({_CLIENT_VALUES}, version)"),
        "review": (_LOOK, _ADD, f"UPDATE ({_CLIENT_VALUES}, version)"),
        "read": (_LOOK,),
        "shop": (_LOOK, _ADD, f"UPDATE ({_CLIENT_VALUES}, version)"),
    },
    "pet": {
        "erase": ("SELECT (practice_id, pet_id, client_id, origin)", _REMOVE,),
        "load": (_LOOK, _ADD, f"UPDATE ({_PET_VALUES})"),
        "review": (_LOOK, _ADD, f"UPDATE (client_id, {_PET_VALUES})"),
        "read": (_LOOK,),
        "shop": (_LOOK, _ADD, f"UPDATE ({_PET_VALUES})"),
    },
    "prescription": {
        "erase": ("SELECT (practice_id, client_id, pet_id)",),
        "ops": ("SELECT (practice_id, state)",),  # how many are held up
        "review": (_LOOK, "UPDATE (state, new_name, version)"),
        "read": (_LOOK,),
        "shop": (_LOOK, _ADD, "UPDATE (state, new_name, version)"),
    },
    "pims_client": {
        "erase": (_KEYS, _REMOVE,),
        "load": (_LOOK, _ADD, f"UPDATE ({_PIMS_CLIENT})"),
        "review": (_LOOK, f"UPDATE ({_LINKED})"), "read": (_LOOK,), "shop": (_LOOK,),
    },
    "pims_pet": {
        "erase": (_KEYS, _REMOVE,),
        "load": (_LOOK, _ADD, f"UPDATE ({_PIMS_PET})"),
        "review": (_LOOK, f"UPDATE ({_LINKED})"), "read": (_LOOK,), "shop": (_LOOK,),
    },
    "client_link": _LINK,
    "pet_link": _LINK,
    "match_candidate": {
        "erase": (_OWN, _REMOVE,),
        "load": (
            _LOOK, _ADD,
            "UPDATE (score, evidence, model_version, judged, load_id, state, decided_at)",
        ),
        "review": (_LOOK, _ADD, _DECIDED), "read": (_LOOK,), "ops": (_ITEM,),
    },
    "match_decision": {"erase": (_OWN, _REMOVE,), "load": (_LOOK,), "review": (_LOOK, _ADD), "read": (_LOOK,)},
    "suggestion": {
        "erase": (_OWN, _REMOVE,),
        "load": (_LOOK, _ADD, _DECIDED),
        "review": (_LOOK, _ADD, _DECIDED),
        "read": (_LOOK,),
        "shop": (_LOOK, _ADD, _DECIDED),
        "ops": (_ITEM,),
    },
    "rename_attestation": {"erase": (_OWN,), "review": (_LOOK, _ADD), "read": (_LOOK,)},
    "record_change": {
        "erase": (
            "SELECT (practice_id, record, record_id, field, change_id, cause)", _REMOVE,
        ),
        "load": (_LOOK, _ADD), "review": (_LOOK, _ADD), "read": (_LOOK,), "shop": (_LOOK, _ADD),
    },
    "shared_change": {
        "erase": (_OWN, _REMOVE), "load": (_LOOK, _ADD), "review": (_LOOK,),
        "read": ("SELECT (practice_id, pims_id, record, field, reason)",),  # whose name went blank
    },
    "quarantine_count": {"load": (_LOOK, _ADD), "read": (_LOOK,), "ops": (_LOOK,)},
    "audit": {
        "erase": (_LOOK, _ADD,),
        "load": (_LOOK, _ADD), "review": (_LOOK, _ADD), "read": (_LOOK,), "ops": (_LOOK, _ADD),
    },
    "outbox": {
        "erase": (_ITEM, "UPDATE (state, last_error)",),
        "load": ("SELECT (practice_id, kind)", _ADD),
        "read": (_LOOK,),
        "ops": (
            _LOOK, "UPDATE (state, attempts, not_before, sending_at, sent_at, last_error,"
            " requested_in)",
        ),
    },
    "offboarding": {"erase": (_LOOK, _ADD), "ops": (_LOOK,), "read": (_LOOK,)},
    "tombstone": {"erase": (_LOOK, _ADD)},
    "alert": {
        "ops": (
            _LOOK, _ADD,
            "UPDATE (run_id, what, next_step, retryable, opened_at, last_failed_at, healed_at,"
            " mail, mails, told_practices, told_at, sending_at, not_before, mail_error)",
            _REMOVE,
        ),
    },
    "alert_practice": {
        "ops": (
            _LOOK, _ADD,
            "UPDATE (run_id, what, next_step, first_failed_at, last_failed_at, failures, healed_at)",
            _REMOVE,
        ),
    },
    "watch": {"ops": (_LOOK, _ADD, "UPDATE (at, seen_to, facts)")},
    "link_review": {
        "erase": (_OWN, _REMOVE,),
        "load": (_LOOK, _ADD, _DECIDED),
        "review": (_LOOK, _ADD, _DECIDED),
        "read": (_LOOK,),
        "shop": (_LOOK, _ADD, _DECIDED),
        "ops": (_ITEM,),
    },
}  # fmt: skip
# Where ops writes for many practices in one statement: mails given up, failures of one cause.
_OF_ALL_AT_ONCE = {"outbox", "alert_practice"}
SEQUENCES: Mapping[str, tuple[Role, ...]] = {
    "client_client_id_seq": ("load",),
    "pet_pet_id_seq": ("load",),
}
FUNCTIONS: Mapping[str, tuple[Role, ...]] = {
    "tell_planner(text)": ("load",),
    "take_back_created(text, text, bigint)": ("review",),
    "sample_anew(text)": ("erase",),
    "moment()": WORKING,  # the default of columns that say when
    "incarnation()": ("load", "ops"),  # in which life of the database an email is asked for, sent
}

_SCHEMA = "scriptright"
_OF_PRACTICES = text("""
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS secured,
        ARRAY(SELECT polname::text FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'practice_id'
    WHERE c.relnamespace = 'scriptright'::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY c.relname
""")
# Unset: NULL, so no row. A query of its own is asked once a statement and not for every row
# written.
OWN = "practice_id = (SELECT current_setting('scriptright.practice', true))"


def policies_of(table: str) -> dict[str, str]:
    """The policies of a table of practices: name, and the rest of CREATE POLICY."""
    working = ", ".join(map(role_name, WORKING))
    found = {
        "own_practice": f"TO {working} USING ({OWN}) WITH CHECK ({OWN})",
        "migration": f"TO {role_name('migrate')} USING (true) WITH CHECK (true)",
    }
    if "ops" in RIGHTS.get(table, {}):
        writes = "ALL" if table in _OF_ALL_AT_ONCE else "SELECT"
        found["every_practice"] = f"FOR {writes} TO {role_name('ops')} USING (true)"
    return found


def settle(connection: Connection) -> None:
    """Bring rights and row level security to what this module states; safe to repeat.

    In the caller's transaction, as the owner of the schema. Tables that this release doesn't know
    are secured, too, and nobody gets a right on them.
    """
    for statement in _grants():
        connection.execute(text(statement))
    for table, secured, policies in connection.execute(_OF_PRACTICES).all():
        name = f"{_SCHEMA}.{table}"
        if not secured:
            connection.execute(
                text(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            )
        for policy, rest in policies_of(table).items():
            if policy not in policies:
                connection.execute(text(f"CREATE POLICY {policy} ON {name} {rest}"))


def _grants() -> Iterator[str]:
    everyone = ", ".join(map(role_name, WORKING))
    yield "GRANT SELECT ON public.scriptright_version TO PUBLIC"  # a number: told before any role
    yield f"GRANT USAGE ON SCHEMA {_SCHEMA} TO {everyone}"
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA {_SCHEMA} FROM PUBLIC, {everyone}"
    for table, rights in RIGHTS.items():
        for role, privileges in rights.items():
            yield f"GRANT {', '.join(privileges)} ON {_SCHEMA}.{table} TO scriptright_{role}"
    for kind, granted in (("SEQUENCE", SEQUENCES), ("FUNCTION", FUNCTIONS)):
        for name, roles in granted.items():
            privilege = "USAGE" if kind == "SEQUENCE" else "EXECUTE"
            names = ", ".join(map(role_name, roles))
            yield f"GRANT {privilege} ON {kind} {_SCHEMA}.{name} TO {names}"
