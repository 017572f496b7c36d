"""Snapshot minus baseline, each change with what the field policy says of it. Pure: no I/O.

Nothing is imported here: the guards' thresholds are part of a practice's settings, and whoever
reads those needs no frames.
"""
