"""The registry of practices: who they are, how each PIMS is reached, and what differs between them.

A practice is a row: `practices`. What may be set of it: `practice_settings`; where its connection
string stands: `odbc_variable`. Correcting what was registered: `registration`. It is paused:
`pausing`; it leaves, from the database to the snapshots: `offboarding`.
"""
