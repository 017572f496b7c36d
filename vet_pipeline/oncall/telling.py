"""When on-call is told about an alert: plain functions of times and counts.

Not at the first hiccup, not a second time for the same, and not when it has healed by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# Runs that fail of one cause fail within minutes of each other: one mail names them all.
GROUP_WAIT = timedelta(minutes=2)
# What may pass by itself is told once an automatic attempt has failed again, once a second
# practice has the same trouble (ours, or a server that both share), or while there are still hours
# to do something. Not more of them: a plan leaves six, of which the next attempt takes one.
TIME_TO_ACT = timedelta(hours=5)
# So many that fail for the first time, with no success of their PIMS (or of any) between, are no
# chance: its vendor, or our own network, is gone. Of a thousand practices of which one in five
# doesn't answer at a time, chance does it every seven weeks.
IN_A_ROW = 6
# A mail about an alert that was told: when as many practices as were told have joined, or are late
# since, or after a day if any has.
TELL_AGAIN = timedelta(hours=1)
TELL_ANY_GROWTH = timedelta(hours=24)
# A mail says when a practice will be late: of the same half day, it needn't come again when it is.
TOLD_LATELY = timedelta(hours=12)
# A server that refuses for good may mean its own settings: nobody would hear of the trouble. One
# that takes each mail and hangs up before it says so is asked as rarely, under the same Message-ID.
AGAIN_AFTER_REFUSAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """What decides whether an open alert is told; times are UTC."""

    opened_at: datetime
    retryable: bool
    practices: int  # that fail of it now; 0: a job about no practice
    failures: int  # failed runs of the practice that failed most often, whatever of, until told
    latest: datetime | None  # the first time at which one of them is late
    told_at: datetime | None
    told_practices: int
    joined: int = 0  # of `practices`, those that failed first, or became late, after the last mail
    found_again: bool = False  # what each run tells, by a run after the last mail
    # Each one's own server: where there are many practices, some don't answer at any time, and will
    # by the next attempt. Counted above are only those then that would be told of if alone. Not so
    # where nobody else was read meanwhile (IN_A_ROW).
    apart: bool = False


def tell_now(alert: AlertFacts, now: datetime) -> bool:
    """Whether a mail about the alert is due."""
    if alert.told_at is not None:
        waited = now - alert.told_at
        if alert.found_again:
            return waited >= TELL_AGAIN
        # Others may have healed meanwhile: what counts is who wasn't told, not how many there are.
        more = max(alert.joined, alert.practices - alert.told_practices)
        wait = TELL_AGAIN if more >= alert.told_practices else TELL_ANY_GROWTH
        return more > 0 and waited >= wait
    if now < alert.opened_at + GROUP_WAIT:
        return False
    presses = alert.latest is not None and now > alert.latest - TIME_TO_ACT
    shared = alert.practices != 1 and not alert.apart
    return not alert.retryable or shared or alert.failures > 1 or presses
