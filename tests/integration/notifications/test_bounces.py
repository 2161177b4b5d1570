"""A mail that was taken and comes back: shown, told to the coordinator once, and other mail is left for people."""

from pathlib import Path

from tests.activity import Life
from tests.integration.notifications.conftest import Bus, Commands, running
from tests.integration.notifications.mail_server import MailServer
from tests.unit.notifications.answers.test_bounce import report
from tests.waiting import eventually


async def test_a_mail_that_bounces_is_shown_and_told_to_the_coordinator_once(
    bus: Bus, mail: MailServer, tmp_path: Path, commands: Commands
) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "box" / part).mkdir(parents=True)
    new = tmp_path / "box" / "new"
    life = Life()
    mail.expect(life.reference, "duty@cca.example", "coordinator@taskforce.example")
    async with running(bus.settings(mail, bounces_maildir=tmp_path / "box")):
        await bus.publish(life.routed(), life.offered("cca"))
        await bus.delivered(1)
        [sent] = mail.mails
        (new / "1.a.host").write_bytes(report(message_id=sent.message_id))
        (new / "2.b.host").write_bytes(report(message_id=sent.message_id))
        (new / "3.c.host").write_bytes(report("delayed", message_id=sent.message_id))
        (new / "4.d.host").write_bytes(b"Subject: a question\n\nWho are you?")
        await eventually(mail.all_there, within=90)
        await bus.delivered(2)

        async def emptied() -> bool:
            return not any(new.iterdir())

        await eventually(emptied, within=90)
    assert sorted(path.name for path in (tmp_path / "box" / "cur").iterdir()) == ["3.c.host:2,S", "4.d.host:2,S"]
    assert [one.to for one in mail.mails] == ["duty@cca.example", "coordinator@taskforce.example"]
    _, said = await commands("told", str(life.referral), "--agency", "cca")
    assert "sent by email, did not arrive" in said
