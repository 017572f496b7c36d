"""What a person must know at night: causes of failures, in words. No Dagster here."""
