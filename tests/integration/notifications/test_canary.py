"""The privacy canary of messages: what must not be told stands in no mail, text message, webhook, chat, ledger, figure or log.

Routing's events are coded, and cannot hold a person's details. Here they hold some all the same, in every place where one could
slip in: unknown fields, and terms that are none of ours. And what they may hold, the facts of the case, is looked for too.
"""

import json
import quopri
from pathlib import Path

import httpx
import pytest

from services.notifications.directory.contacts import Contacts
from shared.broker import Message
from shared.events.codec import encode
from shared.events.envelope import Envelope
from shared.events.facts import Facts
from shared.topics import ACTIVITY
from shared.vocabulary import AgeBand, Channel, Gender, LaborExploitation, Minor, Reporter, Town, TraffickingType, Urgency
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, Commands, running
from tests.integration.notifications.every_channel import WAYS, by_every_channel
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Provider

MARK = "canary4b1f0c"
FACTS = Facts(
    trafficking_type=TraffickingType.labor,
    labor_exploitation=(LaborExploitation.domestic_work,),
    gender=Gender.female,
    age_band=AgeBand(AgeBand.terms()[0]),
    minor=Minor.yes,
    town_of_exploitation=Town.glastonbury,
    reporter=Reporter.healthcare,
    channel=Channel.web,
)
TELLTALE = (MARK, "labor", "domestic", "female", "glastonbury", "minor", "healthcare", "any_rule")
"""Marks, and facts of the case, as one would read them."""


def tainted(event: Envelope) -> bytes:
    """The event with the marker in unknown fields at every level, and as a term in place of one of ours."""
    raw = json.loads(encode(event))
    raw |= {"name": MARK, "tracestate": MARK}
    raw["data"] |= {"victim": {"name": MARK}, "narrative": MARK, "role": raw["data"].get("role", "lead")}
    for field in ("reason", "level"):
        if field in raw["data"]:
            raw["data"][field] = MARK
    if "facts" in raw["data"]:
        raw["data"]["facts"] |= {"victim_name": MARK, "race_ethnicity": [MARK]}
    return json.dumps(raw).encode()


async def publish(bus: Bus, *events: Envelope) -> None:
    topic = bus.prefix + ACTIVITY
    await bus.publisher.send([Message(topic, str(event.subject).encode(), tainted(event)) for event in events])


def read(raw: bytes) -> str:
    """Bytes as somebody would read them, whatever way they are encoded."""
    return (raw.decode(errors="replace") + quopri.decodestring(raw).decode(errors="replace")).lower()


async def test_nothing_that_must_not_be_told_is_in_anything_that_is_sent_kept_counted_or_logged(
    bus: Bus, mail: MailServer, others: Provider, tmp_path: Path, *, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = by_every_channel(bus, mail, others, tmp_path)
    async with running(settings) as service:
        lives = []
        for agency in WAYS:
            lives.append(life := Life(urgency=Urgency.critical))
            mail.expect(
                life.reference, *(f"{who}@{agency}.example" for who in ("duty", "supervisor", "supervisor-1", "supervisor-2"))
            )
            mail.expect(life.reference, "coordinator@taskforce.example")
            await publish(bus, life.routed(), life.offered(agency, facts=FACTS), life.declined(agency))
        events = await bus.delivered(3 * len(WAYS))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=service.http), base_url="http://test") as client:
            paths = ("/metrics", "/health/ready", "/openapi.json", f"/api/v1/notices?referral={lives[0].referral}")
            pages = [(await client.get(path)).text for path in paths]
        stored = [str(one) for name in await bus.database.list_collection_names() async for one in bus.database[name].find()]
    pages += capsys.readouterr()
    said = [await commands("told", str(life.referral)) for life in lives]
    previews = [await commands("preview", kind, "--text", "body.html") for kind in ("offered", "escalated")]
    sent = [read(one.raw) for one in mail.mails] + [read(one.body) + str(one.headers).lower() for one in others.requests]
    assert {event.data.channel.value for event in events} == set(WAYS.values())
    assert len(sent) >= 3 * len(WAYS)
    for text in sent:
        assert [word for word in TELLTALE if word in text] == []
    told = [str(event) for event in events] + stored + [text for _, text in said + previews]
    assert [text for text in told if MARK in text] == []
    assert [page for page in pages if MARK in page] == []


def test_whoever_reported_is_never_written_to_as_nobody_can_stand_in_the_directory_but_staff() -> None:
    """Reporters' addresses are in intake's vault, which this service cannot read. Whether it is safe to write to one it cannot
    know, and in doubt nothing is sent. Who would change that has to change this."""
    for role in ("reporter", "victim", "referrer"):
        with pytest.raises(ValueError, match="role"):
            Contacts.model_validate(
                {"coordinator": "a", "contacts": {"a": [{"role": role, "name": "X", "address": "x@y.example"}]}}
            )
