"""Whether the two sides of a link have drifted apart: is it still one client, one animal? Pure.

A link is made on what both sides said then. PIMS hand a key on to another client, people re-use a
pet's entry for the next pet, in the PIMS and in the web shop. Here are the rules by which a link
is put before a person again; keeping the questions is in link_reviews.py. Correcting a slip, a
nickname, a marriage or a move alone are no reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vet_pipeline.policy import Field, Record
from vet_pipeline.scriptright.records.likeness import differences, identifying
from vet_pipeline.scriptright.records.shadows import Shadow
from vet_pipeline.scriptright.records.values import IDENTIFYING, Value


def said_at_link(
    record: Record, pims: Mapping[str, object], home: Mapping[str, object]
) -> dict[str, Any]:
    """What a link's shadow keeps for later: the PIMS's side, and how far apart they were then.

    {"pims": {column: value}, "apart_at_link": [reason, ...]}: a person may have linked two
    who differ; that is no drift.
    """
    # A pet is linked inside its owners' link alone, so its owners agree.
    return {
        "pims": identifying(record, pims),
        "apart_at_link": list(differences(record, pims, home)),
    }


def said_now(shadow: Shadow, field: Field, new: Value) -> Shadow:
    """The shadow once the PIMS has changed a field to `new`, whatever becomes of that here."""
    if field.name not in IDENTIFYING[field.record]:
        return shadow
    return {**shadow, "pims": {**pims_side(shadow), **new}}


def pims_side(shadow: Shadow) -> Value:
    """What the PIMS says by now; of links made before this was kept, as far as can be told."""
    if "pims" in shadow:
        return dict(shadow["pims"])
    waiting = (opened["new"] for opened in shadow["suggestions"].values())
    return {k: v for part in (shadow["values"], *waiting) for k, v in part.items()}


def reasons_to_look(
    record: Record, shadow: Shadow, home: Mapping[str, object], *, beside: Iterable[str] = ()
) -> tuple[str, ...]:
    """Short words for how the sides have drifted apart since the link; () when they haven't.

    `home`: the ScriptRight row as it is now. Of clients first_names_differ and
    surname_and_contacts_differ; of pets names_differ, species_differ and birth_dates_differ.
    `beside`: what other rows say of a pet's link, as weighed_since_death (link_reviews.py).
    """
    then = shadow.get("apart_at_link", ())
    found = differences(record, pims_side(shadow), home)
    return tuple(reason for reason in (*found, *beside) if reason not in then)


def identity_of(record: Record, shadow: Shadow, home: Mapping[str, object]) -> tuple[Value, Value]:
    """Both sides' identifying values: while they stand, a person's word on the link holds."""
    return identifying(record, pims_side(shadow)), identifying(record, home) | {
        "client_id": home.get("client_id")
    }
