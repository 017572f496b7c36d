"""A practice in a few words, first on its page: what came, what waits, what next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vet_pipeline.deltas.delta import Delta
    from vet_pipeline.deltas.guards import GuardBreach
    from vet_pipeline.scriptright.load.apply import LoadResult


def delta_story(delta: "Delta", breaches: Sequence["GuardBreach"], *, is_look: bool) -> str:
    """What the snapshot would do, or why it changes nothing; Markdown. `is_look`: of a preview."""
    snapshot, practice_id = delta.snapshot.seq, delta.snapshot.practice_id
    if breaches:
        from vet_pipeline.scriptright.decisions.holds import release_command

        rules = "\n".join(f"- {breach}" for breach in breaches)
        if is_look:
            return (
                f"**Snapshot {snapshot} looks broken: a copy would hold it.**\n\n{rules}\n\n"
                "Next step: look at the PIMS. This was a look, so nothing is held yet, and a copy"
                f" reads anew: `vet-pipeline run {practice_id}`."
            )
        return (
            f"**Held: snapshot {snapshot} looks broken, so it changes nothing.**\n\n{rules}\n\n"
            "Next step: look at the PIMS. If the snapshot is right:"
            f" `{release_command(practice_id, snapshot)}`; if not, have it corrected, then"
            f" `vet-pipeline run {practice_id}`. Read on a later day, see first what"
            f" `vet-pipeline status {practice_id}` says."
        )
    count = delta.counts()
    what = "A first copy" if delta.is_first_load else "A refresh"
    would = counted(
        {
            "new record": count["new"],
            "value that changes by itself": count["apply"],
            "change for a person to decide": count["suggest"],
            "record that is missing": count["missing"],
            "record that is back": count["returned"],
        }
    )
    return f"{what}, snapshot {snapshot}: {would or 'nothing differs from the last one'}."


def load_story(load: "LoadResult", practice_id: str, snapshot: int) -> str:
    """What the load did and who has to do what now; Markdown."""
    if load.state == "superseded":
        return f"Snapshot {snapshot} was not needed (superseded): nothing changed."
    count = Counter(load.counts)  # an earlier release's load may lack some
    came = counted(
        {
            "new client": count["clients_new"],
            "new pet": count["pets_new"],
            "record linked to Home Delivery": count["clients_linked"] + count["pets_linked"],
            "value changed by itself": count["changes_applied"],
            "record now missing": count["missing"],
            "record back": count["returned"],
        }
    )
    told = f"**Applied: snapshot {snapshot}.** {came[:1].upper()}{came[1:] or 'Nothing changed'}."
    when = ""
    if load.state == "already_applied":  # mostly by a run that was killed before it could say so
        told = (
            f"**Snapshot {snapshot} had been applied before**, by load {load.load_id}; nothing"
            f" changed now. That load: {came or 'nothing changed'}."
        )
        when = " then"
    waiting = {
        "review": {"suggestion": count["suggestions_opened"]},
        "link": {
            "possible match": count["clients_possible"] + count["pets_possible"],
            "link in question": count["links_to_review"],
            "pet that waits with its owner": count["pets_waiting"],
        },
    }
    if refused := count["clients_quarantined"] + count["pets_quarantined"]:
        told += (
            f"\n\n{counted({'row': refused})} not taken{when}: `vet-pipeline status {practice_id}`"
            " says why"
        )
    for command, amounts in waiting.items():
        if said := counted(amounts):
            told += f"\n\n{said} for a person{when}: `vet-pipeline {command} list {practice_id}`"
    return told


def counted(amounts: Mapping[str, int]) -> str:
    """`2 new clients, 1 new pet`: what there is, in numbers; blank when there is nothing."""
    return ", ".join(
        f"{n:,} {_plural(noun) if n != 1 else noun}" for noun, n in amounts.items() if n
    )


def _plural(noun: str) -> str:
    """The first noun of the phrase in the plural: values that change, possible matches."""
    irregular = {
        "value that changes by itself": "values that change by themselves",
        "value changed by itself": "values changed by themselves",
        "change for a person to decide": "changes for a person to decide",
        "record that is missing": "records that are missing",
        "record that is back": "records that are back",
        "record now missing": "records now missing",
        "record back": "records back",
        "record linked to Home Delivery": "records linked to Home Delivery",
        "possible match": "possible matches",
        "link in question": "links in question",
        "pet that waits with its owner": "pets that wait with their owners",
    }
    return irregular.get(noun, f"{noun}s")
