"""The fleet on one page: counts by PIMS and state, what comes when, as numbers, Markdown and SVG.

Plain functions over what scriptright/telling/fleet.py read. Ids and counts only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from vet_pipeline.counted import counted
from vet_pipeline.service_levels import STATES, State

HOURS_AHEAD = 72
# Of the picture, in pixels: where bars begin, their length and height, and the height of the hours.
_TOP, _LEFT, _WIDTH, _BAR, _HIGH = 34, 120, 560, 18, 90
_NAMED = 15
_COLOURS: dict[State, str] = {
    "on time": "#2f855a",
    "at risk": "#d69e2e",
    "late": "#c53030",
    "held": "#6b46c1",
    "unreachable": "#4a5568",
    "paused": "#a0aec0",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One practice on the page; times are UTC."""

    practice_id: str
    pims: str
    state: State
    overdue: bool  # its time has passed, whatever the reason
    due_at: datetime
    latest: datetime
    failing: str | None  # error class
    copied: bool  # its first copy is done


@dataclass(frozen=True, slots=True)
class Page:
    """The counts of one moment (UTC)."""

    at: datetime
    states: dict[str, int]
    by_pims: dict[str, dict[str, int]]
    first_copies: dict[str, int]  # states of practices without their first copy
    overdue: int
    waiting: int  # due, and nobody reads them yet
    due_by_hour: list[int]  # the coming hours; what is due already counts in the first
    failing: dict[str, int]  # error class -> practices
    most_pressing: list[str]  # practices that are late or at risk, whose time runs out first


def page(practices: Sequence[Counted], at: datetime) -> Page:
    """Count."""
    by_pims: dict[str, Counter[str]] = {}
    for one in practices:
        by_pims.setdefault(one.pims, Counter())[one.state] += 1
    readable = [one for one in practices if one.state in ("on time", "at risk", "late")]
    hours = Counter(max(0, (one.due_at - at) // timedelta(hours=1)) for one in readable)
    pressing = [one for one in practices if one.state in ("late", "at risk")]
    return Page(
        at=at,
        states=_all_states(Counter(one.state for one in practices)),
        by_pims={pims: _all_states(counts) for pims, counts in sorted(by_pims.items())},
        first_copies=_all_states(Counter(one.state for one in practices if not one.copied)),
        overdue=sum(one.overdue for one in practices),
        waiting=sum(one.due_at <= at for one in readable),
        due_by_hour=[hours[hour] for hour in range(HOURS_AHEAD)],
        failing=dict(Counter(one.failing for one in practices if one.failing).most_common()),
        most_pressing=[
            one.practice_id
            for one in sorted(pressing, key=lambda one: (one.latest, one.practice_id))
        ][:_NAMED],
    )


def refreshes(looked_at: datetime | None, facts: Mapping[str, int]) -> str:
    """What starts refreshes saw at its last look (None: it never looked), in a sentence."""
    if looked_at is None:
        return (
            "nothing starts refreshes: neither the sensor practice_is_due nor the schedule"
            " scheduled_refresh has ever looked"
        )
    overloaded = "; overloaded: whose time runs out first goes first" if facts["left"] else ""
    return (
        f"the refresh looked at {looked_at:%Y-%m-%d %H:%M} UTC: asked for"
        f" {counted(facts['asked'], 'run')}, left {counted(facts['left'], 'practice')} waiting;"
        f" {counted(facts['under_way'], 'run')} under way{overloaded}"
    )


def markdown(page: Page, refreshed: str) -> str:
    """The page for Dagster's metadata; `refreshed`: what `refreshes` says."""
    head = "| PIMS | " + " | ".join(STATES) + " | all |\n" + "|---" * (len(STATES) + 2) + "|\n"
    lines = [_line(pims, counts) for pims, counts in page.by_pims.items()]
    lines.append(_line("**all**", page.states))
    facts = [
        f"{page.at:%Y-%m-%d %H:%M} UTC. Due and waiting: {counted(page.waiting, 'practice')}; without"
        f" a copy in the time promised, for whatever reason: {counted(page.overdue, 'practice')}.",
        f"{refreshed[0].upper()}{refreshed[1:]}.",
    ]
    if page.failing:
        facts.append(f"Failing: {failing(page)}. `vet-pipeline failed` says why.")
    if page.most_pressing:
        facts.append("Most pressing: " + ", ".join(page.most_pressing) + ".")
    return head + "\n".join(lines) + "\n\n" + "\n\n".join(facts)


def failing(page: Page) -> str:
    """What practices fail of, in words: error class and how many."""
    return ", ".join(f"{error} ({counted(n, 'practice')})" for error, n in page.failing.items())


def plot(page: Page) -> str:
    """An SVG picture: how practices stand, by PIMS, and how many are due in each coming hour."""
    rows = [*page.by_pims.items(), ("all", page.states)]
    legend = _TOP + len(rows) * (_BAR + 6) + 8
    hours = legend + 52
    parts = [_text(0, 14, "How practices stand, by PIMS", 13)]
    for row, (pims, counts) in enumerate(rows):
        parts += _bar(_TOP + row * (_BAR + 6), pims, counts)
    parts += _legend(legend, page.states)
    most = counted(max([*page.due_by_hour, 0]), "practice")
    said = f"Practices due in each of the coming hours (UTC); the highest bar: {most}"
    parts.append(_text(0, legend + 40, said, 13))
    parts += _hours(hours, page)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 120}"'
        f' height="{hours + _HIGH + 24}" font-family="sans-serif">'
        '<rect width="100%" height="100%" fill="white"/>' + "".join(parts) + "</svg>"
    )


