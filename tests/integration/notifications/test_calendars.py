"""Calendars at an address: read over TLS, kept for when it does not answer, and never from our own network."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from services.notifications.calendars.calendars import Calendars
from services.notifications.calendars.feed import CalendarFeed
from services.notifications.calendars.store import CalendarStore
from services.notifications.channels.settings import CalendarSettings
from services.notifications.directory.duty_calendar import CalendarTrouble
from services.notifications.directory.on_call import Schedule
from shared import mongo
from tests.activity import Life
from tests.integration.notifications.conftest import Bus, Commands, running
from tests.integration.notifications.mail_server import MailServer
from tests.integration.notifications.provider import Fault, Provider, provider
from tests.integration.notifications.test_channels import config
from tests.waiting import eventually

NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)


def naming(who: str, more: str = "") -> bytes:
    """A calendar in which somebody is always on call."""
    event = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260101T000000Z\r\nDTEND:20360101T000000Z\r\nSUMMARY:{who}\r\n{more}END:VEVENT"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n{event}\r\nEND:VCALENDAR\r\n".encode()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Provider]:
    async with provider(tmp_path, yes="200 OK", body=naming("ann-1"), dawdling=1) as server:
        yield server


@pytest.fixture
async def database(mongo_url: str) -> AsyncIterator[mongo.Database]:
    client = mongo.connect(mongo_url)
    name = "calendars_of_a_test"
    yield mongo.database(client, name)
    await client.drop_database(name)
    client.close()


class World:
    """One schedule with a calendar on the server, and a clock that is moved by hand."""

    def __init__(self, server: Provider, database: mongo.Database, folder: Path, allow: str = "127.0.0.0/8") -> None:
        self.now = NOON
        self.schedule = Schedule(id="nights", calendar=f"https://127.0.0.1:{server.port}/private-2af3/nights.ics")
        settings = CalendarSettings(ca_file=folder / "ca.pem", allow_networks=allow, read_seconds=0.8)
        addresses = {"nights": self.schedule.address(None)}
        store = CalendarStore(database, lambda: self.now)
        self.calendars = Calendars(
            {"nights": self.schedule}, addresses, CalendarFeed(settings), store, clock=lambda: self.now, every=60
        )

    @property
    def on_call(self) -> str | None:
        return self.schedule.who(self.now)


async def test_a_calendar_is_read_anew_when_it_has_changed_and_only_then(
    server: Provider, database: mongo.Database, tmp_path: Path
) -> None:
    world = World(server, database, tmp_path)
    assert world.on_call is None
    assert await world.calendars.look("nights") is None
    assert world.on_call == "ann-1"
    world.now += timedelta(minutes=5)
    assert await world.calendars.look("nights") is None
    assert server.requests[-1].headers["if-none-match"] == '"1"'
    assert world.calendars.oldest() == 0
    server.body, server.etag = naming("ben-2"), '"2"'
    assert await world.calendars.look("nights") is None
    assert world.on_call == "ben-2"


async def test_what_cannot_be_read_changes_nothing_and_ages(server: Provider, database: mongo.Database, tmp_path: Path) -> None:
    world = World(server, database, tmp_path)
    await world.calendars.look("nights")
    faults = {
        Fault.busy: CalendarTrouble.refused,
        Fault.elsewhere: CalendarTrouble.refused,
        Fault.cut: CalendarTrouble.unreachable,
        Fault.dawdle: CalendarTrouble.unreachable,
    }
    server.etag = '"2"'
    for fault, trouble in faults.items():
        server.faults.append(fault)
        assert await world.calendars.look("nights") is trouble, fault
    often = naming("ben-2", "RRULE:FREQ=SECONDLY\r\n")
    for body, trouble in (
        (b"<html>Sign in</html>", CalendarTrouble.unusable),
        (often, CalendarTrouble.unusable),
        (b"x" * 1_000_001, CalendarTrouble.too_long),
    ):
        server.body = body
        assert await world.calendars.look("nights") is trouble
    world.now += timedelta(hours=7)
    assert (world.on_call, world.calendars.oldest()) == ("ann-1", 7 * 3600)


async def test_after_a_restart_the_last_good_one_holds_but_not_that_of_another_address(
    server: Provider, database: mongo.Database, tmp_path: Path
) -> None:
    await World(server, database, tmp_path).calendars.look("nights")
    await server.stop()
    world = World(server, database, tmp_path)
    await world.calendars.begin()
    assert await world.calendars.look("nights") is CalendarTrouble.unreachable
    assert world.on_call == "ann-1"
    assert "private-2af3" not in str(await database["calendars"].find().to_list(None))
    server.port += 1
    other = World(server, database, tmp_path)
    await other.calendars.begin()
    assert other.on_call is None


async def test_a_calendar_in_our_own_network_is_never_asked_for(
    server: Provider, database: mongo.Database, tmp_path: Path
) -> None:
    world = World(server, database, tmp_path, allow="")
    assert await world.calendars.look("nights") is CalendarTrouble.not_public
    assert server.connections == 0


async def test_whoever_the_calendar_names_is_told_and_shown_by_the_command(
    bus: Bus, mail: MailServer, server: Provider, tmp_path: Path, commands: Commands
) -> None:
    configured = config(tmp_path, on_call="nights")
    secrets = tmp_path / "addresses"
    secrets.mkdir()
    (secrets / "nights").write_text(f"https://127.0.0.1:{server.port}/private-2af3/nights.ics?key=1\n")
    path = configured / "on-call.yaml"
    schedules = yaml.safe_load(path.read_text())
    schedules["schedules"].append({"id": "nights", "calendar": "secret:nights"})
    path.write_text(yaml.safe_dump(schedules))
    server.body = naming("cca-supervisor-1")
    calendar = CalendarSettings(
        addresses_dir=secrets, ca_file=tmp_path / "ca.pem", allow_networks="127.0.0.0/8", every_seconds=0.2
    )
    async with running(bus.settings(mail, config_dir=configured, calendar=calendar)):

        async def read() -> bool:
            return await bus.database["calendars"].count_documents({}) == 1

        await eventually(read, within=60)
        life = Life()
        mail.expect(life.reference, "supervisor-1@cca.example")
        await bus.publish(life.routed(), life.offered("dcf"))
        await eventually(mail.all_there, within=60)
    environment = {
        "CONFIG_DIR": str(configured),
        "CALENDAR_ADDRESSES_DIR": str(secrets),
        "CALENDAR_CA_FILE": str(tmp_path / "ca.pem"),
        "CALENDAR_ALLOW_NETWORKS": "127.0.0.0/8",
    }
    status, said = await commands("directory", "calendars", **environment)
    assert (status, "nights: read" in said) == (0, True)
    status, said = await commands("who-is-on-call", "--at", "2026-12-24T18:00", **environment)
    assert "nights: cca-supervisor-1, until" in said
    assert "its calendar was read" in said
    await server.stop()
    status, said = await commands("directory", "calendars", **environment)
    assert (status, "nights: could not be read (unreachable)" in said) == (1, True)
