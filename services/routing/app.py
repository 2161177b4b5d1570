"""Wires routing. Nothing connects before the HTTP application starts."""

from functools import partial

from services.routing import metrics
from services.routing.api import referral_routes
from services.routing.desk import Desk
from services.routing.handlers import agencies_reader, intake_reader
from services.routing.journal import Journal
from services.routing.loops import run_clocks, show_gauges
from services.routing.rules_in_force import RulesInForce, watch_rules
from services.routing.settings import RoutingSettings
from services.routing.store import Referrals, Rejections
from services.routing.usecases import RunOutClocks, TakeAgencyEvents, TakeIntake
from shared.clock import Clock, now
from shared.service import Service
from shared.topics import inbox


def build_app(settings: RoutingSettings, clock: Clock = now) -> Service:
    """The whole service. ConfigError where a file in `config_dir` cannot be used."""
    rules = RulesInForce(settings.config_dir, settings.clock_scale)
    agencies = rules.book.agencies.ids
    service = Service("routing", "Routing of referrals", settings, clock)
    referrals, rejections = Referrals(service.database), Rejections(service.database)
    service.prepare(referrals.ensure_indexes)
    service.prepare(rejections.ensure_indexes)
    journal = Journal(settings.topic_prefix, frozenset(agencies))
    desk = Desk(referrals, service.relay("referrals", referrals.collection), journal, rules, clock)
    refusing = service.relay("rejections", rejections.collection)
    answers = TakeAgencyEvents(desk, rejections, refusing, lambda agency: settings.topic(inbox(agency)))
    service.reader(intake_reader(service, TakeIntake(desk)))
    service.reader(agencies_reader(service, answers, agencies))
    service.loop("clocks", partial(run_clocks, RunOutClocks(desk), settings.clock_every))
    service.loop("rules", partial(watch_rules, rules, settings.rules_every))
    service.loop("gauges", partial(show_gauges, referrals, agencies, clock, settings.gauges_every))
    service.http.include_router(referral_routes(referrals, rules))
    metrics.start(agencies)
    return service
