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


async def test_a_drill_tries_every_desk_of_an_agency_and_no_figure_counts_it(
    bus: Bus, mail: MailServer, commands: Commands
) -> None:
    async with running(bus.settings(mail)):
        status, said = await commands("drill", "--agency", "dcf")
        drill = said.split()[-1]
        for desk in ("duty", "supervisor"):
            mail.expect(drill[:8], f"{desk}@dcf.example")
        await eventually(mail.all_there)

        async def all_sent() -> bool:
            return len(await bus.notices(status="sent")) == 2

        await eventually(all_sent)
    assert status == 0
    assert {sent.subject for sent in mail.mails} == {f"[Routine] This is a test, no referral ({drill[:8]})"}
    assert [notice["outbox"] for notice in await bus.notices()] == [[], []]
