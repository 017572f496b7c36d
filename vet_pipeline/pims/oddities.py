"""What a profile of a PIMS shows that a person should know before the first copy: sentences."""

from __future__ import annotations

from collections.abc import Mapping

from vet_pipeline.counted import counted
from vet_pipeline.normalize.dates import ORDER_UNKNOWN, date_order_advice
from vet_pipeline.normalize.deceased import unknown_word_advice
from vet_pipeline.normalize.weights import unit_advice
from vet_pipeline.pims.profile import Profile

# Of fewer dead animals a share says nothing.
_FEW = 25
# Of so many patients some have died, unless the living alone are exported.
_MANY = 100
_OF_DEATH = ("patients.deceased_flag", "patients.status")
_WORDS_STEP = (
    ": who is dead by such a word alone isn't copied as dead. Next step: "
    + unknown_word_advice("ID")
)
_SHARED_STEP = {
    "clients": "",
    "patients": ": where their rows differ, as those of an animal with a row for each of its owners or"
    " weighings, or where the numbers begin anew with each client, none is copied. Next step: let the"
    " export or view name one owner, the one who orders, and the last weight, and a number that no other has",
}
# What a practice of some size has of somebody; of nobody, it stands where it isn't looked for.
_OF_SOMEBODY = {
    "addresses": ("clients.address_line1", "clients.address_line2", "clients.address_line3"),
    "telephone numbers": ("clients.phones",),
    "emails": ("clients.email",),
    "species": ("patients.species",),
    "breeds": ("patients.breed",),
    "birth dates": ("patients.birth_date",),
    "weights": ("patients.weight",),
    "deaths": ("patients.deceased_flag", "patients.deceased_date", "patients.status"),
}
_NUMBERS_STEP = (
    ", {} of them a spreadsheet's numbers of days. Next step: give the column a date's format there,"
    " year first, and export it anew before the first copy"
)
_ENTERED = ", or be the day on which deaths were entered (taken for none, it has those pets alive)"


def oddities(found: Profile) -> list[str]:
    """One sentence each, with its next step."""
    return [*_of_rows(found), *_of_columns(found), *_of_values(found), *found.first_copy]


def _of_rows(found: Profile) -> list[str]:
    odd = [
        f"{counted(rows, 'row')} will be quarantined ({why})"
        for why, rows in found.quarantined.items()
    ]
    odd += [
        f"{counted(rows, part[:-1])} with the key of another" + _SHARED_STEP[part]
        for part, rows in found.keys_repeated.items()
        if rows
    ]
    if found.patients_without_client:
        odd.append(
            f"{counted(found.patients_without_client, 'patient')} with an owner who isn't a client won't be copied."
            " Next step: where most do, see that both exports or views have the same numbers, written alike"
            " (7, not 7.0 or 0007)"
        )
    if found.patients_without_owner:
        odd.append(
            f"{counted(found.patients_without_owner, 'patient')} without an owner will be copied as nobody's. Next step:"
            " where the PIMS knows one, as a list does that names the client only beside the first of its"
            " pets, let each row name it before the first copy"
        )
    return odd


