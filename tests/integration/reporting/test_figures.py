"""From events on the topics to figures in the report."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from services.reporting.command_line.report import print_report
from services.reporting.reports.period import Period
from shared.principal import Role
from shared.topics import ACTIVITY, INTAKE
from tests.histories import lives
from tests.integration.reporting.conftest import World
from tests.waiting import eventually


async def test_events_become_the_figures_that_the_oracle_works_out(world: World) -> None:
    await world.publish(lives(1, 150))
    async with world.running() as client:
        await world.in_step(client)
        report = (await client.get("/api/v1/report")).json()
        world.check(report)
        assert report["audience"] == "internal"
        newest = max(event.time for event in world.published)
        assert report["as_of"]["newest_event"] == newest.isoformat()
        assert [d["name"] for d in report["definitions"]] == list(report["figures"])


async def test_a_period_takes_the_referrals_received_on_its_local_days(world: World) -> None:
    await world.publish(lives(2, 120))
    quarter = Period(date(2026, 4, 1), date(2026, 6, 30), ZoneInfo("America/New_York"))
    async with world.running() as client:
        await world.in_step(client)
        report = (await client.get("/api/v1/report", params={"from": "2026-04-01", "to": "2026-06-30"})).json()
    world.check(report, since=quarter.since, until=quarter.until)
    assert 0 < report["figures"]["received"][0]["total"] < 120


async def test_what_comes_again_changes_nothing(world: World) -> None:
    told = lives(3, 60)
    await world.publish(told)
    await world.publish(told)
    async with world.running() as client:
        await world.in_step(client)
        before = (await client.get("/api/v1/report")).json()["figures"]
        await world.publish(told)
        await world.publish(lives(4, 1))
        await world.in_step(client)
        world.check((await client.get("/api/v1/report")).json())
    assert before["received"][0]["total"] == 60


async def test_a_referral_known_by_later_events_only_waits_outside_the_figures(world: World) -> None:
    told = [one for one in lives(5, 30) if one.activity]
    await world.publish(told, ACTIVITY)
    async with world.running() as client:
        await world.in_step(client)
        report = (await client.get("/api/v1/report")).json()
        assert report["without_receipt"] == len(told)
        assert report["figures"]["received"][0]["total"] == 0
        await world.publish(told, INTAKE)
        await world.in_step(client)
        report = (await client.get("/api/v1/report")).json()
    assert report["without_receipt"] == 0
    world.check(report)


async def test_a_poison_event_stops_its_own_referral_only(world: World) -> None:
    sick, *healthy = [one for one in lives(6, 40) if one.activity]
    key = str(sick.id).encode()
    await world.publish_bytes(ACTIVITY, key, b"not json")
    await world.publish(healthy)
    async with world.running() as client:
        await world.in_step(client)
        report = (await client.get("/api/v1/report")).json()
        world.check(report)
        metrics = (await client.get("/metrics")).text
    assert 'delivery_dead_letters_total{reader="reporting-activity",reason="not_json"}' in metrics
    assert await world.database["parked"].count_documents({"_id.key": key}) == 1


async def test_a_period_that_makes_no_sense_is_answered_with_what_to_fix_and_without_what_was_sent(world: World) -> None:
    async with world.running() as client:
        for query in ("from=2026-02-30", "to=yesterday", "from=2026-02-02&to=2026-02-01", "form=2026-01-01", "from=20260101"):
            answer = await client.get(f"/api/v1/report?{query}")
            assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, query
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["errors"], query
            assert "yesterday" not in answer.text
            assert "form" not in [error["field"] for error in answer.json()["errors"]]


async def test_a_report_by_event_and_narrowed_down_is_what_the_oracle_works_out(world: World) -> None:
    await world.publish(lives(8, 120))
    quarter = Period(date(2026, 4, 1), date(2026, 6, 30), ZoneInfo("America/New_York"))
    async with world.running() as client:
        await world.in_step(client)
        asked = "period=CY2026-Q2&counted_by=event&town=hartford&town=windsor"
        report = (await client.get(f"/api/v1/report?{asked}")).json()
    facets = {"town": {"hartford", "windsor"}}
    world.check(report, since=quarter.since, until=quarter.until, by_event=True, facets=facets)
    assert report["filters"] == {"town": ["hartford", "windsor"]}
    assert report["period"]["counted_by"] == "event"


def reporter(event: Any) -> str:
    """Who told, as the event says; nobody where it does not."""
    return str(event.data.facts.reporter.value) if hasattr(event.data, "facts") else ""


async def test_a_correction_moves_a_referral_from_one_row_to_another(world: World) -> None:
    one = next(one for one in lives(10, 40) if len({reporter(event) for event in one.intake}) == 2)
    before, after = map(reporter, one.intake)
    told_first = dataclasses.replace(one, intake=one.intake[:1])
    async with world.running() as client:
        for told, shown in ((told_first, before), (one, after)):
            await world.publish([told])
            await world.in_step(client)
            rows = (await client.get("/api/v1/report")).json()["figures"]["received_by_reporter"]
            assert [row["reporter"] for row in rows if row["total"]] == [shown]


async def test_true_counts_are_for_analysts_and_the_coordinator_alone(world: World) -> None:
    async with world.running(role=None) as client:
        for path in ("report", "equity", "trend"):
            assert (await client.get(f"/api/v1/{path}")).status_code == httpx.codes.UNAUTHORIZED
            for role, agency in ((Role.staff, "cca"), (Role.supervisor, "cca")):
                answer = await client.get(f"/api/v1/{path}", headers=world.sign_in(role, agency))
                assert answer.status_code == httpx.codes.FORBIDDEN
            for role in (Role.analyst, Role.coordinator):
                assert (await client.get(f"/api/v1/{path}", headers=world.sign_in(role))).is_success


async def test_the_trend_has_every_month_up_to_today_and_the_equity_view_every_facet(world: World) -> None:
    await world.publish(lives(9, 60))
    async with world.running() as client:
        await world.in_step(client)
        months = (await client.get("/api/v1/trend?period=CY2026-Q1")).json()["months"]
        groups = (await client.get("/api/v1/equity")).json()["groups"]
    assert [row["month"] for row in months if row["what"] == "received"] == ["CY2026-01", "CY2026-02", "CY2026-03"]
    received = [e for e in world.published if e.type.endswith("received.v1") and e.time < datetime(2026, 4, 1, 4, tzinfo=UTC)]
    assert sum(row["total"] for row in months if row["what"] == "received") == len(
        [e for e in received if e.time >= datetime(2026, 1, 1, 5, tzinfo=UTC)]
    )
    assert list(groups) == ["race_ethnicity", "gender", "age_group", "language"]


async def test_a_report_with_a_name_is_answered_from_the_figures_of_its_period(world: World) -> None:
    await world.publish(lives(9, 60))
    async with world.running() as client:
        await world.in_step(client)
        names = [one["name"] for one in (await client.get("/api/v1/reports")).json()["reports"]]
        told = (await client.get("/api/v1/reports/state-annual?period=CY2026")).json()
        figures = (await client.get("/api/v1/report?period=CY2026&counted_by=event")).json()["figures"]
        assert (await client.get("/api/v1/reports/lunch")).status_code == httpx.codes.NOT_FOUND
    assert names == ["state-annual", "funder-quarterly", "weekly"]
    assert told["period"]["to"] == "2026-12-31"
    assert told["lines"][0]["rows"] == figures["received"]
    assert told["lines"][-1]["rows"] == figures["dispositions"]


async def test_an_operator_reads_the_report_without_a_token(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await world.publish(lives(7, 20))
    async with world.running():
        await world.all_applied()
    capsys.readouterr()
    assert await print_report(world.settings, "") == 0
    world.check(json.loads(capsys.readouterr().out))
    assert await print_report(world.settings, "town=atlantis") == 1
    assert "town: give one of hartford" in capsys.readouterr().out


async def test_the_measures_are_declared_to_whoever_asks(world: World) -> None:
    async with world.running(role=None) as client:
        told = (await client.get("/api/v1/measures")).json()
    assert "received" in [measure["name"] for measure in told["measures"]]


async def test_how_fresh_the_figures_are_can_be_scraped(world: World) -> None:
    await world.publish(lives(9, 5))
    newest = max(event.time for event in world.published).timestamp()

    async with world.running() as client:
        await world.in_step(client)

        async def fresh() -> bool:
            text = (await client.get("/metrics")).text
            parts = [line for line in text.splitlines() if line.startswith("reporting_newest_event_timestamp_seconds{")]
            return newest in [float(line.rsplit(" ", 1)[1]) for line in parts]

        await eventually(fresh)
