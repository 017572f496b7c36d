"""The manifest of a snapshot: what was read, when, from what, and the digest of each file.

Written last. A directory without a complete manifest is the rest of a killed write.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

FORMAT_VERSION = 1


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a snapshot's times carry their zone (UTC)")
    return value


Utc = Annotated[datetime, AfterValidator(_aware)]


class FileEntry(BaseModel):
    """One Parquet file: enough to notice that it was cut, swapped or edited."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    sha256: str
    bytes: int


class Manifest(BaseModel):
    """What one consistent read of a PIMS consists of. Holds no value of any record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = FORMAT_VERSION
    practice_id: str
    seq: int
    pims: str  # name of the connector
    connector_version: str
    read_started_at: Utc
    read_finished_at: Utc
    files: dict[str, FileEntry]  # name without .parquet, such as raw_clients
    schema_fingerprint: str  # digest of source_schema
    source_schema: dict[str, str] = Field(default_factory=dict)  # "table.column" -> type family
    conventions: dict[str, Any] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()  # for people: columns ignored, engine, driver; never a value

    @property
    def content_hash(self) -> str:
        """SHA-256 over the manifest in canonical JSON: unique to this read, not to its content."""
        canonical = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True
        )
        return hashlib.sha256(canonical.encode()).hexdigest()
