"""What a person must know at night: causes of failures and the words about them. No Dagster here."""
