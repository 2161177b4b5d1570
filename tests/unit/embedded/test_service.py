"""What an instance of a service is told, and the secret it is given."""

import stat
from pathlib import Path

from deploy.embedded import Access, Surroundings
from deploy.embedded.service import ensure_keyring, ensure_secret
from services.intake.vault.keyring import read_keyring


def test_an_instance_is_told_where_the_others_are_and_where_to_listen(tmp_path: Path) -> None:
    around = Surroundings(
        Access("127.0.0.1:1", "127.0.0.1:4", tmp_path),
        "mongodb://127.0.0.1:2/",
        "127.0.0.1:3",
        tmp_path,
        tmp_path / "secret",
        tmp_path / "keyring",
        extra={"X": "y"},
    )
    told = around.environment("intake", instance="intake-2", port=4)
    wanted = {
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "KAFKA_SASL_USERNAME": "intake",
        "KAFKA_SASL_PASSWORD_FILE": str(tmp_path / "bus" / "intake"),
        "MONGO_URL": "mongodb://127.0.0.1:2/",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "3",
        "CONFIG_DIR": str(tmp_path),
        "RECEIPT_SECRET_FILE": str(tmp_path / "secret"),
        "VAULT_KEYRING_FILE": str(tmp_path / "keyring"),
        "INSTANCE": "intake-2",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": "4",
        "X": "y",
    }
    assert wanted.items() <= told.items()


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = ensure_secret(tmp_path / "secrets" / "receipt")
    first = path.read_text()
    assert len(first) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ensure_secret(path).read_text() == first
    assert first != ensure_secret(tmp_path / "secrets" / "other").read_text()


def test_the_vaults_master_key_is_made_once_and_can_be_used(tmp_path: Path) -> None:
    path = ensure_keyring(tmp_path / "keyring")
    first = path.read_text()
    assert read_keyring(path).current == "local:first"
    assert ensure_keyring(path).read_text() == first
