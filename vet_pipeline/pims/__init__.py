"""PIMS connectors (a folder each: connector.toml + SQL) and the one reader that runs them.

What leaves here is the raw snapshot of vet_pipeline/snapshots/contract.py, as text. Nothing here
knows ScriptRight or PostgreSQL as a target.

Where to look: `reader` reads a PIMS, `connector` parses the folder that says how; `check` tries
one out, with `profile`, `oddities`, `shape` and `rights`; `scaffold` begins a new one.

A connection: `odbc_string`, `server_name`, `sqlite_file`, `driver_log`, `on_the_way`, `session`, `watchdog`,
`driver_errors`. What differs between engines: `engines`, `sql`. The rows: `pages`, `parts`,
`page_rows`, `packed`, `cells`, `keys`, `short_floats`, `phones`; `made`: when a copy of the PIMS was made. A folder
of exports instead: `csv_reader` reads its `csv_files`; `csv_export` takes one apart, with `csv_letters`,
`csv_headers`, `csv_rows`, `csv_records`, `csv_spoiled`; `csv_whose`, `csv_joined`: columns beside each
other; `csv_before`: beside the last ones.
"""
