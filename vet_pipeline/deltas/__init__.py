"""Snapshot minus baseline, each change with what the field policy says of it. Pure: no I/O.

`rows` tells new, changed and missing rows apart, `stage` normalizes those that matter, `changes`
compares them field by field, as `values`, and `build` makes the `delta` of it. The `guards` look at
`guard_counts`.

Nothing is imported here: the guards' thresholds are part of a practice's settings, and whoever
reads those needs no frames.
"""
