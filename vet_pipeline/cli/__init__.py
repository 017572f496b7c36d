"""The command line: `vet-pipeline ...`. Thin: it asks the rooms and prints what they answer.

Modules are named after the commands they hold. Everything heavy is imported inside a command,
so that `--help` and a mistyped option answer at once.
"""

from __future__ import annotations

from vet_pipeline.cli.app import app, main

__all__ = ["app", "main"]
