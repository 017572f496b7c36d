"""The end of a run: its rows add up on the screen, and it says where something waits."""

from __future__ import annotations

import io

from rich.console import Console

from vet_pipeline.cli.run import RunReport, print_report


def ended(**counts: int) -> list[str]:
    """The lines of an applied refresh's report."""
    report = RunReport(
        practice="oak",
        state="applied",
        run_id="r",
        seconds=1.0,
        snapshot=2,
        read={"clients": 298, "patients": 499},
        quarantined=2,
        counts=counts,
        failed_checks={},
        error="",
        error_class="",
    )
    said = io.StringIO()
    print_report(Console(file=said, width=80), report)
    return said.getvalue().splitlines()


def test_a_quiet_refresh_says_that_its_rows_are_unchanged() -> None:
    lines = ended(clients_unchanged=297, pets_unchanged=498, clients_new=0)
    rows = [line.split("│")[1:3] for line in lines if "│" in line]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["clients read", "298"],
        ["patients read", "499"],
        ["unchanged", "795"],
        ["quarantined", "2"],
        ["clients new", "0"],
    ]


def test_pets_that_wait_lead_to_the_list_that_has_them() -> None:
    assert ended(pets_waiting=1)[-1] == "next: vet-pipeline link list oak"
    assert ended(pets_waiting=0)[-1] != "next: vet-pipeline link list oak"
