"""A broken refresh: what each system does with half a table, an empty one, a lost column, ...

Every refresh also brings the 1 % of good changes, so that it shows whether those get through.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import state as states
from benchmarks.peers.runs import Ended, run
from benchmarks.peers.source import CLIENTS, PATIENTS, change
from benchmarks.peers.state import BAD_CLIENT, BAD_PATIENT, State
from benchmarks.peers.systems import System, fresh_state
from benchmarks.peers.target import Target

# What happens to the source, and the SQL that does it.
DAMAGES: dict[str, str] = {
    "half of the clients' table": f"DELETE FROM {CLIENTS} WHERE client_key % 2 = 0",
    "clients' table empty": f"DELETE FROM {CLIENTS}",
    "column email dropped": f"ALTER TABLE {CLIENTS} DROP COLUMN email",
    "one bad date (2024-13-45)": f"UPDATE {PATIENTS} SET birth_date = '2024-13-45'"
    f" WHERE patient_key = {BAD_PATIENT}",
    "one bad byte (Windows' ü)": f"UPDATE {CLIENTS} SET last_name = CAST(x'4DFC6C6C6572' AS TEXT)"
    f" WHERE client_key = {BAD_CLIENT}",
}
LOADED = "loaded"  # the database after a good first load, copied for each refresh


@dataclass(frozen=True)
class Loaded:
    """A system after a good first load: its database and state are copied for each refresh."""

    system: System
    target: Target
    work: Path

    def again(self) -> tuple[str, Path]:
        """Database and state folder as after the first load."""
        self.target.create("broken", LOADED)
        state = self.work / "broken-state"
        shutil.rmtree(state, ignore_errors=True)
        shutil.copytree(self.work / "loaded-state", state)
        # dlt and Sling name their folder inside it; all are told the new place by their command.
        return "broken", state

    def state(self, database: str) -> State:
        """What the copy holds now."""
        return states.of_target(self.target, self.system, database)


def load_first(target: Target, system: System, pims: Path, work: Path) -> Loaded:
    """A good first load of the system, to start from."""
    target.create(LOADED, system.template)
    state = fresh_state(work / "loaded-state")
    source = work / "pims.db"
    shutil.copyfile(pims / "first.db", source)
    ended = run(system.command(source, LOADED, state), work / "said.log")
    if ended.exit_code:
        raise SystemExit(f"{system.name}: {ended.said[-2000:]}")
    target.settle(LOADED)
    return Loaded(system, target, work)


def outcomes(loaded: Loaded, pims: Path) -> dict[str, str]:
    """In words, what became of each broken refresh."""
    found = {}
    before = loaded.state(LOADED)
    for damage, script in DAMAGES.items():
        database, folder = loaded.again()
        source = loaded.work / "pims.db"
        shutil.copyfile(pims / "refresh.db", source)
        good = states.of_source(source)
        change(source, script)
        ended = run(loaded.system.command(source, database, folder), loaded.work / "said.log")
        loaded.target.wait_until_alone(database)
        found[damage] = _words(damage, ended, before, loaded.state(database), good)
    return found


def _words(damage: str, ended: Ended, before: State, after: State, good: State) -> str:
    parts = [how_it_ended(ended)]
    if after.clients < before.clients:
        parts.append(f"{before.clients - after.clients:,} of {before.clients:,} clients deleted")
    if after.emails < before.emails * 0.9 and after.clients >= before.clients:
        parts.append(f"{before.emails - after.emails:,} e-mails erased")
    if "date" in damage and after.weighed and after.birth != before.birth:
        parts.append(f"birth date becomes {after.birth or 'NULL'}")
    elif "date" in damage and after.weighed:
        parts.append("the bad row is set aside, its last good date stays")
    if "byte" in damage and after.moved and after.name != before.name:
        parts.append(f"the name becomes {after.name!r}")
    parts.append(_good_changes(before, after, good))
    return "; ".join(parts)


def how_it_ended(ended: Ended) -> str:
    """The exit code, with what ours said of a snapshot it holds."""
    said = next((line for line in ended.said.splitlines() if line.startswith("bench: ")), "")
    return f"exit {ended.exit_code}" + (f", {said.removeprefix('bench: ')}" if said else "")


def _good_changes(before: State, after: State, good: State) -> str:
    # A moved e-mail of a client who is a Home Delivery client too waits for a person with us.
    clients, patients = after.moved > good.moved * 0.9, after.weighed > good.weighed * 0.9
    if clients and patients:
        return "good changes taken in"
    if (after.moved, after.weighed) == (before.moved, before.weighed):
        return "nothing changed"
    took = "patients'" if patients else "clients'" if clients else "part of the"
    return f"only {took} good changes taken in"
