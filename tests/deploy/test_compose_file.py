"""docker-compose.yml gives nothing more rights than it needs. That it works is shown by `make compose-test`."""

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509

from services.intake.vault.keyring import read_keyring
from shared.agencies import load_agencies

COMPOSE: dict[str, Any] = yaml.safe_load(Path("docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["intake", "routing", "notifications", "reporting"]
SECRETS = Path("deploy/secrets.sh").absolute()


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined_and_limited(name: str) -> None:
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"]["max-size"]
    assert not {"cap_add", "privileged", "container_name"} & set(service)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_loopback_only(name: str) -> None:
    ports = SERVICES[name].get("ports", [])
    assert all(re.match(r"\$\{PUBLISH_[A-Z]+:-127\.0\.0\.1:\d+\}:\d+$", port) for port in ports)


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "build" not in service])
def test_images_are_pinned(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:v?\d+(\.\d+\.\d+)?", SERVICES[name]["image"])


@pytest.mark.parametrize("name", OURS)
def test_a_service_starts_when_what_it_needs_is_healthy_and_set_up_and_gets_time_to_drain(name: str) -> None:
    needs = {other: need["condition"] for other, need in SERVICES[name]["depends_on"].items()}
    assert needs == {
        "kafka": "service_healthy",
        "mongo": "service_healthy",
        "bus": "service_completed_successfully",
        "mongo-init": "service_completed_successfully",
    }
    assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > 30
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_told_no_secret_but_its_own(name: str) -> None:
    urls = [secret for secret in SERVICES[name]["secrets"] if secret.endswith("_mongo_url")]
    assert urls == [f"{name}_mongo_url"]
    assert "mongo_root_password" not in SERVICES[name]["secrets"]
    assert SERVICES[name]["environment"]["MONGO_URL_FILE"] == f"/run/secrets/{name}_mongo_url"


def test_mongodb_cannot_be_reached_from_outside_and_of_kafka_only_the_listener_with_tls() -> None:
    assert "ports" not in SERVICES["mongo"]
    assert all(COMPOSE["networks"][network]["internal"] for network in SERVICES["mongo"]["networks"])
    assert [port.rpartition(":")[2] for port in SERVICES["kafka"]["ports"]] == ["9094"]
    properties = Path("deploy/kafka/server.properties").read_text()
    assert "OUTSIDE://:9094" in properties
    assert "OUTSIDE:SASL_SSL" in properties
    assert "PLAINTEXT" not in properties.replace("SASL_PLAINTEXT", "")


@pytest.mark.parametrize("name", OURS)
def test_a_service_has_its_own_user_on_the_bus_and_no_other_password(name: str) -> None:
    assert [secret for secret in SERVICES[name]["secrets"] if secret.startswith("bus_")] == [f"bus_{name}"]
    assert SERVICES[name]["environment"]["KAFKA_SASL_USERNAME"] == name
    assert SERVICES[name]["environment"]["KAFKA_SASL_PASSWORD_FILE"] == f"/run/secrets/bus_{name}"


def secrets_in(folder: Path, *words: str, **environment: str) -> dict[str, str]:
    """What deploy/secrets.sh leaves in a folder, by path."""
    environment |= {"SECRETS_DIR": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run([SECRETS, *words], env=environment, check=True, capture_output=True)
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_secrets_are_made_once_closed_to_others_and_all_that_compose_mounts(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = secrets_in(folder)
    mounted = {secret["file"].partition("/secrets}/")[2] for secret in COMPOSE["secrets"].values()}
    assert mounted <= set(made)
    users = {f"bus/{agency}" for agency in load_agencies(Path("config")).on_the_bus}
    assert set(made) - mounted == users | {"broker/keystore.pem", "bus_ca.key"}
    assert stat.S_IMODE((folder / "bus_ca.key").stat().st_mode) == 0o600
    assert folder.stat().st_mode & 0o077 == 0
    assert secrets_in(folder) == made
    assert read_keyring(folder / "vault_keyring").current == "local:first"


def test_what_only_a_coordinator_can_know_has_an_empty_folder_each_that_notifications_alone_can_read(tmp_path: Path) -> None:
    secrets_in(tmp_path / "secrets")
    folders = {"WEBHOOK_SECRETS_DIR": "webhooks", "CHAT_ADDRESSES_DIR": "chats", "CALENDAR_ADDRESSES_DIR": "calendars"}
    for setting, name in folders.items():
        mount = f"${{SECRETS_DIR:-./deploy/secrets}}/{name}:/run/{name}:ro"
        assert [other for other, service in SERVICES.items() if mount in service.get("volumes", ())] == ["notifications"]
        assert SERVICES["notifications"]["environment"][setting] == f"/run/{name}"
        assert list((tmp_path / "secrets" / name).iterdir()) == []
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o755
    assert "./config:/app/config:ro" in SERVICES["notifications"]["volumes"]


def test_a_renewed_certificate_has_the_old_ones_names_and_authority_and_changes_nothing_else(tmp_path: Path) -> None:
    made = secrets_in(tmp_path / "secrets", BUS_HOST="bus.example.org")
    renewed = secrets_in(tmp_path / "secrets", "renew-certificate", BUS_HOST="192.0.2.7")
    assert {name for name in made if renewed[name] != made[name]} == {"broker/keystore.pem"}
    broker, authority = x509.load_pem_x509_certificates(renewed["broker/keystore.pem"].partition("KEY-----\n")[2].encode())
    broker.verify_directly_issued_by(authority)
    names = broker.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["kafka", "localhost", "bus.example.org"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "192.0.2.7"]


def test_only_who_sends_mail_and_who_fetches_the_issuers_keys_or_signatures_can_connect_to_the_world() -> None:
    masquerading = "com.docker.network.bridge.enable_ip_masquerade"
    way_out = {
        name
        for name, network in COMPOSE["networks"].items()
        if not network.get("internal") and network.get("driver_opts", {}).get(masquerading) != "false"
    }
    assert way_out == {"mail", "identity", "signatures"}
    outward = {(name, net) for name, service in SERVICES.items() for net in way_out & set(service.get("networks", ()))}
    verifying = {(name, "identity") for name, service in SERVICES.items() if "OIDC_ISSUER" in service.get("environment", {})}
    assert outward == {("notifications", "mail"), ("mailpit", "mail"), ("clamav", "signatures")} | verifying


def test_who_watches_the_bus_has_no_secret_and_meets_it_outside() -> None:
    watch = SERVICES["bus-watch"]
    assert watch["secrets"] == ["bus_ca"]
    assert "volumes" not in watch
    assert watch["networks"] == ["agencies", "monitoring"]


def test_the_mail_server_of_the_test_is_pinned_like_the_rest() -> None:
    pinned = Path("requirements/dev.txt").read_text()
    lines = Path("deploy/compose_test/mail_sink/requirements.txt").read_text().splitlines()
    assert any(line.startswith("aiosmtpd==") for line in lines)
    assert all(line in pinned for line in lines if not line.startswith("#"))


def test_every_command_in_the_documentation_names_a_service_that_compose_has() -> None:
    named = {
        (page.name, service)
        for page in [*Path("docs").rglob("*.md"), Path("README.md")]
        for service in re.findall(r"docker compose (?:exec|restart|run --rm|logs(?: --\S+ \d+)?) ([a-z-]+)\b", page.read_text())
    }
    assert named
    assert {(page, service) for page, service in named if service not in SERVICES} == set()
