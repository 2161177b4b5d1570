"""The main job, as the demo runs it."""

from __future__ import annotations

from deploy.demo.caseload import CASES
from deploy.demo.performance import Performance
from deploy.demo.report import received
from deploy.demo.screen import picture
from deploy.demo.story import Story
from shared.principal import Role
from tests.system import System


async def test_every_case_reaches_the_right_agencies_alerts_their_staff_and_shows_in_the_report(system: System) -> None:
    def show(story: Story, left: int) -> None:
        picture(story, left)

    performance = Performance(system.addresses, system.broker.access, system.agencies.ids, show)
    token = system.issuer.token(Role.analyst)
    before = await performance.report(token)
    assert await performance.run(pause=0.05, within=60) == []
    after = await performance.report(token)
    assert received(after) - received(before) == len(CASES)
    excluded = next(told for told in performance.story.cases.values() if told.case.facts.get("excluded_agencies"))
    assert "manchester-pd" not in excluded.parts
