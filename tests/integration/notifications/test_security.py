"""A mail server that wants TLS and a password, as those on the internet do."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from services.notifications.channels.settings import SmtpSettings
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import MailServer
from tests.waiting import eventually

# aiosmtpd takes TLS from the first byte for none at all.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["starttls", "tls"])
async def guarded(request: pytest.FixtureRequest, authority: trustme.CA) -> AsyncIterator[MailServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = MailServer(tls=context, tls_at_once=request.param == "tls", password="open sesame")
    await server.start()
    yield server
    await server.stop()
    assert server.unexpected == []


@pytest.fixture
def files(tmp_path: Path, authority: trustme.CA) -> dict[str, Path]:
    """The files that settings name."""
    paths = {name: tmp_path / name for name in ("ca", "other_ca", "password", "wrong_password")}
    authority.cert_pem.write_to_path(str(paths["ca"]))
    trustme.CA().cert_pem.write_to_path(str(paths["other_ca"]))
    paths["password"].write_text("open sesame\n")
    paths["wrong_password"].write_text("guess\n")
    return paths


def signing_in(bus: Bus, mail: MailServer, ca: Path, password: Path) -> Any:
    smtp = SmtpSettings(
        port=mail.port,
        security="tls" if mail.tls_at_once else "starttls",
        ca_file=ca,
        username="notices",
        password_file=password,
        answer_seconds=2,
        send_seconds=4,
    )
    return bus.settings(mail, smtp=smtp, lease_seconds=10)


async def test_mail_goes_out_encrypted_and_signed_in(bus: Bus, guarded: MailServer, files: dict[str, Path]) -> None:
    life = Life()
    guarded.expect(life.reference, "duty@cca.example")
    async with running(signing_in(bus, guarded, files["ca"], files["password"])):
        await bus.publish(life.routed(), life.offered("cca"))
        await eventually(guarded.all_there)


@pytest.mark.parametrize(("ca", "password"), [("other_ca", "password"), ("ca", "wrong_password")])
async def test_a_server_we_do_not_trust_or_that_does_not_trust_us_gets_nothing_and_the_notice_waits(
    bus: Bus, guarded: MailServer, files: dict[str, Path], ca: str, password: str
) -> None:
    life = Life()
    async with running(signing_in(bus, guarded, files[ca], files[password])):
        await bus.publish(life.routed(), life.offered("cca"))

        async def tried() -> bool:
            return bool(await bus.notices(trouble="not_admitted", status="pending"))

        await eventually(tried)
    assert guarded.mails == []
