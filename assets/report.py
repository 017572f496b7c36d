"""What an asset tells about itself: counts, ids, hashes, seconds; never a value of a record."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.story import delta_story, load_story

if TYPE_CHECKING:
    import pandas as pd

    from vet_pipeline.deltas.delta import Delta
    from vet_pipeline.deltas.guards import GuardBreach
    from vet_pipeline.deltas.stage import RecordStage
    from vet_pipeline.scriptright.load.apply import LoadResult
    from vet_pipeline.snapshots.manifest import Manifest

Metadata = dict[str, Any]
_OF_ROWS = ("new", "changed", "waiting", "unchanged", "quarantined", "missing", "returned")


class Stopwatch:
    """Seconds since it was made, by the monotonic clock."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """To the millisecond."""
        return round(time.monotonic() - self._start, 3)


def snapshot_facts(manifest: "Manifest", watch: Stopwatch) -> Metadata:
    """Which snapshot a materialization is about."""
    return {
        "snapshot": manifest.seq,
        "snapshot_hash": manifest.content_hash,
        "read_at": dg.MetadataValue.timestamp(manifest.read_started_at),
        "seconds": watch.seconds,
    }


def read_facts(manifest: "Manifest", name: str, watch: Stopwatch) -> Metadata:
    """One raw table of a snapshot."""
    entry = manifest.files[name]
    took = manifest.read_finished_at - manifest.read_started_at
    return {
        "practice": manifest.practice_id,  # an asset's own page shows the newest of any practice
        "rows_read": entry.rows,
        "dagster/partition_row_count": entry.rows,
        **snapshot_facts(manifest, watch),
        "read_seconds": round(took.total_seconds(), 3),
        "file_sha256": entry.sha256,
        "bytes": entry.bytes,
        "pims": manifest.pims,
        "connector_version": manifest.connector_version,
        "schema_fingerprint": manifest.schema_fingerprint,
        # No Markdown: a PIMS's words in them must make no link and no picture on the page.
        "notes": dg.MetadataValue.text("\n".join(manifest.notes) or "none"),
    }


def stage_facts(stage: "RecordStage", manifest: "Manifest", watch: Stopwatch) -> Metadata:
    """What normalizing one table came to."""
    kinds = stage.keys["kind"].value_counts().to_dict()
    return {
        "practice": manifest.practice_id,
        "rows_read": stage.rows_read,
        "new": int(kinds.get("new", 0)),
        "changed": int(kinds.get("changed", 0)),
        "waiting": int(kinds.get("waiting", 0)),
        "unchanged": stage.unchanged,
        "quarantined": len(stage.quarantined),
        "values_not_taken": len(stage.not_taken),
        "missing": len(stage.missing),
        "returned": len(stage.returned),
        "dagster/partition_row_count": len(stage.rows),
        **snapshot_facts(manifest, watch),
        "quarantine": counted(stage.quarantined, ["reason"]),
        "not_taken": counted(stage.not_taken, ["field", "reason"]),
    }


def delta_facts(
    delta: "Delta",
    breaches: Sequence["GuardBreach"],
    manifest: "Manifest",
    watch: Stopwatch,
    *,
    is_look: bool,
) -> Metadata:
    """What the snapshot would change, or the rules that it breaks. `is_look`: of a preview."""
    count = delta.counts()
    return {
        "in_words": dg.MetadataValue.md(delta_story(delta, breaches, is_look=is_look)),
        "practice": manifest.practice_id,
        "first_load": delta.is_first_load,
        "rows_read": count["read"],
        **{name: count[name] for name in _OF_ROWS},
        "automatic_changes": count["apply"],
        "suggestions": count["suggest"],
        "kept": count["keep"],
        "baseline_snapshot": delta.baseline_seq if delta.baseline_seq is not None else "none",
        **snapshot_facts(manifest, watch),
        "changes_by_field": counted(delta.changes, ["record", "field", "action", "reason"]),
        "quarantine": table(
            ["record", "scope", "field", "reason", "rows"],
            delta.quarantine[["record", "scope", "field", "reason", "rows"]].to_numpy().tolist(),
        ),
    }


def load_facts(load: "LoadResult", manifest: "Manifest", watch: Stopwatch) -> Metadata:
    """What a load did."""
    return {
        "in_words": dg.MetadataValue.md(load_story(load, manifest.practice_id, manifest.seq)),
        "practice": manifest.practice_id,
        "state": load.state,
        "load": load.load_id,
        **{name: int(value) for name, value in load.counts.items()},
        **match_facts(load.counts),
        **snapshot_facts(manifest, watch),
    }


def match_facts(counts: Mapping[str, int]) -> Metadata:
    """How far a first load's matches can be trusted, as rates; nothing where it wasn't measured."""
    facts: Metadata = {}
    if "decoys" in counts:
        facts["estimated_false_link_rate"] = counts["decoys_linked"] / counts["decoys"]
        facts["false_link_rate_at_most"] = counts["decoys_linked_at_most_per_million"] / 1e6
    if "scores_unlike" in counts:
        facts["score_drift"] = counts["score_drift_per_mille"] / 1000
        facts["scores_look_unlike"] = bool(counts["scores_unlike"])
    return facts


def counted(frame: "pd.DataFrame", columns: Sequence[str]) -> dg.MarkdownMetadataValue:
    """How many rows there are of each combination of `columns`, as a table."""
    sizes = frame.groupby(list(columns), as_index=False, observed=True).size()
    return table([*columns, "count"], sizes[[*columns, "size"]].to_numpy().tolist())


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """A Markdown table, or the word none."""
    rows = [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]
    if not rows:
        return dg.MetadataValue.md("none")
    rule = "|".join("---" for _ in head)
    return dg.MetadataValue.md("\n".join([f"| {' | '.join(head)} |", f"|{rule}|", *rows]))


def plain(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Materialization metadata as plain JSON values, for the command line."""
    return {name: getattr(value, "value", value) for name, value in metadata.items()}
