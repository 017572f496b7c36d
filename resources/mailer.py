"""The mail server as a Dagster resource."""

import os
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vet_pipeline.mail.alert import Told
    from vet_pipeline.mail.confirmation import Sent
    from vet_pipeline.mail.settings import SmtpSettings
    from vet_pipeline.mail.smtp import Delivery


class MailerResource(dg.ConfigurableResource[Any]):
    """Sends mail over SMTP, by STARTTLS unless told otherwise.

    Every field that is unset is read from the environment when a mail is sent:
    VET_PIPELINE_SMTP_HOST, _PORT (587), _SECURITY (starttls, tls; none only on this machine),
    _USERNAME, _PASSWORD, _TIMEOUT (20 s for each reply), _SENDER, _SUPPORT, _DEDUPLICATES.
    A password is only ever read from there: resource settings are shown in the UI.
    """

    host: str | None = None
    port: int | None = None
    security: str | None = None
    sender: str | None = None
    support: str | None = None

    def is_configured(self) -> bool:
        """Whether a mail server is named at all; without one, mails wait in the outbox."""
        return self.host is not None or bool(os.environ.get("VET_PIPELINE_SMTP_HOST", "").strip())

    def settings(self) -> "SmtpSettings":
        """The server to use now. Raises UsageError that names what is wrong or missing."""
        from vet_pipeline.mail.settings import PREFIX, SmtpSettings

        own = {
            f"{PREFIX}{name.upper()}": str(value)
            for name in ("host", "port", "security", "sender", "support")
            if (value := getattr(self, name)) is not None
        }
        return SmtpSettings.from_environment({**os.environ, **own})

    def send_confirmation(self, engine: "Engine", practice_id: str) -> "Sent":
        """Send the practice's confirmation if one is due (vet_pipeline.mail.confirmation)."""
        from vet_pipeline.mail.confirmation import send_confirmation

        return send_confirmation(engine, practice_id, self.settings())

    def tell_on_call(self, engine: "Engine", to: str, *, pages: str) -> "Told":
        """Mail every alert that is due to `to` (vet_pipeline.mail.alert)."""
        from vet_pipeline.mail.alert import tell_on_call

        return tell_on_call(engine, to, self.settings(), pages=pages)

    def send_alert(self, to: str, *, subject: str, text: str) -> "Delivery":
        """A plain message to on-call (vet_pipeline.mail.alert)."""
        from vet_pipeline.mail.alert import send_alert

        return send_alert(to, subject=subject, text=text, settings=self.settings())
