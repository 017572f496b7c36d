"""`connector check` of deaths: flags that say the contrary, days that stand for none or for many."""

from __future__ import annotations

from tests.pims.conftest import Server
from tests.pims.test_check import CLIENTS, check
from tests.pims.views import make


def test_an_inverted_flag_and_a_day_for_none_are_told_before_the_first_copy(
    sqlite: Server,
) -> None:
    patients = [
        {"patient_key": str(n), "client_key": "C1", "name": "Rex", "weight_date": "2001-01-01"}
        | {"deceased_flag": "yes" if n < 30 else "no", "weight": "9 kg", "species": "cat"}
        | {"breed": "DSH", "birth_date": f"2010-01-{n % 28 + 1:02}"}
        for n in range(40)
    ]
    report = check(sqlite, make(sqlite, clients=CLIENTS, patients=patients))
    assert report.ready
    assert [warning.partition(". Next step: ")[0] for warning in report.warnings[1:]] == [
        "30 of 40 patients come as deceased",
        "patients.weight_date: 40 are of 2001-01-01, which may stand for none",
    ]
    assert 'ID blank_dates="2001-01-01" --by NAME' in report.warnings[-1]
    assert report.profile is not None
    assert report.profile.deceased == 30


def test_a_day_of_many_deaths_is_told_as_one_on_which_they_may_have_been_entered(
    sqlite: Server,
) -> None:
    """Taken for none it brings each pet to life that is dead by its date alone; births had the one command."""
    patients = [
        {"patient_key": str(n), "client_key": "C1", "name": "Rex", "birth_date": "2001-01-01"}
        | {"deceased_date": "2019-03-04"}
        for n in range(40)
    ]
    report = check(sqlite, make(sqlite, clients=CLIENTS, patients=patients))
    births, deaths = report.warnings[-2:]
    step = ". Next step: ask the practice which of these days do, and before the first copy:"
    assert births.startswith(
        "patients.birth_date: 40 are of 2001-01-01, which may stand for none" + step
    )
    assert deaths.startswith(
        "patients.deceased_date: 40 are of 2019-03-04, which may stand for none, or be the day on which"
        " deaths were entered (taken for none, it has those pets alive)" + step
    )
    assert 'blank_dates="2001-01-01, 2019-03-04" --by NAME' in births


def test_a_practice_of_which_no_patient_has_died_is_told(sqlite: Server) -> None:
    """Its deaths were reasons why patients are inactive: parcels would have gone to the dead."""
    patients = [
        {"patient_key": str(n), "client_key": "C1", "name": "Rex", "status": "Inactive"}
        for n in range(100)
    ]
    told = [
        warning
        for warning in check(sqlite, make(sqlite, clients=CLIENTS, patients=patients)).warnings
        if "deceased" in warning
    ]
    assert told == [
        "none of 100 patients comes as deceased. Next step: where the PIMS keeps deaths elsewhere, as in the"
        " reason why a patient is inactive, let the export or view deliver that as its flag, date or status"
        " before the first copy"
    ]
