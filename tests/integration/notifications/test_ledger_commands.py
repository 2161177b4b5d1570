"""What a coordinator asks on the command line: who was told, and send again what was given up."""

from tests.activity import Life
from tests.integration.notifications.conftest import Bus, Commands, running
from tests.integration.notifications.mail_server import Fault, MailServer
from tests.waiting import eventually

DUTY, COORDINATOR = "duty@cca.example", "coordinator@taskforce.example"


async def test_was_an_agency_told_and_what_was_given_up_can_be_sent_again(
    bus: Bus, mail: MailServer, commands: Commands
) -> None:
    life = Life()
    mail.faults.append(Fault.reject)
    mail.expect(life.reference, COORDINATOR)
    async with running(bus.settings(mail)):
        await bus.publish(life.routed(), life.offered("cca"))
        await eventually(mail.all_there)
        await bus.delivered(2)
        mail.expect(life.reference, DUTY)
        assert await commands("resend", "--referral", str(life.referral)) == (0, "1 are sent again\n")
        await eventually(mail.all_there)
        await bus.delivered(3)
        after = await commands("told", str(life.referral), "--agency", "cca")
    assert after[0] == 0
    assert "cca duty: failed by email" in after[1]
    assert "cca duty: sent by email" in after[1]
    assert "@" not in after[1]


async def test_a_case_shows_who_would_be_told_now_and_while_nobody_answers_and_tells_nobody(
    bus: Bus, commands: Commands
) -> None:
    case = "docs/contracts/examples/org.rhtrt.assignment.offered.v1.json"
    status, said = await commands("route", "test", case, "--urgency", "critical")
    assert status == 0
    assert [word for word in ("offered", "reminded", "escalated", "coordinator", "email") if word not in said] == []
    assert await bus.notices() == []
    status, _ = await commands("route", "test", "README.md")
    assert status == "notifications: README.md is no event of referrals.activity (JSONDecodeError)"


async def test_a_drill_tries_desks_and_people_who_are_not_on_call_and_tells_of_whom_it_cannot_reach(
    bus: Bus, mail: MailServer, commands: Commands
) -> None:
    people = {"supervisor-1@cca.example", "supervisor-2@cca.example"}
    mail.gone.add("supervisor-2@cca.example")
    async with running(bus.settings(mail)):
        status, said = await commands("drill", "--agency", "cca")
        drill = said.split()[-1]
        mail.expect(drill[:8], DUTY, COORDINATOR, *(people - mail.gone))
        await eventually(mail.all_there, within=60)

        async def all_settled() -> bool:
            return len(await bus.notices(status="sent")) == 3

        await eventually(all_settled, within=60)
        told = await commands("told", drill, "--agency", "cca")
    assert (status, told[0]) == (0, 0)
    assert "(cca-supervisor-2): failed by email" in told[1]
    assert "(cca-supervisor-1): sent by email" in told[1]
    assert {notice["kind"] for notice in await bus.notices(role="coordinator")} == {"undelivered"}
    assert [notice["outbox"] for notice in await bus.notices(kind="test")] == [[], [], []]
    assert await bus.database["drills"].count_documents({}) == 0
