"""The master keys, from a file secret: they wrap the referrals' keys, and no detail can be read without them.

A file in YAML or JSON. `providers` are MongoDB's KMS providers, each under a name of its own: `local:NAME` with a key of 96
random bytes in base64, or `aws:NAME` with the credentials of AWS KMS. `master_keys` says for AWS which key of it to use, and
`tls` which certificates to trust and show (`tlsCAFile`, `tlsCertificateKeyFile`), where that is not what the system trusts. New
keys are wrapped by `current`; what another one wrapped stays readable while that is in the file. The driver knows more key
services; those that were never tried here are refused.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, model_validator

from shared.events.facts import Frozen

LOCAL_BYTES = 96
_KINDS = ("local", "aws")


class Keyring(Frozen):
    """What the file holds. Its values are secret: no error quotes one."""

    current: str
    providers: dict[str, dict[str, Any]] = Field(repr=False)
    master_keys: dict[str, dict[str, Any]] = {}
    tls: dict[str, dict[str, str]] = {}

    @model_validator(mode="after")
    def _can_be_used(self) -> "Keyring":
        if self.current not in self.providers:
            raise ValueError("current has to be the name of one of the providers")
        for name, credentials in self.providers.items():
            kind, _, own = name.partition(":")
            if kind not in _KINDS or not own:
                raise ValueError("name a provider local:NAME or aws:NAME")
            if kind == "local" and not _is_key(credentials.get("key")):
                raise ValueError(f"the key of a local provider is {LOCAL_BYTES} random bytes in base64")
            if kind == "aws" and name not in self.master_keys:
                raise ValueError("master_keys has to say which key of AWS KMS to use")
        return self

    @property
    def master_key(self) -> dict[str, Any] | None:
        """Which key of the current provider to use; None where it has but one."""
        return self.master_keys.get(self.current)


def _is_key(text: Any) -> bool:
    try:
        return isinstance(text, str) and len(b64decode(text, validate=True)) == LOCAL_BYTES
    except (NotBase64, ValueError):
        return False


def read_keyring(path: Path) -> Keyring:
    """The keyring in a file. OSError where it cannot be read; ValueError, without a value in it, where it cannot be used."""
    try:
        return Keyring.model_validate(yaml.safe_load(path.read_text()))
    except yaml.YAMLError:
        raise ValueError("the file in VAULT_KEYRING_FILE is not YAML") from None
    except ValidationError as error:
        told = "; ".join(one["msg"].removeprefix("Value error, ") for one in error.errors(include_input=False))
        raise ValueError(f"the file in VAULT_KEYRING_FILE cannot be used: {told}") from None
