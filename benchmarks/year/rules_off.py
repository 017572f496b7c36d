"""Rules of the pipeline, each of which can be switched off to see what it earns.

A rule earns its keep where harms rise without it (or questions, if it is there to spare them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from vet_pipeline.deltas import guards
from vet_pipeline.scriptright.records import another

_LOAD, _RECORDS = "vet_pipeline.scriptright.load", "vet_pipeline.scriptright.records"


def _no(*_: Any, **__: Any) -> bool:
    return False


def _nothing(*_: Any, **__: Any) -> set[str]:
    return set()


def _guards_without(*rules: str) -> Callable[..., Any]:
    real = guards.evaluate_guards

    def evaluate(*arguments: Any, **more: Any) -> list[guards.GuardBreach]:
        found = real(*arguments, **more)
        return [one for one in found if not one.rule.startswith(rules)]

    return evaluate


def _guard(*rules: str) -> dict[str, Any]:
    return {"vet_pipeline.deltas.guards.evaluate_guards": _guards_without(*rules)}


def _without_judge(field: str) -> dict[str, Any]:
    from vet_pipeline.deltas import changes

    judges = {key: judge for key, judge in changes._JUDGES.items() if key[1] != field}
    return {"vet_pipeline.deltas.changes._JUDGES": judges}


def _another_or_not(*arguments: Any) -> another.Unlike:
    """Nothing that a person was asked, and no email, makes less of it enough."""
    level = another.unlike(*arguments)
    return level if level >= another.Unlike.ANOTHER else another.Unlike.NOT


def rules() -> dict[str, dict[str, Any]]:
    """By name: what is put in place of what."""
    handed_on, another_ = f"{_LOAD}.handed_on", f"{_RECORDS}.another"
    return {
        "handed_on": {
            f"{_LOAD}.apply_changes.ask_about_another": lambda _1, _2, _3, changes: changes
        },
        "handed_on.elsewhere": {f"{handed_on}._elsewhere": _nothing},
        "logins.strangers": {f"{_LOAD}.logins.strangers_logins": _nothing},
        "logins.practices_own": {f"{_LOAD}.logins.practices_own": _nothing},
        "handed_on.weighed_dead": {f"{handed_on}._weighed_dead": _nothing},
        "handed_on.nameless": {f"{handed_on}._nameless": _nothing},
        "handed_on.before": {
            f"{handed_on}._before": lambda changes, now, here: {
                **now, **{k: v for c in changes for k, v in c.old.items()}
            },
        },
        "handed_on.taken_back": {f"{handed_on}.take_back": lambda *_: []},
        "handed_on.words": {f"{handed_on}.words_on": lambda *_: {}},
        "another.emptied": {
            f"{handed_on}.is_emptied": _no, f"{_RECORDS}.in_question.is_emptied": _no,
        },
        "another.levels": {
            f"{handed_on}.unlike": _another_or_not, f"{_RECORDS}.in_question.unlike": _another_or_not,
        },
        "another.lives_again": {f"{another_}._lives_again": _no},
        "another.weighed_since": {f"{another_}._weighed_since": _no},
        "another.was_here_before": {f"{another_}._was_here_before": _no},
        "another.weights": {f"{another_}._is_half": _no},
        "another.grown": {f"{another_}._may_grow": _no},
        "another.grown_always": {f"{another_}._may_grow": lambda *_, **__: True},
        "another.bred_apart": {f"{another_}.are_bred_apart": _no},
        "another.given_apart": {f"{another_}.are_given_apart": _no},
        "another.surnamed_apart": {f"{another_}.are_surnamed_apart": _no},
        "set_aside": {f"{_LOAD}.apply_records.set_pets_aside": lambda _: []},
        "came_back": {
            f"{_LOAD}.apply_changes.mark_what_came_back": lambda _1, _2, changes: changes
        },
        "told_before": {f"{_LOAD}.told_before.is_told": _no},
        "put_off": {f"{_LOAD}.apply_changes.ask_again": lambda *_: []},
        "others_now": {f"{_LOAD}.apply_matching.others_now": lambda *_: []},
        "missing_pets": {f"{_LOAD}.pets_in_doubt._of_missing_pets": lambda *_: {}},
        "other_lifetimes": {f"{_LOAD}.pets_in_doubt._of_another_lifetime": lambda *_: {}},
        "older_weighing": _without_judge("weight"),
        "guards": _guard(""),
        "guards.missing": _guard("clients_missing", "pets_missing", "records_missing"),
        "guards.died": _guard("newly_deceased"),
        "guards.lives": _guard("no_longer_dead"),
        "guards.weights": _guard("weights_", "weighings_redated"),
        "guards.earlier": _guard("weighings_earlier"),
        "guards.emails": _guard("emails_changed"),
        "guards.fields": _guard("client_", "pet_"),
        "guards.new": _guard("new_"),
    }  # fmt: skip


@contextmanager
def replaced(instead: dict[str, Any]) -> Iterator[None]:
    """Names of the pipeline with something else in their place."""
    with ExitStack() as stack:
        for target, other in instead.items():
            stack.enter_context(patch(target, other))
        yield


@contextmanager
def without(name: str) -> Iterator[None]:
    """Live without this rule; with all for ''."""
    with replaced(rules()[name] if name else {}):
        yield
