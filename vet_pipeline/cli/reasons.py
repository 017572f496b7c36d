"""What the words under *why* ask of a person who decides, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ASKS = {
    # The question isn't whether it is one animal: it mostly is, and the answer says if it lives.
    "weighed_since_death": "dead by this entry, and weighed since: ask the practice whether it lives;"
    " if it does, undo the link; kept, it stays dead",
    "dead_by_another": "dead by the other entry, and weighed by this one since: ask the practice"
    " whether it lives; if it does, have that saved in ScriptRight; kept, it stays dead",
    "missing_pet": "the pet's own entry is gone from the PIMS, or says another animal: is this its"
    " new number, an entry that it was merged into, or the owner's next pet?",
    "born_later": "born after ScriptRight had the pet: the owner's next one, or a slip in the birth"
    " date?",
    "died_earlier": "it had died before ScriptRight had the pet, which lives: the one before it, or a"
    " slip in the day? The same makes the pet dead",
    "told_apart": "somebody has said not the same: of these two, one of which says something else"
    " since, or of an entry that is gone and may be this one",
    "owners_differ": "its owner in the PIMS is another client here than the pet's",
    "two_of_one_owner": "another entry of the same owner is this pet, too: one pet entered twice, or"
    " two pets?",
    "rival": "another one, here or in the PIMS, is as likely: look at both",
    "weak_evidence": "much is alike, not enough for the machine",
    "became_blank": "the PIMS has nothing there any more; confirmed, ScriptRight hasn't either, and a"
    " dead pet lives",
    "differs_at_merge": "both had a value when the two were linked; ScriptRight's is the one in use",
    "came_back": "the PIMS has again what it had before a blank, and ScriptRight holds another value",
    "many_alike": "most of this practice's few changed at once: ask the practice whether that is right",
    "another_record": "look who it is by now; still the same one: confirm its name first, then the"
    " rest; another one: reject all of it, and have the practice give it a number of its own (or `link part`)",
    "sources_disagree": "several entries of the PIMS are this record, and they differ; this is what"
    " one of them says",
    "older_weighing": "weighed before the weight that is in use, or it may have been",
    "undated_weighing": "on which day isn't known: it may be older than the weight in use",
    "unit_unknown": "in place of known kilograms a number without a unit, or with one in which no animal of"
    " its kind weighs so much or little: a decimal point lost?",
    "not_deceased": "the PIMS says for the first time that the pet lives; here it is dead",
    "unreadable": "the PIMS said dead, and has something there now that can't be read",
    "was_unreadable": "what the PIMS has can be read only now, and ScriptRight holds another value",
    "baseline_unreadable": "what the PIMS said before can't be read: it may be no change at all",
    "evidence": "the machine would have linked them, but this practice's links wait for a person",
}


def plain(word: str) -> str:
    """The word as people read it."""
    return word.replace("_", " ")


def asks(reason: str) -> str:
    """The word, and what it asks where that isn't plain from it."""
    return f"{plain(reason)} ({_ASKS[reason]})" if reason in _ASKS else plain(reason)


def told_below(reasons: Iterable[str], besides: Mapping[str, str]) -> list[str]:
    """A line for each of these words that a list has, where it isn't plain what it asks."""
    known = {**besides, **_ASKS}
    return [f"{plain(one)}: {known[one]}" for one in dict.fromkeys(reasons) if one in known]


def all_ask(reasons: Iterable[str]) -> str:
    """Several of them, in one line."""
    return ", ".join(asks(reason) for reason in reasons)
