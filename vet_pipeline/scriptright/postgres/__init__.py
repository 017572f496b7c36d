"""The database itself: how it is reached, who may do what there, its schema, tables in and out.

The embedded one: `server`, `server_account`, `server_settings`. How it is reached: `opened`,
`urls`, `database`, `driver_errors`. Who may do what: `logins`, `roles`, `owner`, `grants`. Its
schema: `migrate` (the steps are in ../migrations); after a restore: `restored`, `whole`. One
statement for clients and for pets: `statements`. Whole tables in and out: `bulk`, `arrays`.
`failpoints`: places where a test may have a process killed.
"""
