"""ScriptRight's database: schema, loads, review, links, ledger, audit. Knows nothing of ODBC."""
