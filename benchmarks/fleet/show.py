"""`make show-fleet`: a fleet through two rounds of refreshes while things go wrong, then checked.

FLEET=n practices (300). Five in a hundred fail in the first round, in five ways; the daemon is
killed three times on the way. Hours are let pass by moving the last successes back in the
database; nothing else is made up: a real daemon, its launcher, PostgreSQL, ODBC, SMTP.
Exit code 1 and a list of what is wrong, if anything is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.fleet import verdicts
from benchmarks.fleet.daemon import Daemon, switch_on, wait_until
from benchmarks.fleet.failures import Broken, login_server, odbc_of
from benchmarks.fleet.place import Place, opened
from benchmarks.fleet.practices import change_two_percent, make_fleet
from benchmarks.fleet.rounds import loads, make_due, warm_round
from vet_pipeline.demo.mail import local_mail_server
from vet_pipeline.registry import practices

ALERTS_TO = "on-call@example.org"
WAYS = 5
ALERT_PATIENCE = 900  # seconds: alerts wait two minutes for others of the same cause


def main() -> None:
    """Make the fleet, break it, mend it, and say what was seen."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--fleet", type=int, default=300, help="practices")
    words.add_argument("--clients", type=int, default=80, help="clients of each practice")
    chosen = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    home = Path(tempfile.mkdtemp(prefix="vp-show-"))
    try:
        with ExitStack() as stack:
            place = stack.enter_context(opened(home))
            os.environ.update(stack.enter_context(local_mail_server(home / "mail")))
            os.environ["VET_PIPELINE_ALERTS_TO"] = ALERTS_TO
            wrong = Show(place, stack, chosen.fleet, chosen.clients).run()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print("\n" + ("everything held" if not wrong else "NOT as promised:\n- " + "\n- ".join(wrong)))
    sys.exit(1 if wrong else 0)


