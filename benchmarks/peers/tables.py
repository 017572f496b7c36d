"""The tables that the benchmark prints."""

from __future__ import annotations

import statistics

from benchmarks.peers.runs import Round
from benchmarks.peers.speed import STEPS, Measurements

TITLES = {"first": "first load", "refresh": "refresh, 1 % changed"}
FLOOR = "floor by hand"


def of_speed(layout: str, rows: dict[str, int], found: Measurements) -> str:
    """One line a system and step: best wall, median of the rest, and ratios to the floor's."""
    lines = [
        f"\nLayout {layout}: {rows['clients']:,} clients, {rows['patients']:,} patients"
        f"{_more(layout, rows)} (best wall, else median; in brackets: times the floor's)\n",
        f"{'':<22}{'wall s':>15}{'CPU s':>15}{'client':>8}{'server':>14}{'peak MB':>9}{'WAL MB':>15}",
    ]
    for step in STEPS:
        lines.append(TITLES[step])
        floor = found.get(FLOOR, {}).get(step, [])
        lines += [f"  {name:<20}" + _cells(steps[step], floor) for name, steps in found.items()]
    return "\n".join(lines)


def _more(layout: str, rows: dict[str, int]) -> str:
    if layout == "flat":
        return ""
    return f", {rows['client_phone']:,} phones, {rows['patient_weight']:,} weights"


def of_bars(layout: str, clients: int, found: Measurements) -> str:
    """Each bar with what was measured; bars whose other side is missing are left out."""
    ours, dlt, floor = (found.get(name) for name in ("ours", "dlt connectorx", FLOOR))
    lines = [f"\nBars at {clients:,} clients, layout {layout}"]
    if ours and dlt:
        for step, most in (("first", 1.0), ("refresh", 0.5)):
            ratio = wall(ours[step]) / wall(dlt[step])
            lines.append(_bar(f"{TITLES[step]}: wall beside dlt connectorx", ratio, most))
    if ours and floor:
        for name, what in (("server_cpu", "CPU of the target"), ("wal_mb", "WAL")):
            ratio = median(ours["refresh"], name) / max(median(floor["refresh"], name), 0.001)
            lines.append(_bar(f"{TITLES['refresh']}: {what} beside the floor", ratio, 1.5))
    if ours:
        peak = max(median(ours[step], "peak_mb") for step in STEPS)
        lines.append(_bar("peak memory, MB", peak, 500, digits=0))
    return "\n".join(lines)


def of_growth(layout: str, found: dict[int, Measurements]) -> str:
    """How our time grows from the smallest size to the largest, beside the growth of the data."""
    small, large = min(found), max(found)
    lines = [
        f"\nGrowth from {small:,} to {large:,} clients ({large / small:.0f} times the data), layout {layout}"
    ]
    for step in STEPS:
        times = [median(found[size]["ours"][step], "cpu") for size in (small, large)]
        lines.append(f"  {TITLES[step]:<52}{times[1] / times[0]:>8.1f} times the CPU")
    return "\n".join(lines)


def _bar(what: str, measured: float, most: float, *, digits: int = 2) -> str:
    met = "met" if measured <= most else "missed"
    return f"  {what:<52}{measured:>8.{digits}f}  at most {most:g}: {met}"


def of_damage(clients: int, found: dict[str, dict[str, str]]) -> str:
    """For each thing that goes wrong, one line a system."""
    lines = [f"\nWhat broken refreshes come to ({clients:,} clients)"]
    for event in next(iter(found.values()), {}):
        lines.append(f"\n{event}")
        lines += [f"  {name:<16}{told[event]}" for name, told in found.items()]
    return "\n".join(lines)


def wall(rounds: list[Round]) -> float:
    """The best wall time: what others on the machine disturbed least."""
    return min(one.ended.wall for one in rounds)


def median(rounds: list[Round], name: str) -> float:
    """The median of cpu, client, server_cpu, peak_mb or wal_mb."""
    values = [
        getattr(one.ended, "cpu" if name == "client" else name)
        if name in ("client", "peak_mb")
        else getattr(one, name)
        for one in rounds
    ]
    return float(statistics.median(values))


def _cells(rounds: list[Round], floor: list[Round]) -> str:
    def beside(value: float, of_floor: float | None) -> str:
        ratio = f"({value / of_floor:.1f}x)" if of_floor else ""
        return f"{value:.2f} {ratio:>7}"

    def of_floor(name: str) -> float | None:
        return median(floor, name) if floor else None

    return (
        f"{beside(wall(rounds), wall(floor) if floor else None):>15}"
        f"{beside(median(rounds, 'cpu'), of_floor('cpu')):>15}"
        f"{median(rounds, 'client'):>8.2f}"
        f"{beside(median(rounds, 'server_cpu'), of_floor('server_cpu')):>14}"
        f"{median(rounds, 'peak_mb'):>9.0f}"
        f"{beside(median(rounds, 'wal_mb'), of_floor('wal_mb')):>15}"
    )
