"""One pair shown field by field, with the values of both sides: for people who may see them.

Never log or store what comes out of here: it holds names and addresses. The evidence without
values is in the result rows of `match`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from vet_pipeline.errors import UnknownItem
from vet_pipeline.matching.contract import VETOES, Decision, Side
from vet_pipeline.matching.keys import phone_numbers, texts
from vet_pipeline.matching.run import DEFAULT_SETTINGS, match

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from vet_pipeline.matching.contract import MatchSettings
    from vet_pipeline.policy import Record

#: Evidence of clients and pets, what it speaks for, and the columns it looks at.
_CLIENT_ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "first_name": ("person", ("first_name", "partner_first_name")),
    "middle": ("person", ("first_name",)),
    "suffix": ("person", ("suffix", "name_note")),
    "surname": ("household", ("last_name", "partner_last_name")),
    "swapped": ("person", ()),
    "joint": ("household", ("partner_first_name",)),
    "organisation": ("household", ("organisation",)),
    "phone": ("person or household", ("phones",)),
    "email": ("person or household", ("email",)),
    "mail_names": ("person", ()),
    "address": ("household", ("address_line1", "address_line2", "unit")),
    "building": ("household", ()),
    "place": ("household", ("city", "state", "postal_code")),
    "coincidence": ("person", ()),
    "pets": ("person", ()),
}
_PET_ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("pet", ("name", "name_note")),
    "species": ("pet", ("species",)),
    "breed": ("pet", ("breed",)),
    "birth_date": ("pet", ("birth_date",)),
    "deceased": ("pet", ("deceased", "deceased_on")),
    "rarity": ("pet", ()),
    "namesakes": ("pet", ()),
    "pets_at_home": ("owner", ()),
    "pets_in_pims": ("owner", ()),
}


@dataclass(frozen=True)
class FieldComparison:
    """One row of the table; values as normalized, '' where missing or not shown."""

    field: str
    speaks_for: str  # person, household, pet, owner
    home: str
    pims: str
    agreement: str
    bits: float | None


@dataclass(frozen=True)
class Explanation:
    """Why a pair was linked, held for a person, or not linked."""

    record: Record
    home_id: str
    pims_id: str
    decision: str  # linked, possible, or "not_linked" for a pair that was not proposed
    score: float | None
    reason: str  # also names the veto: first_names_differ, generations_differ, ...
    fields: tuple[FieldComparison, ...]
    rivals: dict[str, Any]  # at_home, in_pims: how near the best rival comes; bits: its effect
    model_version: str

    def to_json(self) -> str:
        """The whole explanation for machines."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def to_text(self) -> str:
        """A table for a terminal, without rows of which neither side says anything."""
        score = "" if self.score is None else f", {self.score:+.1f} bits"
        rows = [("field", "speaks for", "ScriptRight", "PIMS", "agreement", "bits")]
        rows += [
            (f.field, f.speaks_for, f.home, f.pims, f.agreement, _signed(f.bits))
            for f in self.fields
            if f.home or f.pims or f.bits is not None
        ]
        if self.rivals:
            at = f"{self.rivals['at_home']} at home, {self.rivals['in_pims']} in the PIMS"
            rows.append(("rivals", "", "", "", at, _signed(self.rivals["bits"])))
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        head = f"{self.record} {self.pims_id} and {self.home_id}: {self.decision}"
        why = [f"veto: {VETOES[self.reason]}"] if self.reason in VETOES else []
        return "\n".join([f"{head} ({self.reason}{score}; {self.model_version})", *why, *lines])


def explain(
    home: Side,
    pims: Side,
    record: Record,
    home_id: str,
    pims_id: str,
    *,
    decisions: Sequence[Decision] = (),
    settings: MatchSettings = DEFAULT_SETTINGS,
) -> Explanation:
    """Explain one pair, matching it anew among all records of both sides (rivals count).

    Give the same sides as for the match; only the two records gives the evidence without rivals.
    For pets the owners are taken as linked. Raises UnknownItem for an id that isn't there.
    """
    frames = (home.clients, pims.clients) if record == "client" else (home.pets, pims.pets)
    key = "client_id" if record == "client" else "pet_id"
    values = [
        _row(frame, key, item) for frame, item in zip(frames, (home_id, pims_id), strict=True)
    ]
    # The pair itself is judged by its evidence, not by what a person said about it.
    others = [d for d in decisions if (d.home_id, d.pims_id) != (home_id, pims_id)]
    if record == "pet":
        owners = (str(values[1]["client_id"]), str(values[0]["client_id"]))
        others = [d for d in others if d.record != "client" or d.pims_id != owners[0]]
        others.append(Decision("client", *owners, same=True))
    result = match(home, pims, decisions=others, settings=settings)
    rows = result.clients if record == "client" else result.pets
    found = rows[(rows["pims_id"] == pims_id) & (rows["home_id"] == home_id)]
    evidence = json.loads(found["evidence"].iloc[0]) if len(found) else {}
    table = _CLIENT_ROWS if record == "client" else _PET_ROWS
    return Explanation(
        record,
        home_id,
        pims_id,
        str(found["decision"].iloc[0]) if len(found) else "not_linked",
        float(found["score"].iloc[0]) if len(found) and found["score"].notna().all() else None,
        str(found["reason"].iloc[0]) if len(found) else "evidence_too_weak",
        tuple(_compared(values, evidence, field, *row) for field, row in table.items()),
        evidence.get("rivals", {}),
        result.model_version,
    )


def _compared(
    values: list[dict[str, str]],
    evidence: dict[str, Any],
    field: str,
    speaks_for: str,
    columns: tuple[str, ...],
) -> FieldComparison:
    shown = [" / ".join(v[column] for column in columns if v.get(column)) for v in values]
    entry = evidence.get(field, {})
    if not isinstance(entry, dict):  # the strict rule says only which fields are the same
        entry = {"level": str(entry)}
    plain = "missing" if "" in shown else "same" if shown[0] == shown[1] else "differs"
    if field == "middle":  # a part of the given name, seen by the model alone
        plain = "missing" if evidence else ""
    agreement = entry.get("level", plain if columns else "")
    return FieldComparison(field, speaks_for, shown[0], shown[1], agreement, entry.get("bits"))


def _row(frame: pd.DataFrame, key: str, item: str) -> dict[str, str]:
    at = frame[texts(frame, key) == item]
    if not len(at):
        raise UnknownItem(f"{key} {item} isn't there", next_step="check the id and the side")
    row = {column: str(texts(at, column)[0]) for column in at.columns}
    if "phones" in row:
        row["phones"] = ", ".join(phone_numbers(row["phones"]))
    return row


def _signed(bits: float | None) -> str:
    return "" if bits is None else f"{bits:+.1f}"
