"""A history as plain text, for terminals: one line per event, blanks left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from vet_pipeline.scriptright.history import Event, History


def render(history: History) -> str:
    """The history as plain text, one line per event."""
    title = f"{history.record} {history.record_id}"
    return "\n".join([title, *(_line(history, event) for event in history.events)])


def _line(history: History, event: Event) -> str:
    parts = [event.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ"), event.kind.replace("_", " ")]
    if (event.record, event.record_id) != (history.record, history.record_id):
        parts.append(f"{event.record} {event.record_id}")
    if event.field:
        parts.append(event.field)
    if event.old is not None or event.new is not None:
        parts.append(f"{_value(event.old)} -> {_value(event.new)}")
    parts += [f"{name}={value}" for name, value in event.detail.items() if value is not None]
    if event.pims_id is not None:
        parts.append(f"PIMS id {event.pims_id}")
    if event.snapshot is not None:
        parts.append(f"snapshot {event.snapshot}")
    parts.append(f"by {event.by}" if event.by else "by the pipeline")
    return "  ".join(parts)


def _value(value: Mapping[str, Any] | None) -> str:
    filled = {k: v for k, v in (value or {}).items() if v not in (None, False, [])}
    return ", ".join(f"{k}={v}" for k, v in filled.items()) or "(blank)"
