"""The assets: raw_clients, raw_patients, clients, pets, change_deltas, scriptright_records.

Thin bodies: read by a resource, call one step of vet_pipeline.job, write by a resource, report
counts. Rules live in vet_pipeline; checks in expectations/; when things run in automation/.
"""
