"""What `connector check` says of numbers of another country, and of letters that were lost."""

from __future__ import annotations

from pathlib import Path

from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions

HEAD = "Client ID,Last Name,Address,Phone\n"
OF_LONDON = "".join(f"{n},Lee,{n} High St,020 7946 {n:04}\n" for n in range(30))


def warnings(tmp_path: Path, clients: str, patients: str = "1,0,Rex\n") -> list[str]:
    (tmp_path / "clients.csv").write_text(HEAD + clients)
    (tmp_path / "patients.csv").write_text("Patient ID,Client ID,Name\n" + patients)
    options = ReadOptions(limits={"settle_seconds": 0})
    return check_connector(load_connector("csv"), f"FOLDER={tmp_path}", options=options).warnings


def test_numbers_of_another_country_are_told_before_the_first_copy(tmp_path: Path) -> None:
    """A later setting fills none of them in."""
    assert warnings(tmp_path, OF_LONDON) == [
        "of 30 clients no telephone number can be taken: they are read as numbers of phone_region, the"
        " US where nobody has set it. Next step: where the practice is elsewhere, before the first copy:"
        " vet-pipeline practice set ID phone_region=GB (CA, AU, ...) --by NAME"
    ]


def test_some_slips_among_numbers_that_are_taken_are_none_of_another_country(
    tmp_path: Path,
) -> None:
    taken = "".join(f"{n},Lee,{n} High St,217-555-{n:04}\n" for n in range(100, 140))
    assert warnings(tmp_path, OF_LONDON + taken) == []


def test_letters_that_were_lost_before_the_read_are_told(tmp_path: Path) -> None:
    told = warnings(
        tmp_path, "0,Mu?oz,1 Hauptstra?e,\n1,O?Neil,,\n2,Lee?,??,\n3,NÃºÃ±ez,,\n", "1,0,Jos?phine\n"
    )
    assert told == [
        "4 clients and patients have a question mark within a word of a name or address, as in Mu?oz, or"
        " two signs for a letter, as in JosÃ©: letters were lost before they were read. Next step: let the"
        " export, the driver or the view have a character set that holds them, and no spreadsheet save an"
        " export anew, before the first copy"
    ]
