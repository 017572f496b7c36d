"""ScriptRight's database: schema, loads, review, links, ledger, audit. Knows nothing of ODBC.

Its rooms stand on each other in this order (import-linter holds them to it); each has a map:

- `postgres`: the server, connections, roles, the schema (`migrations`), tables in and out;
- `records`: clients and pets, their values, and what becomes of them when two are one;
- `trail`: what is kept for good: the audit, its witness, a record's history;
- `load`: one snapshot applied in one transaction;
- `decisions`: a person's word on suggestions, matches, links and held snapshots;
- `telling`: the confirmation's outbox, on-call's alerts, where practices stand.

Beside them: `web_shop`, the shop's own writes, and `offboard`, a practice that leaves.
"""
