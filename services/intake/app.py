"""Intake, wired: the one place where its parts meet. Nothing connects before the HTTP application starts."""

from services.intake import metrics
from services.intake.access.api import details_routes, reader_of
from services.intake.access.grants import load_grants
from services.intake.access.handlers import subscribe_access
from services.intake.access.permission import Permission
from services.intake.access.store import Standings
from services.intake.access.usecases import ReadDetails
from services.intake.api import failed, referral_routes
from services.intake.attachments.api import adding_routes, reading_routes
from services.intake.attachments.room import attachments_of
from services.intake.attachments.store import AttachmentStore
from services.intake.audit.store import audit_of
from services.intake.contact import load_contact
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
from services.intake.seal import read_seal
from services.intake.settings import IntakeSettings
from services.intake.store import ReferralStore
from services.intake.usecases import ReceiveReferral
from services.intake.vault.keyring import read_keyring
from services.intake.vault.stock import KeyStock
from services.intake.vault.vault import Vault
from services.intake.visits.store import VisitStore
from services.intake.visits.usecases import ComeBack
from shared.agencies import load_agencies
from shared.answers import answer_safely
from shared.clock import Clock, now
from shared.identity import identity_of, signed_in
from shared.service import Service
from shared.topics import INTAKE


def build_app(settings: IntakeSettings, clock: Clock = now) -> Service:
    """The service, not yet started. OSError or ValueError where its configuration or secret cannot be used."""
    service = Service("intake", "Referral intake", settings, clock)
    contact = load_contact(settings.config_dir)
    agencies = load_agencies(settings.config_dir)
    seal = read_seal(settings.receipt_secret_file)
    vault = Vault(service.client, service.database, read_keyring(settings.vault_keyring_file))
    service.prepare(vault.prepare)
    store = ReferralStore(service.client, service.database, vault, settings.answer_seconds)
    service.prepare(store.prepare)
    relay = service.relay("intake", store.referrals)
    keys = KeyStock(vault, clock)
    service.loop("keys", keys.run, rounds=False)
    receipts = ReceiptStore(store.referrals)
    service.prepare(receipts.prepare)
    service.loop(LOOP, ReceiptHasher(receipts, clock).run)
    receive = ReceiveReferral(store, keys, relay, seal, clock, topic=settings.topic(INTAKE))
    who = signed_in(identity_of(settings.identity, clock))
    known, limit = frozenset(agencies.ids), settings.body_limit_bytes
    routes = referral_routes(receive, sender(who), agencies=known, contact=contact, clock=clock, limit=limit)
    service.http.include_router(routes)
    visits = VisitStore(store.referrals, settings.topic(INTAKE), settings.answer_seconds)
    service.prepare(visits.prepare)
    come_back, exchange = ComeBack(visits, relay, seal, clock), Exchange(visits, vault, relay, clock)
    files = attachments_of(service, settings, store, vault, seal=seal, announce=come_back.file_added)
    use = UseCases(receive, come_back, exchange, files.add)
    add_pages(service.http, use, seal, agencies, contact, clock=clock, unreviewed=settings.offer_unreviewed_languages)
    audit, standings = audit_of(service.database, seal), Standings(service.database)
    service.prepare(audit.prepare)
    service.prepare(standings.prepare)
    held_back = subscribe_access(service, standings)
    schedule, kept = load_schedule(settings.config_dir), RetentionStore(service.database)
    retention = Retention(standings, schedule, kept, vault, AttachmentStore(service.database), audit, clock)
    service.loop("overdue", OverdueWatch(retention).run, rounds=False)
    grants = load_grants(settings.config_dir)
    permission = Permission(store, standings, grants, audit, clock, held_back)
    reader = reader_of(agencies, who)
    service.http.include_router(details_routes(ReadDetails(permission, vault), reader))
    service.http.include_router(adding_routes(files.add, store, who))
    service.http.include_router(reading_routes(files.reading(permission), reader))
    desk = MessageDesk(exchange, standings, grants, audit, clock, held_back)
    service.http.include_router(message_routes(desk, agencies, who))
    service.http.include_router(provider_routes(store, standings, who))
    duplicates = Duplicates(service.database)
    service.prepare(duplicates.prepare)
    service.loop("duplicates", TellDuplicates(duplicates, relay, clock, settings.topic(INTAKE)).run)
    service.http.include_router(duplicate_routes(duplicates, audit, who, clock))
    answer_safely(service.http, if_we_fail=failed(contact), count=metrics.refused)
    describe(service.http, Question)
    return service
