"""What the embedded PostgreSQL is told: listen to nobody outside, and log nothing of a record."""

from __future__ import annotations

from collections.abc import Mapping

# Statements, their parameters and the DETAIL of errors hold client data: none of it is logged.
# `log_min_messages = log` keeps the primary message of refused statements out, too.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "''",
    "port": "5432",  # names the socket; else the variable PGPORT of whoever starts it does
    "max_connections": "200",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "max_wal_size": "'2GB'",
    "wal_compression": "on",
    "jit": "off",  # set-based statements over one practice: compiling costs more than it saves
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
