"""What a life of a practice is drawn from: families, what the PIMS says of them, what persons do."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import strategies as st

from tests.model import values

FAMILIES = int(os.environ.get("MODEL_FAMILIES", "40"))  # of one practice
# Of them: those whose pet gets names and owners, and prescriptions, and little else.
NAMED = int(os.environ.get("MODEL_NAMED", "12"))


# Who is in the PIMS: `a` may be the home client H, `b` is a double of `a`, `s` is a stranger.
CLIENTS = ("a", "b", "s")
PETS = {"p": "a", "q": "a", "r": "b", "t": "s"}
TOLD = st.fixed_dictionaries(
    {
        "a": st.sampled_from(
            [("linked", "H"), ("linked", "H"), ("possible", "H"), ("possible", "HG"), ("new", "")]
        ),
        "b": st.sampled_from([("new", ""), ("linked", "H"), ("possible", "H")]),
        "p": st.sampled_from([("linked", "A"), ("linked", "A"), ("possible", "A")]),
        "r": st.sampled_from([("new", ""), ("linked", "A")]),
    }
)
FAMILY = st.fixed_dictionaries(
    {
        "home": st.sampled_from(values.HOME_CLIENTS),
        "pet": st.sampled_from(values.HOME_PETS),
        "told": TOLD,
        "late": st.sets(st.sampled_from(["a", "b", "p", "r"]), max_size=2),
    }
)


def edits(members: list[str], says: dict[str, list[values.Said]]) -> st.SearchStrategy[Any]:
    options = [(f, n) for f, options in says.items() for n in range(len(options))]
    return st.tuples(st.sampled_from(members), st.sampled_from(options))


PIMS_STEP = st.one_of(
    edits(["a", "a", "b"], values.CLIENT_SAYS),
    edits(["p", "p", "r", "q"], values.PET_SAYS),
    edits(["p", "r"], values.PET_SAYS),
    st.tuples(st.sampled_from("pq"), st.tuples(st.just("owner"), st.sampled_from([*"abs", ""]))),
    st.tuples(st.sampled_from("ap"), st.tuples(st.just("name"), st.just("slip"))),
    st.tuples(st.just("p"), st.tuples(st.sampled_from(["age", "weight"]), st.just("slip"))),
    st.tuples(st.just("a"), st.tuples(st.just("email"), st.just("slip"))),
    st.tuples(st.sampled_from("abpr"), st.just("come or go")),
    st.tuples(st.sampled_from("apq"), st.just("unreadable")),
)
LABELS = st.sampled_from(["its name", "its name", "Rexy", "Rex", "Max", "Maxy Lee"])
FOR_WHOM = st.sampled_from(["its owner", "its owner", "H", "a"])
ACT = st.one_of(
    st.tuples(st.just("decide"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("decide"), st.integers(0, 9), st.just(True)),
    st.tuples(st.just("reopen"), st.integers(0, 9), st.none()),
    st.tuples(st.just("word"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("join"), st.sampled_from("abspqr"), st.sampled_from("HHGsaAAq")),
    st.tuples(st.just("undo"), st.sampled_from(["a", "b", "p", "r"]), st.none()),
    st.tuples(st.just("client"), st.sampled_from("HHa"), st.sampled_from(values.CLIENT_EDITS)),
    st.tuples(st.just("pet"), st.sampled_from("AAq"), st.sampled_from(values.PET_EDITS)),
    st.tuples(st.just("prescribe"), st.sampled_from("AAAqp"), st.tuples(LABELS, FOR_WHOM)),
    st.tuples(st.just("pharmacist"), st.integers(0, 9), st.sampled_from(["active", "ended"])),
)


_NAMED = st.fixed_dictionaries(
    {
        "home": st.just(values.HOME_CLIENTS[0]),
        "pet": st.sampled_from(values.HOME_PETS),
        "told": st.just({pid: ("linked", "H" if pid in "ab" else "A") for pid in "abpr"}),
        "late": st.sets(st.sampled_from(["b", "r"]), max_size=2),
    }
)
_NAMED_STEP = st.one_of(
    edits(["p", "r"], {"name": values.PET_SAYS["name"]}),
    edits(["p", "r"], {"name": values.PET_SAYS["name"]}),
    st.tuples(st.just("p"), st.tuples(st.just("owner"), st.sampled_from("abs"))),
    st.tuples(st.sampled_from("br"), st.just("come or go")),
)
_NAMED_ACT = st.one_of(
    st.tuples(st.just("decide"), st.integers(0, 9), st.just(True)),
    st.tuples(st.just("decide"), st.integers(0, 9), st.just(True)),
    st.tuples(st.just("decide"), st.integers(0, 9), st.just(False)),
    st.tuples(st.just("reopen"), st.integers(0, 9), st.none()),
    st.tuples(st.just("word"), st.integers(0, 3), st.just(True)),
    st.tuples(st.just("join"), st.sampled_from("abpr"), st.sampled_from("HA")),
    st.tuples(st.just("undo"), st.sampled_from("abpprr"), st.none()),
    st.tuples(st.just("pet"), st.just("A"), st.sampled_from(values.PET_NAMES)),
    st.tuples(st.just("prescribe"), st.sampled_from("AAAp"), st.tuples(LABELS, FOR_WHOM)),
    st.tuples(st.just("pharmacist"), st.integers(0, 9), st.just("active")),
    st.tuples(st.just("pharmacist"), st.integers(0, 9), st.sampled_from(["active", "ended"])),
)


def each(
    steps: st.SearchStrategy[Any], named: st.SearchStrategy[Any] | None = None
) -> st.SearchStrategy[list[Any]]:
    """One draw for each family; `named`: for those whose pets get names."""
    rest = st.lists(steps, min_size=FAMILIES - NAMED, max_size=FAMILIES - NAMED)
    theirs = st.lists(steps if named is None else named, min_size=NAMED, max_size=NAMED)
    return st.tuples(rest, theirs).map(lambda both: both[0] + both[1])


FAMILY_EACH = each(FAMILY, _NAMED)
AWAY_EACH = each(st.sampled_from([None, None, "come or go", "unreadable"]))
PIMS_EACH = each(st.lists(PIMS_STEP, max_size=3), st.lists(_NAMED_STEP, max_size=2))
ACT_EACH = each(ACT, _NAMED_ACT)
ACTS_EACH = each(
    st.lists(ACT, min_size=1, max_size=2), st.lists(_NAMED_ACT, min_size=1, max_size=3)
)
