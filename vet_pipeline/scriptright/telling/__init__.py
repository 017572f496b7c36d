"""What people are told, as rows: the practice's confirmation, on-call's alerts, where all stand.

The confirmation: `outbox`, `outbox_parked`. Alerts: `alerts`, `alert_healing`,
`alert_mail`. Whether the daemon looks at all: `watch`. Where practices stand: `overview`, `fleet`.
The words they are told in are made in vet_pipeline/mail and vet_pipeline/oncall.
"""
