"""Intake's settings, besides those every service has."""

from pathlib import Path

from pydantic import Field

from shared.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """The door's own."""

    receipt_secret_file: Path = Field(
        Path("/run/secrets/receipt_secret"),
        description="file with 32 random characters or more; a new secret voids earlier receipt codes and idempotency keys, "
        "and earlier audit entries can no longer be verified",
    )
    vault_keyring_file: Path = Field(
        Path("/run/secrets/vault_keyring"),
        description="file with the master keys of the vault; without it no detail can ever be read again",
    )
    clamd_address: str = Field(
        "",
        pattern=r"^([^:\s]+:\d+)?$",
        description="host:port of a virus scanner (clamd); without one files are given out unscanned",
    )
    body_limit_bytes: int = Field(256 * 1024, ge=1024, description="largest body of a referral")
    answer_seconds: float = Field(3.5, gt=0, description="seconds after which a write without answer counts as failed")
    offer_unreviewed_languages: bool = Field(
        False, description="show the form also in languages whose sentences no person has checked yet"
    )
