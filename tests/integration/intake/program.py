"""`python -m services.intake …` in the test's own process: a process of its own takes seconds to start."""

from __future__ import annotations

import asyncio

import pytest

from services.intake.__main__ import app
from services.intake.settings import IntakeSettings


def surround(monkeypatch: pytest.MonkeyPatch, settings: IntakeSettings) -> None:
    """Tells the program in its environment what the settings say."""
    monkeypatch.setenv("MONGO_URL", settings.mongo.connection_string())
    monkeypatch.setenv("MONGO_DATABASE", settings.mongo.database)
    monkeypatch.setenv("RECEIPT_SECRET_FILE", str(settings.receipt_secret_file))
    monkeypatch.setenv("VAULT_KEYRING_FILE", str(settings.vault_keyring_file))


async def program(*words: str) -> object:
    """Its exit status. What it prints goes where the test's own prints go."""

    def run() -> object:
        try:
            app(words)
        except SystemExit as ended:
            return ended.code
        return 0

    return await asyncio.to_thread(run)
