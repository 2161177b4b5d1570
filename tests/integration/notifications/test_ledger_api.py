"""The ledger over HTTP: for those who are signed in, each as much as their role may see."""

from collections.abc import Iterator

import httpx
import pytest

from deploy.embedded import Issuer
from services.notifications.settings import NotificationsSettings
from shared.principal import Role
from shared.service import Service
from shared.settings import IdentitySettings
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import MailServer

HARTFORD, COORDINATOR = ("hartford-pd", "duty", "offered"), ("coordinator", "coordinator", "declined")


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    folder = tmp_path_factory.mktemp("issuer")
    issuer = Issuer(folder / "key", folder / "issuer.log").start()
    yield issuer
    issuer.stop()


def trusting(bus: Bus, mail: MailServer, issuer: Issuer) -> NotificationsSettings:
    named = issuer.environment()
    return bus.settings(mail, identity=IdentitySettings(issuer=named["OIDC_ISSUER"], jwks_url=named["OIDC_JWKS_URL"]))


def browser(service: Service, token: str = "") -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=service.http), base_url="http://test", headers=headers)


async def asked(service: Service, referral: object, token: str = "") -> httpx.Response:
    async with browser(service, token) as client:
        return await client.get("/api/v1/notices", params={"referral": str(referral)})


async def test_the_ledger_tells_each_role_what_it_may_know_and_holds_no_address(
    bus: Bus, mail: MailServer, issuer: Issuer
) -> None:
    life, other = Life(), Life()
    mail.expect(life.reference, "duty@hartford-pd.example", "coordinator@taskforce.example")
    wanted = {
        issuer.token(Role.coordinator): [HARTFORD, COORDINATOR],
        issuer.token(Role.coordinator, "cca"): [HARTFORD, COORDINATOR],
        issuer.token(Role.supervisor, "hartford-pd"): [HARTFORD],
        issuer.token(Role.staff, "hartford-pd"): [HARTFORD],
        issuer.token(Role.staff, "windsor-pd"): [],
        issuer.token(Role.supervisor, "windsor-pd"): [],
    }
    async with running(trusting(bus, mail, issuer)) as service:
        await bus.publish(life.routed(), life.offered("hartford-pd"), life.declined("hartford-pd"))
        await bus.delivered(2)
        for token, told in wanted.items():
            answer = await asked(service, life.referral, token)
            assert [(one["agency"], one["role"], one["kind"]) for one in answer.json()] == told
            assert "@" not in answer.text
        assert (await asked(service, other.referral, issuer.token(Role.coordinator))).json() == []
        wrong = await asked(service, "Jane", issuer.token(Role.coordinator))
        assert (wrong.status_code, wrong.headers["content-type"]) == (422, "application/problem+json")
        assert "Jane" not in wrong.text
        for token in (issuer.token(Role.analyst), issuer.token(Role.analyst, "hartford-pd")):
            assert (await asked(service, life.referral, token)).status_code == 403
        for token in ("", "nonsense"):
            assert (await asked(service, life.referral, token)).status_code == 401


async def test_without_an_issuer_the_ledger_answers_nobody(bus: Bus, mail: MailServer, issuer: Issuer) -> None:
    async with running(bus.settings(mail)) as service:
        answer = await asked(service, Life().referral, issuer.token(Role.coordinator))
    assert answer.status_code == 503
    assert "Sign-in is not set up here" in answer.text
