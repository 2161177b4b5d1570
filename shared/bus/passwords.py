"""The users' passwords: a folder with one file a user, named after the user without the topic prefix."""

import os
import secrets
from pathlib import Path

from shared.settings import read_secret


class Passwords:
    """`folder` is made where it is missing, closed to others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The file with a user's password."""
        return self.folder / name

    def of(self, name: str) -> str:
        """A user's password, made up where there is none yet. PermissionError where the folder is not ours to write."""
        path = self.path(name)
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial = path.with_name(f"{name}.{os.getpid()}.partial")
            with open(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
            partial.replace(path)
        return read_secret(path).get_secret_value()
