"""ScriptRight's database: schema, loads, review, links, ledger, audit. Knows nothing of ODBC.

Where to look, in the order in which things happen:

The database. The embedded one: `server`, `server_account`, `server_settings`, `server_trouble`.
How it is reached: `urls`, `tls`, `database`, `driver_errors`. Who may do what there: `logins`,
`roles`, `owner`, `grants`. Its schema: `migrate`. Whole tables in and out: `bulk`, `arrays`.
`failpoints`: places where a test may have a process killed.

Values. One form for them all: `values`. Single records: `writes`, `shadows`; as a side
for the matcher: `sides`; by the web shop: `web_shop`. What the
PIMS said: `baseline`, `pims_values`. Who is who, as digests: `identity`. What becomes of values
when two records are one: `merge`.

A load, in one transaction: `apply` calls `apply_staging`, `apply_matching`, `apply_records`,
`apply_changes` and `apply_writes`; `ledger` and `holds` keep what came of it. Whom the matcher is
asked about, and what its word is worth: `match_watch`, `earlier_links`, `kept_apart`,
`open_questions`, `past_matches`, `taken`, `born_later`, `missing_pets`. Rows that are missing,
come back, repeat or contradict each other: `unseen`, `put_off`, `told_before`, `came_back`,
`handed_on`, `rivals`.

A person's word, in one transaction each, framed by `acts`. On a suggestion: `review`, with
`suggestions`, `shown`, `whose` and, for prescriptions, `consequences`. On a match: `links` is the
door; `candidates`, `candidate_list`, `link_list`, `link_explained`, `link_sample`. What follows
from it: `placing`, `pet_placing`, `linking`. Two records that nobody proposed: `joining`,
`joining_pets`, `take_back`. A link that may be wrong: `apart`, `link_reviews`; and undone:
`unmerge`, by `past`, `replay`, `restore`, `regroup` and, for prescriptions, `label_life` and
`restore_labels`.

What is told afterwards: `history`, `history_events`, `history_links`; `audit`, `audit_heads`,
`witness`; `outbox`, `outbox_parked`, `outbox_witness`; `alerts`, `alert_healing`, `alert_mail`;
`watch`, `overview`, `fleet`.

A practice leaves: `offboard`.
"""
