"""A second made-up practice, whose names and mishaps the matcher was never written by."""
