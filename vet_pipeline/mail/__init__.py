"""Messages to practices: their text, and handing them to an SMTP server. No Dagster here."""
