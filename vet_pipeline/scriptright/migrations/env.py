"""Alembic's entry: runs the migrations on the connection that migrate.py hands over."""

from __future__ import annotations

from alembic import context

from vet_pipeline.scriptright.postgres.database import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    version_table_schema="public",
)
with context.begin_transaction():
    context.run_migrations()
