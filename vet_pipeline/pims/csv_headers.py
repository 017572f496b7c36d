"""Headers of an export: how they are spelled, and what those that aren't known may be about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.connector import CsvFile

# A header that isn't known is never shown; that it says one of these may be. A list of clients with
# their pets is both exports, so each has the other's columns.
_NUMBERS = frozenset(
    {"phone", "telephone", "tel", "cell", "mobile", "mob", "ph", "ext", "extension", "deleted"}
)
_TELLING = {
    "clients": _NUMBERS | {
        "address", "addr", "street", "house", "apt", "apartment", "suite", "unit", "city", "town",
        "suburb", "state", "province", "zip", "postal", "postcode", "email",
    },
    "patients": frozenset({
        "weight", "weighed", "wt", "wgt", "kg", "lb", "lbs", "birth", "birthday", "bday", "birthdate", "born", "dob",
        "deceased", "dead", "death", "died", "alive", "euthanized", "euthanised", "euthanasia", "pts",
        "species", "breed", "deleted", "unit", "uom",
    }),
    "phones": _NUMBERS,
}  # fmt: skip
# Where the words of "MailingAddress" and "Email2" meet.
_MEET = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_E_MAIL = re.compile(r"\be[-_ ]mail", re.IGNORECASE)


# What has to be there, to who never saw a database.
_MEANING = {
    "client_key": "the client's number, client_key,",
    "patient_key": "the patient's own number, patient_key,",
    "name": "the patient's name",
    "number": "the telephone number",
}

MOST_COLUMNS = 1 << 14  # as a sheet of Excel's
_SURE = 2  # ways in which a header is listed for the column itself


def telling(part: str, ignored: Sequence[str]) -> tuple[str, ...]:
    """The words of headers that say what this export may hold; a "Weight Unit" is the other's."""
    ours = _TELLING[part] | {f"{word}s" for word in _TELLING[part]}
    others = frozenset().union(*_TELLING.values()) - ours
    headers = [
        set(_folded(_MEET.sub(" ", _E_MAIL.sub("email", header))).split()) for header in ignored
    ]
    return tuple(sorted({w for words in headers if not words & others for w in words & ours}))


def places(header: Sequence[str], name: str, wanted: CsvFile) -> list[int]:
    """Where a column stands, by how each of its headers may be spelled, the surest way first.

    As it is listed. Run together (ZipCode): an address is one unit, and a line of it under a header
    that isn't known would be lost in silence. With a sign for "number" (Client #), or a word for
    whose it is (Client City). Of several in those less sure ways none is taken: they are told as
    never read.
    """
    found, is_sure = _could_be(header, name, wanted)
    return found if len(found) == 1 or is_sure else []


def _could_be(header: Sequence[str], name: str, wanted: CsvFile) -> tuple[list[int], bool]:
    """Where a column may stand by the surest way in which any header is one, and if it is sure."""
    # "Patient #" is no patient's name.
    is_free = name.endswith("_key") or name in wanted.stated
    numbers = () if is_free else {f"{word}number" for word in wanted.about}
    for way, (spelled, known) in enumerate(_ways(name, wanted)):
        if found := [
            place
            for place, cell in enumerate(header)
            if cell and spelled(cell) in known and _numbered(cell) not in numbers
        ]:
            return found, way < _SURE
    return [], False


def placed(part: str, header: Sequence[str], wanted: CsvFile, *, of_both: bool) -> dict[str, int]:
    """Where each column stands that is there.

    With `of_both` a mark of deletion counts where it says whose it is: a deleted pet's client is none.

    Raises:
        SnapshotShapeChanged: a required one is missing, or several headers could be one.
    """
    taken: dict[str, int] = {}
    for name in wanted.columns:
        # Beside a city a suburb is one; alone it has been taken for the city already.
        likely = places(header, name, wanted)
        if not likely and name in wanted.required:
            likely = _could_be(header, name, wanted)[0]
        found = [place for place in likely if place not in taken.values()]
        if len(found) > 1:
            names = [in_words(header[place], name, wanted) for place in found]
            step = "leave all but one of the columns out of the export, or rename them"
            if len({_as_written(one) for one in names}) == len(names):
                step = f"state which one is: {state_header(part, name)}; or {step}"
            raise SnapshotShapeChanged(
                f"export of {part}: {len(found)} headers could be {name} ({', '.join(names)})",
                next_step=step,
            )
        if found:
            taken[name] = found[0]
    missing = [name for name in wanted.required if name not in taken]
    if missing:
        raise shape(part, f"no header for {', '.join(missing)}", wanted, missing)
    is_theirs = "deleted" in wanted.stated or not of_both
    if "deleted" in taken and not (is_theirs or says_whose(header[taken["deleted"]], wanted.about)):
        del taken["deleted"]
    for name in [name for name in taken if name.endswith("_extension")]:
        if name.removesuffix("_extension") not in taken:  # of which number, nobody can say
            del taken[name]
    return taken