class Show:
    """The whole story over one place; `run` returns what was not as promised."""

    def __init__(self, place: Place, stack: ExitStack, size: int, clients: int) -> None:
        self.place, self.stack, self.wrong = place, stack, list[str]()
        self.started = time.monotonic()
        self.daemon = Daemon(place.home / "daemon.log")
        stack.callback(self.daemon.stop)  # Ctrl-C leaves none behind
        self.fleet = make_fleet(place.home / "pims", fleet=size, clients=clients)
        self.ids = list(self.fleet)
        each = max(2, round(0.05 * size / WAYS))
        servers = [stack.enter_context(login_server(place.home / name)) for name in ("p", "q")]
        self.broken = Broken(*self._apart(each), *servers)
        self.failing = {one: way.name for way, ids in self.broken.ways() for one in ids}
        self._register()

    def run(self) -> list[str]:
        """First copies; a round in which some fail; their repair; a round in which all is well."""
        self.say(f"{len(self.ids)} practices, {len(self.failing)} of them will fail in {WAYS} ways")
        warm_round(self.place, "first copies", self.ids[2:], self.ids[:2])
        self._command("email", "send")
        self._all(f"{len(self.ids)} first copies", loads(self.place) == len(self.ids))
        switch_on("practice_is_due")
        self._round_with_failures()
        self._look_and_mend()
        self._round_without()
        self._books()
        self.daemon.stop()
        return self.wrong

    def _round_with_failures(self) -> None:
        for way, _ in self.broken.ways():
            way.break_it()
        self._change(1)
        healthy = len(self.ids) - len(self.failing)
        begun = loads(self.place)
        self._let_time_pass()
        self.daemon.start()
        for share in (0.25, 0.6):
            self._until(lambda s=share: loads(self.place) >= begun + s * healthy, "loads")
            self._kill()
        self._until(lambda: loads(self.place) >= begun + healthy, "all healthy practices")
        self._until(lambda: self._found() == set(self.failing), "all failures in `failed`")
        self._all("round 1: every healthy practice on time, none twice",
                  verdicts.late(self.place) <= set(self.failing)
                  and loads(self.place) == begun + healthy)  # fmt: skip

    def _look_and_mend(self) -> None:
        found = {one["practice"]: one for one in self._command("failed")["failed"]}
        print("\n| way | practices | `failed` says | next step |\n|---|---|---|---|")
        for way, ids in self.broken.ways():
            told = {found[one]["error"] for one in ids if one in found}
            step = next((found[one]["next_step"] for one in ids if one in found), "")
            print(f"| {way.name} | {len(ids)} | {', '.join(sorted(told))} | {step} |")
            self._all(f"{way.name}: found by `failed`, with its cause", told == {way.error})
        causes = len(self.broken.ways())
        mails = lambda: verdicts.alerts(self.place.home / "mail", ALERTS_TO)  # noqa: E731
        self._until(lambda: len(mails()) >= causes, "one alert per cause", ALERT_PATIENCE)
        print("\nalerts:\n- " + "\n- ".join(mails()))
        self._all("one alert per cause", len(mails()) == causes)
        for way, _ in self.broken.ways():
            way.mend()
        states = [one["state"] for one in self._command("retry", "--all")["runs"]]
        self._all("all healed by `retry`", states == ["applied"] * len(self.failing))
        self._all("`failed` is empty", self._found() == set())
        self._all("no alert more after healing", len(mails()) == causes)

    def _round_without(self) -> None:
        self._change(2)
        begun = loads(self.place)
        self._let_time_pass()
        self._until(lambda: loads(self.place) >= begun + 0.5 * len(self.ids), "loads")
        self._kill()
        self._until(lambda: loads(self.place) >= begun + len(self.ids), "all practices")
        time.sleep(20)  # whoever comes twice would come now
        self._all("round 2: every practice on time, none twice",
                  verdicts.late(self.place) == set() and loads(self.place) == begun + len(self.ids))  # fmt: skip

    def _books(self) -> None:
        copies = verdicts.copies(self.place)
        self._all("the ledger: three loads of each practice, none lost, none doubled",
                  copies == dict.fromkeys(self.ids, 3))  # fmt: skip
        doubled = verdicts.needless_runs(self.place)
        self._all(f"no run that found its snapshot applied already ({doubled})", doubled == 0)
        mails = verdicts.confirmations(self.place)
        self._all("one confirmation email for each practice",
                  mails == {"sent": len(self.ids)})  # fmt: skip

    def _apart(self, each: int) -> list[list[Path]]:
        """The last practices, as many for each way."""
        files = list(self.fleet.values())
        return [files[len(files) - each * (way + 1) :][:each] for way in range(WAYS)]

    def _register(self) -> None:
        for practice_id, path in self.fleet.items():
            where = odbc_of(path, self.broken.server_of(path))
            with self.place.engine.begin() as connection:
                practices.add(
                    connection, practice_id, name=practice_id, pims="generic",
                    contact_email=f"desk@{practice_id}.example", timezone="UTC",
                    by="benchmark", **where,
                )  # fmt: skip

    def _change(self, number: int) -> None:
        for path in self.fleet.values():
            if path not in self.broken.locked:
                change_two_percent(path, number)
            server = self.broken.server_of(path)
            if server is not self.broken.down:
                odbc_of(path, server)

    def _let_time_pass(self) -> None:
        make_due(self.place, self.ids)
        self.say("67 hours later")

    def _kill(self) -> None:
        self.daemon.kill()
        self.say(f"daemon killed with {loads(self.place)} loads in the ledger; started again")
        self.daemon.start()

    def _found(self) -> set[str]:
        return {one["practice"] for one in self._command("failed")["failed"]}

    def _command(self, *words: str) -> dict[str, list[dict[str, str]]]:
        """`vet-pipeline ...` as a person types it; its JSON."""
        command = [str(Path(sys.executable).parent / "vet-pipeline"), *words, "--json"]
        told = subprocess.run(command, env=os.environ, capture_output=True, text=True)
        if not told.stdout.strip():
            raise SystemExit(f"vet-pipeline {' '.join(words)}: {told.stderr[-2000:]}")
        found: dict[str, list[dict[str, str]]] = json.loads(told.stdout)
        return found

    def _until(self, is_so: Callable[[], bool], what: str, patience: float = 0) -> None:
        self.say(f"waiting: {what}")
        wait_until(what, is_so, patience or 600 + 10 * len(self.ids), every=5)

    def _all(self, what: str, held: bool) -> None:
        self.say(("held: " if held else "NOT HELD: ") + what)
        if not held:
            self.wrong.append(what)

    def say(self, words: str) -> None:
        """A line with the time since the start."""
        print(f"{time.monotonic() - self.started:6.0f} s  {words}", flush=True)


if __name__ == "__main__":
    main()
