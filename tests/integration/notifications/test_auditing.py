"""The auditor notices what the pipeline has lost, without the pipeline's help, and says that it is alive."""

import shutil
from pathlib import Path

from prometheus_client import REGISTRY

from tests.activity import Life
from tests.integration.notifications.conftest import Bus, running
from tests.integration.notifications.mail_server import MailServer
from tests.waiting import eventually

DUTY = "duty@cca.example"


def found(finding: str) -> float:
    return REGISTRY.get_sample_value("notices_audit_findings", {"finding": finding}) or 0.0


async def test_an_event_that_led_to_no_notice_is_found_whatever_the_policy_says(
    bus: Bus, mail: MailServer, tmp_path: Path
) -> None:
    shutil.copytree("config", tmp_path / "config")
    path = tmp_path / "config" / "notices.yaml"
    path.write_text(path.read_text().replace("when: assignment.declined", "when: assignment.revoked"))
    async with running(bus.settings(mail, config_dir=tmp_path / "config")):
        life = Life()
        await bus.publish(life.routed(), life.declined("cca"))

        async def noticed() -> bool:
            return found("never_planned") == 1

        await eventually(noticed)


async def test_a_message_that_does_not_go_out_is_found_and_no_more_once_it_has(bus: Bus, mail: MailServer) -> None:
    await mail.stop()
    async with running(bus.settings(mail)):
        life = Life()
        mail.expect(life.reference, DUTY)
        await bus.publish(life.routed(), life.offered("cca"))

        async def noticed() -> bool:
            return found("not_sent") == 1

        await eventually(noticed)
        await mail.start()
        await eventually(mail.all_there)
        # The next look is half a minute away: bring it forward.
        await bus.database["expectations"].update_many({}, {"$set": {"due": life.routed().time}})

        async def gone() -> bool:
            return found("not_sent") == 0

        await eventually(gone)
        assert await bus.database["expectations"].count_documents({}) == 0


async def test_what_was_told_in_time_is_no_finding_and_the_auditor_says_when_it_looked(bus: Bus, mail: MailServer) -> None:
    async with running(bus.settings(mail)) as service:
        life = Life()
        mail.expect(life.reference, DUTY)
        offer = life.offered("cca")
        await bus.publish(offer.model_copy(update={"sequence": 1}))

        async def looked() -> bool:
            return bool(await bus.notices(status="sent")) and not await bus.database["expectations"].count_documents({})

        await eventually(looked)
        last = REGISTRY.get_sample_value("notices_audit_last_round_timestamp_seconds") or 0.0
    assert (found("not_sent"), found("never_planned"), found("given_up")) == (0, 0, 0)
    assert service.clock().timestamp() - last < 15
