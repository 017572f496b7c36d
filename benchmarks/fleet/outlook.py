"""From the measured rounds to 3,000 and 30,000 practices: what breaks first, what to add then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.fleet.rounds import Round

FLEETS = (300, 3_000, 30_000)
CORES = 2
WINDOW = 48.0  # hours: between the earliest and the latest refresh lie 24; a round may take 48
TARGET = 4.8  # hours: ten times faster than needed
ROUNDS_KEPT = 12  # snapshots of 30 days, one every 60 h
SHORTEST = 10**-1.5  # hours: where the plot begins
DISK = 200e9  # bytes of a small server's disk, for what grows


@dataclass(frozen=True)
class Sizes:
    """Bytes: a practice's first snapshot, its records in ScriptRight, one run's Dagster events."""

    snapshot: float
    scriptright: float
    events: float


@dataclass(frozen=True)
class Limit:
    """Something finite: how much of it a fleet uses, and what to add when it is gone."""

    name: str
    used: float
    has: float
    unit: str
    add: str

    @property
    def share(self) -> float:
        """Used, as a share of what there is; above 1 it is gone."""
        return self.used / self.has


def limits(fleet: int, warm: Round, fresh: Round, sizes: Sizes) -> list[Limit]:
    """What a round of `fleet` practices uses on one machine of two cores and a 200 GB disk."""
    return [
        Limit("a round by a process a run", hours(fleet, fresh), WINDOW, "h",
              "warm workers: CeleryRunLauncher (deploy/README.md)"),
        Limit("a round by warm workers", hours(fleet, warm), WINDOW, "h",
              "worker machines on the same Redis; a server of its own for PostgreSQL"),
        Limit("snapshots of 30 days", fleet * sizes.snapshot * ROUNDS_KEPT / 1e9, DISK / 1e9, "GB",
              "an object store: VET_PIPELINE_SNAPSHOTS=s3://..."),
        Limit("Dagster's runs and events of 30 days", fleet * sizes.events * ROUNDS_KEPT / 1e9,
              DISK / 1e9, "GB", "a shorter retention of runs, a database of its own"),
        Limit("ScriptRight's records", fleet * sizes.scriptright / 1e9, DISK / 1e9, "GB",
              "a larger disk; tables partitioned by practice"),
    ]  # fmt: skip


def hours(fleet: float, one: Round, cores: int = CORES) -> float:
    """A round's length on so many free cores."""
    return fleet * one.per_run / cores / 3600


def print_outlook(warm: Round, fresh: Round, sizes: Sizes) -> None:
    """A table a limit and fleet, and for each fleet what comes to its end first."""
    found = {fleet: limits(fleet, warm, fresh, sizes) for fleet in FLEETS}
    print(f"\nextended, on {CORES} cores and a disk of {DISK / 1e9:.0f} GB\n")
    print("| uses | " + " | ".join(f"{fleet:,} practices" for fleet in FLEETS) + " | of |")
    print("|---|" + "---|" * (len(FLEETS) + 1))
    for number, limit in enumerate(found[FLEETS[0]]):
        cells = (f"{found[fleet][number].used:,.1f} {limit.unit}" for fleet in FLEETS)
        print(f"| {limit.name} | " + " | ".join(cells) + f" | {limit.has:,.0f} {limit.unit} |")
    print()
    for fleet in FLEETS:
        first = max(found[fleet], key=lambda limit: limit.share)
        state = "breaks" if first.share > 1 else f"is nearest to its end ({first.share:.0%})"
        print(f"- {fleet:,} practices: {first.name} {state}; then add {first.add}")
        broken = sorted((x for x in found[fleet] if x.share > 1), key=lambda x: -x.share)[1:]
        for limit in broken:
            print(f"  - then {limit.name} ({limit.share:.1f} times too much): {limit.add}")
    for one in (fresh, warm):
        took = hours(3_000, one)
        print(f"- target, 3,000 practices in {TARGET} h on {CORES} cores: {one.name} {took:.1f} h,"
              f" {'met' if took <= TARGET else 'missed'}")  # fmt: skip


def draw(path: Path, warm: Round, fresh: Round) -> None:
    """The length of a round against the fleet's size, both axes logarithmic, as SVG."""
    from math import log10

    def x(fleet: float) -> float:
        return 80 + 180 * (log10(fleet) - 2)

    def y(value: float) -> float:
        return 330 - 75 * (log10(value) + 1.5)

    lines = []
    for one, cores, colour in (
        (fresh, 2, "#c0392b"), (warm, 2, "#2471a3"), (warm, 16, "#1e8449"),
    ):  # fmt: skip
        begin = max(100.0, 100 * SHORTEST / hours(100, one, cores))
        ends = [(x(n), y(hours(n, one, cores))) for n in (begin, 100_000)]
        points = " ".join(f"{a:.0f},{b:.0f}" for a, b in ends)
        name = f"{one.name.split(', ')[1]}, {cores} cores"
        lines.append(
            f'<polyline points="{points}" stroke="{colour}" stroke-width="2" fill="none"/>'
        )
        lines.append(
            f'<text x="{ends[1][0] + 6:.0f}" y="{ends[1][1] + 4:.0f}" fill="{colour}">{name}</text>'
        )
    for fleet in (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000):
        lines.append(
            f'<line x1="{x(fleet):.0f}" x2="{x(fleet):.0f}" y1="30" y2="330" stroke="#eee"/>'
        )
        lines.append(f'<text x="{x(fleet):.0f}" y="348" text-anchor="middle">{fleet:,}</text>')
    for value, name in ((0.1, "6 min"), (1, "1 h"), (TARGET, f"{TARGET} h: target for 3,000"),
                        (WINDOW, "48 h: too late")):  # fmt: skip
        lines.append(f'<line x1="80" x2="620" y1="{y(value):.0f}" y2="{y(value):.0f}" stroke="#888"'
                     ' stroke-dasharray="4 4"/>')  # fmt: skip
        lines.append(f'<text x="84" y="{y(value) - 4:.0f}" fill="#555">{name}</text>')
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 380" font-family="sans-serif"'
        ' font-size="12">\n<rect width="860" height="380" fill="white"/>\n'
        '<text x="80" y="20">Length of one round of refreshes by number of practices</text>\n'
        + "\n".join(lines)
        + '\n<text x="350" y="370" text-anchor="middle">practices of 3,000 clients and 4,500 pets'
        "</text>\n</svg>\n"
    )
