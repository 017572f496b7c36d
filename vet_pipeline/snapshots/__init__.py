"""The snapshot on disk: what a connector must deliver, how it is stored and found again.

What is delivered: `contract`. One snapshot: `tables`, their `hashes`, the `manifest`, and what is
kept `beside` them of the read. All of them: the `store`, by `names` and `files`; `purge`, when their
time is over; `shape`, which earlier releases kept.
"""
