"""The sender of the confirmation email, in a process of its own, to be killed."""

from __future__ import annotations

from multiprocessing.context import ForkServerProcess

from tests.faults.driver import Kind, Plan, faulty_engine
from tests.faults.loading import forks
from vet_pipeline.mail.confirmation import send_confirmation
from vet_pipeline.mail.settings import SmtpSettings


def start_sender(
    url: str, settings: SmtpSettings, *, at: int | None = None, kind: Kind = "kill"
) -> ForkServerProcess:
    """Sends the confirmation of `oak`; kills itself at the driver's `at`-th exchange."""
    sender: ForkServerProcess = forks.Process(
        target=_send, args=(url, settings, at, kind), daemon=True
    )
    sender.start()
    return sender


def _send(url: str, settings: SmtpSettings, at: int | None, kind: Kind) -> None:
    send_confirmation(faulty_engine(url, Plan(at, kind)), "oak", settings)
