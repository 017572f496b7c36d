"""The snapshot on disk: what a connector must deliver, how it is stored and found again."""