def in_words(header: str, name: str, wanted: CsvFile) -> str:
    """A header as it is, or as it is known: "HomePhone" as a phone's label names no kind."""
    listed = wanted.columns[name], wanted.otherwise.get(name, ()), wanted.last.get(name, ())
    if any(_folded(header) in map(_folded, names) for names in listed):
        return header
    ways = ((spelled(header), known) for spelled, known in _ways(name, wanted))
    return next(known[header] for header, known in ways if header in known)


def are_of_one_kind(key: str, owner: str, beside_key: Sequence[str], *, stated: bool) -> bool:
    """Whether pets name their owner by the clients' key, by the headers of both.

    Another column of the clients' is none, and a code or the number of an account is no id (IntraVet
    has both): other clients may have those. That the other kind is one all the same may be `stated`.
    """
    is_beside = _letters(owner) in map(_letters, beside_key)
    return not is_beside and (stated or kind_of_number(owner) == kind_of_number(key))


def _ways(name: str, wanted: CsvFile) -> Iterator[tuple[Callable[[str], str], dict[str, str]]]:
    """Those that were known first stand first: what a running practice's keys are goes on to be them."""
    listed, otherwise = wanted.columns[name], wanted.otherwise.get(name, ())
    if name in wanted.stated:
        for spelled in (_as_written, _letters):
            yield spelled, {spelled(each): each for each in listed if spelled(each)}
        return
    yield _folded, {_folded(each): each for each in listed}
    yield from _spelled(name, listed, wanted)
    yield from _spelled(name, otherwise, wanted)
    yield _numbered, {_run_together(each): each for each in (*otherwise, *listed)}
    last = wanted.last.get(name, ())
    yield from _spelled(name, last, wanted)
    yield _numbered, {_run_together(each): each for each in last}


def _spelled(
    name: str, names: Sequence[str], wanted: CsvFile
) -> Iterator[tuple[Callable[[str], str], dict[str, str]]]:
    known = {_run_together(each): each for each in names}
    yield _run_together, known
    if not name.endswith("_key"):  # a patient's account is none of the client's
        yield partial(_without, wanted.about), known


def _without(about: Sequence[str], header: str) -> str:
    said = _run_together(header)
    return next((said[len(word) :] for word in about if said.startswith(word)), said)


def says_whose(header: str, about: Sequence[str]) -> bool:
    """Whether a word for whose it is stands before it: Patient Status."""
    return _without(about, header) != _run_together(header)


@lru_cache(maxsize=2 * MOST_COLUMNS)  # each is compared with some hundred names
def _folded(header: str) -> str:
    said = re.sub(r"(?<=[a-z])['\u2019]s\b", "", header.casefold())  # Patient's Name
    return re.sub(r"[^a-z0-9]+", " ", said).strip()


def _run_together(header: str) -> str:
    return _folded(header).replace(" ", "")


def _numbered(header: str) -> str:
    return _run_together(re.sub(r"#\s*$", "number", header))  # Client #


def _as_written(header: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", header).casefold().split())


def _letters(header: str) -> str:
    """Of a header that a person has stated, in whatever alphabet: "Acct #" isn't "Acct"."""
    return re.sub(r"[\W_]+", "", re.sub(r"#$", "number", _as_written(header)))


def kind_of_number(header: str) -> str | None:
    """Whether a header of numbers says that they are codes or accounts; None of ids."""
    said = _run_together(header).replace("acct", "account")
    return next((word for word in ("code", "account") if word in said), None)


def shape(
    part: str, what: str, wanted: CsvFile, missing: Sequence[str] = ()
) -> SnapshotShapeChanged:
    """That an export isn't one that can be read, and how what is `missing` would have to be headed."""
    missing = missing or wanted.required
    names = "; ".join(
        f"{_MEANING.get(name, name)} may be headed {', '.join(wanted.columns[name])}"
        for name in missing
    )
    return SnapshotShapeChanged(
        f"export of {part}: {what}",
        next_step=f"export with a header row: {names} (all: vet_pipeline/pims/csv/connector.toml); or"
        f" state another header: {state_header(part, missing[0])}",
    )


def header_told(header: str) -> str:
    """A header that is listed in a line of a message, though it may be one of two lines."""
    return " ".join(header.split())


def state_header(part: str, name: str, header: str = "HEADER") -> str:
    """How a person states which header of an export is a column's."""
    return (
        f'vet-pipeline practice set ID headers.{part}.{name}="{header}" --by NAME'
        f' (connector check: --header {part}.{name}="{header}")'
    )
