"""The one place where reporting is wired together."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.reporting import metrics
from services.reporting.api import report_routes
from services.reporting.behind.api import case_routes
from services.reporting.behind.behind import CasesBehind
from services.reporting.extract.api import extract_routes
from services.reporting.extract.ledger import Ledger
from services.reporting.extract.mapping_file import load_fields
from services.reporting.extract.order import Desk
from services.reporting.extract.partners import load_partners
from services.reporting.extract.pseudonym import read_seal
from services.reporting.extract.reading import at_one_moment
from services.reporting.extract.taking import Extracts
from services.reporting.handlers import subscribe_readers
from services.reporting.index.caseload import Caseload
from services.reporting.index.numbers import Numbers
from services.reporting.measures.targets import load_targets
from services.reporting.pages.site import add_pages
from services.reporting.rebuilds import Rebuilds
from services.reporting.release.api import Releases, release_routes
from services.reporting.release.archive import Archive
from services.reporting.reports.report import Reports
from services.reporting.reports.reports_file import load_reports
from services.reporting.settings import ReportingSettings
from services.reporting.store import LIVE, Cases, Freshness
from shared.answers import answer_safely
from shared.clock import Clock, now
from shared.delivery.metrics import LOOP_SUCCESS
from shared.identity import identity_of, signed_in
from shared.problems import Problem, ProblemKind
from shared.service import Service
from shared.serving import made

WE_FAIL = Problem(ProblemKind.internal, "The report could not be worked out. The log says where; nothing was changed.")


def build_app(settings: ReportingSettings, clock: Clock = now) -> Service:
    """Reporting, ready to be served. Nothing is connected yet. ValueError where a file of settings is wrong."""
    service = Service("reporting", "Reporting", settings, clock)
    cases, freshness = Cases(service.database[LIVE]), Freshness(service.database)
    rebuilds = Rebuilds(service.database, clock)
    caseload = caseload_of(service, settings)

    async def catching_up() -> bool:
        return (await rebuilds.state()).switching

    async def left_half_done() -> str | None:
        state = await rebuilds.state()
        return "a rebuild was left half done: run `rebuild` again" if state.switching and not state.running else None

    async def still_reading() -> str | None:
        if caseload.as_of:
            return None
        return "the cases are being read" + (": {:,} of {:,}".format(*caseload.reading) if caseload.reading else "")

    async def watch() -> None:
        while True:
            await _measure(cases, freshness, rebuilds)
            LOOP_SUCCESS.labels("figures").set_to_current_time()
            await asyncio.sleep(2)

    async def keep_in_step() -> None:
        while True:
            await caseload.look()
            LOOP_SUCCESS.labels("caseload").set_to_current_time()
            await asyncio.sleep(settings.look_seconds)

    service.prepare(cases.ensure_indexes)
    service.prepare(Numbers(service.database).ensure_indexes)
    service.loop("figures", watch)
    service.loop("caseload", keep_in_step)
    service.health.check("figures", left_half_done)
    service.health.check("caseload", still_reading)
    subscribe_readers(service, settings, cases, freshness, catching_up)
    reports = Reports(caseload, load_targets(settings.config_dir), load_reports(settings.config_dir))
    who = signed_in(identity_of(settings.identity, clock))
    service.http.include_router(report_routes(reports, who))
    releases = Releases(Archive(service.database), who)
    service.http.include_router(release_routes(releases, reports, who))
    fields = load_fields(settings.config_dir)
    partners = load_partners(settings.config_dir, fields, settings.partner_threshold)
    seal = read_seal(settings.extract_secret_file) if settings.extract_secret_file else None
    ledger = Ledger(service.database, seal.ledger) if seal else None
    extracts = Extracts(lambda: at_one_moment(service.database[LIVE]), ledger, seal, fields, clock) if ledger and seal else None
    behind = CasesBehind(reports, cases, Numbers(service.database), ledger, clock) if ledger else None
    service.http.include_router(extract_routes(extracts, partners, Desk(fields, caseload.zone, clock), who))
    service.http.include_router(case_routes(behind, who))
    add_pages(service.http, reports, releases, behind, who)
    answer_safely(service.http, if_we_fail=WE_FAIL, count=lambda kind: metrics.PROBLEMS.labels(kind.name).inc())
    return service


def from_environment() -> Service:
    """The service as its environment says. Ends the program with a plain sentence where that cannot be used."""
    return made(lambda: build_app(ReportingSettings()), "reporting: {error}")


def caseload_of(service: Service, settings: ReportingSettings) -> Caseload:
    """The index of the cases in the service's database, still empty."""
    save_every = timedelta(seconds=settings.save_seconds)
    return Caseload(Cases(service.database[LIVE]), service.database, ZoneInfo(settings.time_zone), service.clock, save_every)


async def _measure(cases: Cases, freshness: Freshness, rebuilds: Rebuilds) -> None:
    metrics.CASES.set(await cases.count())
    for part, newest in (await freshness.newest()).items():
        metrics.NEWEST.labels(part).set(newest.timestamp())
    state = await rebuilds.state()
    metrics.REBUILDING.set(state.running or state.switching)
    metrics.REBUILT.set(state.finished.timestamp() if state.finished else 0)