def _bar(y: int, pims: str, counts: Mapping[str, int]) -> Iterator[str]:
    """One PIMS's practices, a stretch for each state."""
    yield _text(0, y + 13, pims[:16])
    x, total = float(_LEFT), sum(counts.values()) or 1
    for state in STATES:
        if counts[state]:
            share = _WIDTH * counts[state] / total
            yield (
                f'<rect x="{x:.1f}" y="{y}" width="{share:.1f}" height="{_BAR}"'
                f' fill="{_COLOURS[state]}"><title>{state}: {counts[state]}</title></rect>'
            )
            x += share
    yield _text(_LEFT + _WIDTH + 8, y + 13, counted(sum(counts.values()), "practice"))


def _legend(y: int, states: Mapping[str, int]) -> Iterator[str]:
    for place, state in enumerate(STATES):
        x = float(_LEFT + 96 * place)
        yield f'<rect x="{x}" y="{y}" width="10" height="10" fill="{_COLOURS[state]}"/>'
        yield _text(x + 14, y + 9, f"{state} {states[state]}", 11)


def _hours(y: int, page: Page) -> Iterator[str]:
    """Of each coming hour how many are due."""
    most, step = max([*page.due_by_hour, 1]), _WIDTH / HOURS_AHEAD
    for hour, count in enumerate(page.due_by_hour):
        tall = _HIGH * count / most
        yield (
            f'<rect x="{_LEFT + hour * step:.1f}" y="{y + _HIGH - tall:.1f}"'
            f' width="{step - 1:.1f}" height="{tall:.1f}" fill="#2b6cb0"/>'
        )
        if hour % 12 == 0:
            at = page.at + timedelta(hours=hour)
            yield _text(_LEFT + hour * step, y + _HIGH + 14, f"{at:%a %H}h", 11)


def _all_states(counts: Mapping[str, int]) -> dict[str, int]:
    return {state: counts.get(state, 0) for state in STATES}


def _line(name: str, counts: Mapping[str, int]) -> str:
    cells = [str(counts[state]) for state in STATES]
    return f"| {name} | " + " | ".join(cells) + f" | {sum(counts.values())} |"


def _text(x: float, y: float, said: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}">{escape(said)}</text>'