def _of_columns(found: Profile) -> list[str]:
    """What the practice has, by all likelihood, and no column that is read holds."""
    odd = []
    absent = _of_nobody(found.filled) if found.patients >= _FEW else []
    if absent:
        odd.append(
            f"there are no {', '.join(absent)} at all. Next step: where the PIMS has them, see which column"
            " holds them, and before the first copy give it a name that the connector reads"
            " (docs/connectors.md)"
        )
    if _lacks_streets(found.filled):
        odd.append(
            "most addresses have a city or postal code and no street: parcels would go out without one."
            " Next step: see which column holds it, and before the first copy give it a name that the"
            " connector reads (docs/connectors.md)"
        )
    if found.deceased >= _FEW and found.deceased > found.patients / 2:
        odd.append(
            f"{found.deceased} of {found.patients} patients come as deceased. Next step: see below which"
            " words say so; a column that says the contrary (active), or a date for none, is the connector's"
            " to mend before the first copy (docs/connectors.md)"
        )
    if found.patients >= _MANY and not found.deceased and "deaths" not in absent:
        odd.append(
            f"none of {found.patients} patients comes as deceased. Next step: where the PIMS keeps deaths"
            " elsewhere, as in the reason why a patient is inactive, let the export or view deliver that as"
            " its flag, date or status before the first copy"
        )
    if found.without_number > max(2, found.filled["clients.phones"] * found.clients / 2):
        odd.append(
            f"of {found.without_number} clients no telephone number can be taken: they are read as numbers of"
            " phone_region, the US where nobody has set it. Next step: where the practice is elsewhere,"
            " before the first copy: vet-pipeline practice set ID phone_region=GB (CA, AU, ...) --by NAME"
        )
    if found.lost_letters:
        odd.append(
            f"{found.lost_letters} clients and patients have a question mark within a word of a name or"
            " address, as in Mu?oz: letters were lost before they were read. Next step: let the export, the"
            " driver or the view have a character set that holds them, before the first copy"
        )
    if found.read_twice:
        odd.append(
            f"{found.read_twice} clients and patients have a name or address like MuÃ±oz, for Muñoz: the PIMS"
            " keeps UTF-8 in columns of another character set, or a program saved an export anew. Next step:"
            " let the export or the view give it as UTF-8 before the first copy; on MariaDB and MySQL"
            " CONVERT(CAST(CONVERT(last_name USING latin1) AS BINARY) USING utf8mb4)"
        )
    return odd


def _of_values(found: Profile) -> list[str]:
    """Weights, words and dates that wouldn't be understood, or wrongly."""
    odd = []
    if found.weights_without_unit:
        odd.append(
            f"{counted(found.weights_without_unit, 'weight')} without a unit will have no kilograms; a setting"
            f" changes nothing that was copied. Next step: {unit_advice('ID')}"
        )
    odd += [
        f"{column}: {counted(len(vocabulary.unknown), 'word')} not understood "
        f"({', '.join(vocabulary.unknown)}){_WORDS_STEP if column in _OF_DEATH else ''}"
        for column, vocabulary in found.vocabularies.items()
        if vocabulary.unknown
    ]
    odd += [
        f"{column}: {counted(dates.not_taken, 'date')} can't be taken"
        + (_NUMBERS_STEP.format(dates.numbers) if dates.numbers else "")
        for column, dates in found.dates.items()
        if dates.not_taken
    ]
    if found.born_at:
        odd.append(
            f"patients.birth_date: {sum(found.born_at.values())} are at {' or '.join(found.born_at)}, as midnight"
            " is by a clock elsewhere (UTC): each would be taken for the day before. Next step: before the first"
            " copy let the view or export give days by the practice's own clock, as"
            " (born AT TIME ZONE 'Europe/London')::date does"
        )
    days = sorted({dates.one_day for dates in found.dates.values() if dates.one_day})
    odd += [
        f"{column}: {dates.on_one_day} are of {dates.one_day}, which may stand for none"
        f"{_ENTERED if column == 'patients.deceased_date' else ''}. Next step: ask the practice"
        f"{' which of these days do' if len(days) > 1 else ''}, and before the first copy:"
        f' vet-pipeline practice set ID blank_dates="{", ".join(days)}" --by NAME'
        for column, dates in found.dates.items()
        if dates.one_day
    ]
    if any(value.endswith(f": {ORDER_UNKNOWN}") for value in found.not_taken):
        step = date_order_advice("ID")
        odd.append(f"nobody can say whether day or month comes first. Next step: {step}")
    return odd


def _of_nobody(filled: Mapping[str, float]) -> list[str]:
    return [
        what for what, columns in _OF_SOMEBODY.items() if not any(filled[each] for each in columns)
    ]


def _lacks_streets(filled: Mapping[str, float]) -> bool:
    place = max(filled["clients.city"], filled["clients.postal_code"])
    street = max(filled[f"clients.address_line{line}"] for line in (1, 2, 3))
    return street < place / 2
