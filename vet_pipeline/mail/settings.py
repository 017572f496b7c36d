"""How to reach the mail server: read from the environment when a mail is sent, never at import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from vet_pipeline.errors import UsageError
from vet_pipeline.loopback import is_loopback

PREFIX = "VET_PIPELINE_SMTP_"


class SmtpSettings(BaseModel):
    """One SMTP server. Every field but the last is an environment variable, VET_PIPELINE_SMTP_*."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    timeout: float = Field(20, gt=0, le=120)  # seconds for each reply of the server
    sender: str = Field(min_length=3)  # an address, or "Name <address>"
    support: str | None = None  # whom practices may ask; the sender's address when unset
    deduplicates: bool = False  # the server drops a second message of the same Message-ID

    @model_validator(mode="after")
    def _never_in_the_clear(self) -> Self:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError("_SECURITY=none is for _HOST 127.0.0.1, ::1 or localhost alone")
        if (self.username is None) != (self.password is None):
            raise ValueError("_USERNAME and _PASSWORD belong together")
        password = self.password.get_secret_value() if self.password else ""
        if not (self.username or "").isascii() or not password.isascii():
            # smtplib can't send others, and says so only when a mail is claimed and half sent.
            raise ValueError("_USERNAME and _PASSWORD may only hold ASCII characters")
        return self

    @field_validator("host")
    @classmethod
    def _is_a_host_name(cls, host: str) -> str:
        try:
            host.encode("idna")
        except UnicodeError:
            raise ValueError("this is no host name") from None
        return host

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> SmtpSettings:
        """Read VET_PIPELINE_SMTP_HOST, _PORT, _SECURITY, _USERNAME, ...; blank means unset.

        Raises UsageError that names the variables at fault, without their values.
        """
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and value.strip()
        }
        try:
            return cls.model_validate(given)
        except ValidationError as problem:
            faults = "; ".join(_fault(e["loc"], e["msg"]) for e in problem.errors())
        raise UsageError(
            f"the mail server's settings can't be used: {faults}",
            next_step="correct it: docs/operating.md has what each may be",
        )


def _fault(where: tuple[int | str, ...], what: str) -> str:
    """The variable and what is wrong with it; of two that don't fit, `what` names both."""
    said = what.removeprefix("Value error, ")
    name = PREFIX + "_".join(str(part) for part in where).upper()
    return f"{name}: {said}" if where else f"of {PREFIX}*, {said}"
