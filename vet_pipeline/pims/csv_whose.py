"""In a list that has columns of clients and of their pets: whose one is that doesn't say."""

from __future__ import annotations

from collections.abc import Container, Sequence, Set
from dataclasses import replace

from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.pims.connector import CsvFile
from vet_pipeline.pims.csv_export import Export
from vet_pipeline.pims.csv_headers import header_told, places, says_whose, state_header
from vet_pipeline.pims.shape import ACCEPT
from vet_pipeline.snapshots.contract import CLIENT_KEY, PATIENT_KEY

# A client has these, too: by a client's status all of that client's pets would be dead.
_MAY_BE_THE_CLIENTS = ("birth_date", "deceased_flag", "deceased_date", "status")


def without_the_clients(
    patients: Export, wanted: CsvFile, of_clients: CsvFile, before: Container[str]
) -> Export:
    """The patients without what seems to be their clients', which is told as never read.

    It stands among the columns of the clients, and no two pets of one client differ in it. What a person
    has stated is the pets'. SnapshotShapeChanged where it was read as that `before`.
    """
    may_be = [
        name
        for name in patients.columns.keys() & _MAY_BE_THE_CLIENTS
        if name not in wanted.stated and not says_whose(patients.headers[name], wanted.about)
    ]
    known = {at for name in of_clients.columns for at in places(patients.header, name, of_clients)}
    theirs: list[str] = []
    for name in sorted(may_be, key=patients.places.__getitem__):
        is_among = _stands_among_theirs(patients, (*theirs, name), known)
        if is_among and not _differs_within_clients(patients, name):
            theirs.append(name)
    if changed := [name for name in theirs if f"patients.{name}" in before]:
        header = header_told(patients.headers[changed[0]])
        raise SnapshotShapeChanged(
            f"export of patients: {header} has been the pets', and stands among the clients' columns, with no"
            " two pets of one client that differ in it",
            next_step=f"where it is the pets': {state_header('patients', changed[0], header)}; where it is the"
            f" clients': {ACCEPT}",
        )
    read = {name: cells for name, cells in patients.columns.items() if name not in theirs}
    return replace(patients, columns=read, theirs=tuple(theirs))


def names_pets(clients: Export, of_patients: CsvFile, *, of_both: bool) -> bool:
    """Whether the clients' full names are in truth the pets' names, in a list that has pets, too.

    Not in a list of clients alone that lacks a part of their names: it may have a number of a patient.
    """
    has_pets = bool(places(clients.header, PATIENT_KEY, of_patients))
    has_whole_names = {"first_name", "last_name"} <= clients.places.keys()
    is_a_name = clients.places.get("full_name") in places(clients.header, "name", of_patients)
    return is_a_name and has_pets and (of_both or has_whole_names)


def _stands_among_theirs(patients: Export, names: Sequence[str], known: Set[int]) -> bool:
    """Whether the next column to the left that is known is a client's: such lists begin each with an id.

    Of the last of the `names`, beside the others, which are the clients' already. `known`: where columns
    of the clients may stand.
    """
    ours = {at for column, at in patients.places.items() if column not in (CLIENT_KEY, *names)}
    theirs = known - ours
    left = [at for at in theirs | ours if at < patients.places[names[-1]]]
    # The client's id alone stands in each list of patients.
    return bool(left) and max(left) in theirs - {patients.places[CLIENT_KEY]}


def _differs_within_clients(patients: Export, name: str) -> bool:
    """Blanks behind a client's first pet are none: there a client's own may stand beside that one alone."""
    said: dict[str | None, str | None] = {}
    pairs = zip(patients.columns[CLIENT_KEY], patients.columns[name], strict=True)
    return any(said.setdefault(owner, cell) != cell and cell for owner, cell in pairs if owner)
