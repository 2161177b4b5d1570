"""Wires routing. Nothing connects before the HTTP application starts."""

from datetime import timedelta
from functools import partial

from services.routing import metrics
from services.routing.agencies.rejection_store import Rejections
from services.routing.api import DeskApi
from services.routing.desk.desk import Desk
from services.routing.desk.openapi import describe
from services.routing.desk.rules_in_force import RulesInForce, watch_rules
from services.routing.handlers import agencies_reader, intake_reader
from services.routing.keeping.journal import Journal
from services.routing.keeping.unwatched import wake
from services.routing.loops import run_clocks, show_gauges
from services.routing.sandbox.sandbox import Sandbox, run_sandbox, uncounted
from services.routing.settings import RoutingSettings
from services.routing.store import Referrals
from services.routing.usecases import RunOutClocks, TakeAgencyEvents, TakeIntake
from shared.answers import answer_safely
from shared.clock import Clock, now
from shared.identity import identity_of, signed_in
from shared.problems import Problem, ProblemKind
from shared.service import Service
from shared.serving import made
from shared.topics import SANDBOX, SANDBOX_READER, inbox

WE_FAIL = Problem(
    ProblemKind.internal,
    "It may have been done: look at the referral, or send it again with the same Idempotency-Key.",
)


def build_app(settings: RoutingSettings, clock: Clock = now) -> Service:
    """The whole service. ConfigError where a file in `config_dir` cannot be used."""
    rules = RulesInForce(settings.config_dir, settings.clock_scale)
    agencies = rules.book.agencies.ids
    service = Service("routing", "Routing of referrals", settings, clock)
    referrals, rejections = Referrals(service.database), Rejections(service.database)
    service.prepare(referrals.ensure_indexes)
    service.prepare(partial(wake, referrals.collection, clock))
    service.prepare(rejections.ensure_indexes)
    journal = Journal(settings.topic_prefix, frozenset(agencies))
    desk = Desk(referrals, service.relay("referrals", referrals.collection), journal, rules, clock)
    refusing = service.relay("rejections", rejections.collection)
    answers = TakeAgencyEvents(desk, rejections, refusing, lambda agency: settings.topic(inbox(agency)))
    service.reader(intake_reader(service, TakeIntake(desk)))
    service.reader(agencies_reader(service, answers, agencies, settings.agency_events_per_second))
    service.loop("clocks", partial(run_clocks, RunOutClocks(desk), settings.clock_every))
    service.loop("rules", partial(watch_rules, rules, settings.rules_every))
    service.loop("gauges", partial(show_gauges, referrals, agencies, clock, settings.gauges_every))
    if rules.book.agencies.has_sandbox:
        _add_sandbox(service, settings, rules, clock)
    api = DeskApi(desk, signed_in(identity_of(settings.identity, clock)))
    service.http.include_router(api.router())
    answer_safely(service.http, if_we_fail=WE_FAIL, count=lambda kind: metrics.PROBLEMS.labels(kind.name).inc())
    describe(service.http)
    metrics.start(agencies)
    return service


def from_environment() -> Service:
    """The service as its environment says. Ends the program with a plain sentence where that cannot be used."""
    return made(lambda: build_app(RoutingSettings()))


def _add_sandbox(service: Service, settings: RoutingSettings, rules: RulesInForce, clock: Clock) -> None:
    """Beside the rest, and apart from it: collections, journal and reader of its own; nothing of it is counted."""
    referrals = Referrals(service.database, "sandbox", keep=timedelta(days=2))
    rejections = Rejections(service.database, "sandbox_rejections")
    service.prepare(referrals.ensure_indexes)
    service.prepare(rejections.ensure_indexes)
    journal = Journal(settings.topic_prefix, frozenset({SANDBOX}), sandbox=True)
    desk = Desk(referrals, service.relay("sandbox", referrals.collection), journal, rules, clock)
    refusing = service.relay("sandbox_rejections", rejections.collection)
    answers = TakeAgencyEvents(desk, rejections, refusing, lambda _: settings.topic(inbox(SANDBOX)), uncounted)
    service.reader(agencies_reader(service, answers, (SANDBOX,), settings.agency_events_per_second, SANDBOX_READER))
    service.loop("sandbox", partial(run_sandbox, Sandbox(desk, settings.sandbox_every)))
