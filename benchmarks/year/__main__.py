"""The year of some practices, with truth beside it: `python -m benchmarks.year --seeds 1..4`.

Prints harms by kind and by what caused them, what people were asked, and what guards held.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.year.practice_year import Year


def main() -> None:
    """Parse, live, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="1..4", help="one practice each: 1..4")
    parser.add_argument("--clients", type=int, default=300, help="of each practice")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument(
        "--often", type=float, default=1.0, help="times as many slips and accidents"
    )
    parser.add_argument("--without", default="", help="a rule to switch off (rules_off.py)")
    parser.add_argument("--count", action="store_true", help="count what each rule earns")
    parser.add_argument("--show", default="", help="print each harm whose kind has this word")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="vet-pipeline-year-"))
    os.environ["VET_PIPELINE_HOME"] = str(home)
    first, _, last = arguments.seeds.partition("..")
    seeds = range(int(first), int(last or first) + 1)
    try:
        years = _live(home, arguments, seeds)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    report(years, arguments.days)


def _live(home: Path, arguments: argparse.Namespace, seeds: range) -> list[Year]:
    from benchmarks.year import rules_off
    from benchmarks.year.pharmacy import database
    from benchmarks.year.practice_year import PracticeYear

    years = []
    with database(home) as engine, rules_off.without(arguments.without):
        for seed in seeds:
            started = time.perf_counter()
            made = PracticeYear(
                engine, home, seed, arguments.clients, arguments.often, arguments.show
            )
            years.append(made.live(arguments.days, count=arguments.count))
            took = time.perf_counter() - started
            print(f"practice {seed}: {years[-1].refreshes} refreshes, {took:.0f} s", flush=True)
            shutil.rmtree(home / "snapshots", ignore_errors=True)
    return years


def report(years: list[Year], days: int) -> None:
    """The tables."""
    print(
        f"\n{len(years) * days / 365:.1f} practice-years\n\n{'harm':34}{'cause':52}{'times':>6}{'days':>6}"
    )
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for year in years:
        for harm in year.harms:
            cause = harm.cause + (f" [{harm.came_by}]" if harm.came_by else "")
            groups[harm.kind, cause].append((harm.until - harm.since).days)
    for (kind, cause), lasted in sorted(groups.items(), key=lambda g: (g[0][0], -len(g[1]))):
        print(f"{kind:34}{cause:52}{len(lasted):6d}{sorted(lasted)[len(lasted) // 2]:6d}")
    _report_price(years, days)


def _report_price(years: list[Year], days: int) -> None:
    from benchmarks.year.earnings import counted_rules

    weeks = len(years) * days / 7
    asked: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for year in years:
        for (what, reason, state), count in year.asked.items():
            asked[what, reason][state] += count
        for (what, reason, answer), count in year.answers.items():
            if what in ("possible match", "link in question"):
                asked[what, f"{reason}, {answer}"]["answered"] += count
    states = ("confirmed", "rejected", "superseded", "open", "answered")
    print(f"\n{'questions a week and practice':24}{'why':28}" + "".join(f"{s:>11}" for s in states))
    for (what, reason), counts in sorted(asked.items()):
        cells = "".join(f"{counts[state] / weeks:11.2f}" for state in states)
        print(f"{what:24}{reason:28}{cells}")
    for title, counter in (
        ("held", sum((y.held for y in years), Counter())),
        ("accidents let through", sum((y.let_through for y in years), Counter())),
        ("acts refused", sum((y.refused for y in years), Counter())),
    ):
        print(
            f"\n{title}: "
            + ("; ".join(f"{n} {what}" for what, n in counter.most_common()) or "none")
        )
    earned = sum((year.earned for year in years), Counter())
    words = sorted({word for _, word in earned})
    if words:
        print(f"\n{'alone earned by rule':28}" + "".join(f"{word:>22}" for word in words))
    for rule in sorted(counted_rules()) if words else ():
        print(f"{rule:28}" + "".join(f"{earned[rule, word] or '':>22}" for word in words))


if __name__ == "__main__":
    main()
