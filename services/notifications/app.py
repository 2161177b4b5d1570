"""Wires notifications together. Nothing connects before the HTTP application starts."""

from collections.abc import Iterator
from datetime import timedelta

from services.notifications import metrics
from services.notifications.answers.acknowledge_pages import AcknowledgePages
from services.notifications.answers.acknowledgement import Acknowledge
from services.notifications.answers.answers_by_text import AnswersByText
from services.notifications.answers.bounces import Bounces
from services.notifications.answers.lost import Lost
from services.notifications.answers.provider_pages import ProviderPages
from services.notifications.api import ledger_routes
from services.notifications.calendars.calendars import calendars_of
from services.notifications.channels.channel import Channel
from services.notifications.channels.email import Email
from services.notifications.channels.endpoint_store import EndpointStore
from services.notifications.channels.message import Writer
from services.notifications.channels.opt_out_store import OptOutStore
from services.notifications.channels.sms import Sms
from services.notifications.channels.text_message import TextWriter
from services.notifications.channels.webhook import Webhook
from services.notifications.directory.directory import Directory
from services.notifications.handlers import read_activity
from services.notifications.keeping.clock_store import ClockStore
from services.notifications.keeping.stores import Stores
from services.notifications.loops import Measure
from services.notifications.oversight.audit_store import AuditStore
from services.notifications.oversight.auditor import Auditor
from services.notifications.plan.rules import load_rules
from services.notifications.sending.clock_watch import ClockWatch
from services.notifications.sending.delivering import Delivering
from services.notifications.sending.dispatch import Dispatch
from services.notifications.sending.escalator import Escalator
from services.notifications.sending.grouping import Grouping
from services.notifications.sending.unfolder import Unfolder
from services.notifications.settings import NotificationsSettings
from services.notifications.usecases import Announce
from shared.answers import answer_safely
from shared.clock import Clock, now
from shared.identity import identity_of, signed_in
from shared.problems import Problem, ProblemKind
from shared.service import Service
from shared.serving import made
from shared.topics import DELIVERED
from shared.vocabulary import NotificationChannel

WE_FAIL = Problem(ProblemKind.internal, "The ledger could not be read. The log says where; nothing was changed.")
_UNFOLD_EVERY = 2.0
_LOOK_AT_CLOCK_EVERY = 5.0


def build_app(settings: NotificationsSettings, clock: Clock = now) -> Service:
    """The service, not yet started. ValueError where a file in CONFIG_DIR is not as it should be."""
    rules = load_rules(settings.config_dir, settings.clock_scale, settings.channels, group_storms=settings.group_storms)
    service = Service("notifications", "Notifications: who was told of a referral, and when", settings, clock)
    stores = Stores.on(service.database, settings.instance, settings.topic(DELIVERED), clock)
    service.prepare(stores.ensure_indexes)
    watch_calendars(service, rules.directory, settings)
    dispatch = Dispatch(settings.lease)
    grouping = Grouping(stores.notices, stores.bundles, rules, dispatch, clock)
    delivering = Delivering(service, stores, grouping, dispatch, rules.directory, settings)
    for channel, what in channels(settings, service, rules.directory):
        delivering.add(channel, what)
    escalator = Escalator(stores, grouping, rules, clock=clock, poll_seconds=settings.poll_seconds)
    service.loop("escalator", escalator.run)
    service.loop("unfolder", Unfolder(stores.bundles, _UNFOLD_EVERY).run)
    clock_store = ClockStore(service.database, settings.lease)
    watch = ClockWatch(clock_store, stores.escalations, rules, clock=clock, every=_LOOK_AT_CLOCK_EVERY)
    service.loop("clock_watch", watch.run)
    service.loop("measure", Measure(stores, delivering, clock).run)
    audit_store = AuditStore(service.database, timedelta(seconds=settings.audit_after_seconds))
    service.prepare(audit_store.ensure_indexes)
    auditor = Auditor(audit_store, clock, settings.audit_every_seconds)
    service.loop("auditor", auditor.run)
    read_activity(service, Announce(stores, grouping, rules, clock), auditor)
    service.http.include_router(ledger_routes(stores.ledger, signed_in(identity_of(settings.identity, clock))))
    lost = Lost(stores, grouping, rules.directory, clock)
    if settings.bounces_maildir:
        service.loop("bounces", Bounces(settings.bounces_maildir, lost, settings.bounces_every_seconds).run)
    mount_answers(service, settings, stores, lost, rules.directory)
    answer_safely(service.http, if_we_fail=WE_FAIL, count=metrics.problem)
    return service


def from_environment() -> Service:
    """The service as its environment says. Ends the program with a plain sentence where that cannot be used."""
    return made(lambda: build_app(NotificationsSettings()), "notifications: {error}")


def channels(settings: NotificationsSettings, service: Service, directory: Directory) -> Iterator[tuple[Channel, str]]:
    """Every channel that is set up, and what is at its other end."""
    texts, links = settings.texts, settings.links
    yield Email(settings.smtp, Writer(settings.smtp.sender, settings.smtp.sender_name, texts, links)), "mail"
    if NotificationChannel.sms in settings.channels:
        writer = TextWriter(texts, links, replies=bool(settings.sms.callback_url))
        yield Sms(settings.sms, writer, _opt_outs(settings, service)), "sms"
    if NotificationChannel.webhook in settings.channels:
        endpoints = EndpointStore(service.database, service.clock)
        yield Webhook(settings.webhook, directory.webhooks, endpoints, links), "webhooks"
    if NotificationChannel.chat in settings.channels:
        from services.notifications.channels.chat import Chat  # noqa: PLC0415  # it brings 5 MB that few need

        yield Chat(settings.chat, directory.chats, texts, links), "chat"


def watch_calendars(service: Service, directory: Directory, settings: NotificationsSettings) -> None:
    """Reads the calendars that are at an address, where there are any."""
    calendars = calendars_of(directory, settings, service.database, service.clock)
    if calendars:
        service.prepare(calendars.begin)
        service.loop("calendars", calendars.run)


def _opt_outs(settings: NotificationsSettings, service: Service) -> OptOutStore:
    return OptOutStore(service.database, settings.sms.token.get_secret_value(), service.clock)


def mount_answers(service: Service, settings: NotificationsSettings, stores: Stores, lost: Lost, directory: Directory) -> None:
    """The addresses at which people, and the provider of text messages, answer."""
    pages = AcknowledgePages(settings.links, Acknowledge(stores))
    service.http.mount("/static", pages.pages.static.app)
    service.http.mount("/acknowledge", pages.application)
    if settings.sms.account and settings.sms.callback_url:
        opt_outs = _opt_outs(settings, service)
        answers = AnswersByText(stores, lost, opt_outs, directory)
        service.http.mount("/from-provider", ProviderPages(settings.sms, answers).application)
