"""The command line: `vet-pipeline ...`. Thin: it asks the rooms and prints what they answer.

A command has a module of its name, or its group has: `practice` with `practice_change`,
`practice_set`, `practice_offboard`; `connector`, `plan`, `run`, `status`, `policy`; `review` with
`review_labels`, `review_misread`; `link` with `link_explain`, `link_join`, `link_part`,
`link_sample`; `history`; `failed`, `show`, `retry`, `watch`, `email`, `audit`; `demo`, `dev`,
`migrate`, `match`.

They share `app`, `session`, `options` and `connection_string`; to print, `output`, `terminal` and
`progress`; words for `values` and `reasons`; what is `suggested`, waits (`link_waiting`), is
`explained` or `decided`.

Everything heavy is imported inside a command, so that `--help` and a mistyped option answer at
once.
"""

from __future__ import annotations

from vet_pipeline.cli.app import app, main

__all__ = ["app", "main"]
