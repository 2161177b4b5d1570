"""Intake, wired: the one place where its parts meet. Nothing connects before the HTTP application starts."""

from dataclasses import dataclass

from services.intake import metrics
from services.intake.access.api import details_routes, reader_of
from services.intake.access.grants import load_grants
from services.intake.access.handlers import subscribe_access
from services.intake.access.permission import Permission
from services.intake.access.store import Standings
from services.intake.access.usecases import ReadDetails
from services.intake.api import failed, referral_routes
from services.intake.attachments.api import adding_routes, reading_routes
from services.intake.attachments.room import Attachments, attachments_of
from services.intake.attachments.store import AttachmentStore
from services.intake.audit.store import audit_of
from services.intake.contact import Contact, load_contact
from services.intake.duplicates.api import duplicate_routes
from services.intake.duplicates.store import Duplicates
from services.intake.duplicates.usecases import TellDuplicates
from services.intake.messages.api import Question, message_routes
from services.intake.messages.desk import MessageDesk
from services.intake.messages.exchange import Exchange
from services.intake.openapi import describe
from services.intake.pages.site import UseCases, add_pages
from services.intake.provider.api import provider_routes, sender
from services.intake.receipts.hasher import LOOP, ReceiptHasher
from services.intake.receipts.store import ReceiptStore
from services.intake.retention.schedule import load_schedule
from services.intake.retention.store import RetentionStore
from services.intake.retention.usecases import Retention
from services.intake.retention.watch import OverdueWatch
from services.intake.seal import Seal, read_seal
from services.intake.settings import IntakeSettings
from services.intake.store import ReferralStore
from services.intake.usecases import ReceiveReferral
from services.intake.vault.keyring import read_keyring
from services.intake.vault.stock import KeyStock
from services.intake.vault.vault import Vault
from services.intake.visits.store import VisitStore
from services.intake.visits.usecases import ComeBack
from shared.agencies import Agencies, load_agencies
from shared.answers import answer_safely
from shared.clock import Clock, now
from shared.identity import SignedIn, identity_of, signed_in
from shared.outbox import Relay
from shared.service import Service
from shared.serving import made
from shared.topics import INTAKE


@dataclass(frozen=True)
class Ground:
    """What both sides of intake stand on: those who tell something, and those who read it."""

    service: Service
    settings: IntakeSettings
    clock: Clock
    contact: Contact
    agencies: Agencies
    seal: Seal
    vault: Vault
    store: ReferralStore
    relay: Relay
    who: SignedIn


def build_app(settings: IntakeSettings, clock: Clock = now) -> Service:
    """The service, not yet started. OSError or ValueError where its configuration or secret cannot be used."""
    ground = _ground(settings, clock)
    exchange, files = _open_the_door(ground)
    _open_the_desk(ground, exchange, files)
    answer_safely(ground.service.http, if_we_fail=failed(ground.contact), count=metrics.refused)
    describe(ground.service.http, Question)
    return ground.service


def from_environment() -> Service:
    """The service as its environment says. Ends the program with a plain sentence where that cannot be used."""
    sentence = "intake: {error}\nSee RECEIPT_SECRET_FILE, VAULT_KEYRING_FILE and CONFIG_DIR in docs/intake-api.md."
    return made(lambda: build_app(IntakeSettings()), sentence)


def _ground(settings: IntakeSettings, clock: Clock) -> Ground:
    service = Service("intake", "Referral intake", settings, clock)
    vault = Vault(service.client, service.database, read_keyring(settings.vault_keyring_file))
    service.prepare(vault.prepare)
    store = ReferralStore(service.client, service.database, vault, settings.answer_seconds)
    service.prepare(store.prepare)
    return Ground(
        service=service,
        settings=settings,
        clock=clock,
        contact=load_contact(settings.config_dir),
        agencies=load_agencies(settings.config_dir),
        seal=read_seal(settings.receipt_secret_file),
        vault=vault,
        store=store,
        relay=service.relay("intake", store.referrals),
        who=signed_in(identity_of(settings.identity, clock)),
    )


def _open_the_door(on: Ground) -> tuple[Exchange, Attachments]:
    """For those who tell something: referrals by systems and by the form, coming back, messages, files."""
    service, settings, clock = on.service, on.settings, on.clock
    keys = KeyStock(on.vault, clock)
    service.loop("keys", keys.run, rounds=False)
    receipts = ReceiptStore(on.store.referrals)
    service.prepare(receipts.prepare)
    service.loop(LOOP, ReceiptHasher(receipts, clock).run)
    receive = ReceiveReferral(on.store, keys, on.relay, on.seal, clock, topic=settings.topic(INTAKE))
    known, limit = frozenset(on.agencies.ids), settings.body_limit_bytes
    routes = referral_routes(receive, sender(on.who), agencies=known, contact=on.contact, clock=clock, limit=limit)
    service.http.include_router(routes)
    visits = VisitStore(on.store.referrals, settings.topic(INTAKE), settings.answer_seconds)
    service.prepare(visits.prepare)
    come_back, exchange = ComeBack(visits, on.relay, on.seal, clock), Exchange(visits, on.vault, on.relay, clock)
    files = attachments_of(service, settings, on.store, on.vault, seal=on.seal, announce=come_back.file_added)
    use = UseCases(receive, come_back, exchange, files.add)
    unreviewed = settings.offer_unreviewed_languages
    add_pages(service.http, use, on.seal, on.agencies, on.contact, clock=clock, unreviewed=unreviewed)
    return exchange, files


def _open_the_desk(on: Ground, exchange: Exchange, files: Attachments) -> None:
    """For those who read it, each reading written down: details, files, messages, duplicates; and what is kept how long."""
    service, settings, clock = on.service, on.settings, on.clock
    audit, standings = audit_of(service.database, on.seal), Standings(service.database)
    service.prepare(audit.prepare)
    service.prepare(standings.prepare)
    held_back = subscribe_access(service, standings)
    schedule, kept = load_schedule(settings.config_dir), RetentionStore(service.database)
    retention = Retention(standings, schedule, kept, on.vault, AttachmentStore(service.database), audit, clock)
    service.loop("overdue", OverdueWatch(retention).run, rounds=False)
    grants = load_grants(settings.config_dir)
    permission = Permission(on.store, standings, grants, audit, clock, held_back)
    reader = reader_of(on.agencies, on.who)
    service.http.include_router(details_routes(ReadDetails(permission, on.vault), reader))
    service.http.include_router(adding_routes(files.add, on.store, on.who))
    service.http.include_router(reading_routes(files.reading(permission), reader))
    desk = MessageDesk(exchange, standings, grants, audit, clock, held_back)
    service.http.include_router(message_routes(desk, on.agencies, on.who))
    service.http.include_router(provider_routes(on.store, standings, on.who))
    duplicates = Duplicates(service.database)
    service.prepare(duplicates.prepare)
    service.loop("duplicates", TellDuplicates(duplicates, on.relay, clock, settings.topic(INTAKE)).run)
    service.http.include_router(duplicate_routes(duplicates, audit, on.who, clock))
