"""Intake, wired: the one place where its parts meet. Nothing connects before the HTTP application starts."""

from services.intake import metrics
from services.intake.api import failed, referral_routes
from services.intake.contact import load_contact
from services.intake.openapi import describe
from services.intake.pages.site import add_pages
from services.intake.seal import read_seal
from services.intake.settings import IntakeSettings
from services.intake.store import ReferralStore
from services.intake.usecases import ReceiveReferral
from services.intake.vault.keyring import read_keyring
from services.intake.vault.vault import Vault
from shared.agencies import load_agencies
from shared.answers import answer_safely
from shared.clock import Clock, now
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
    receive = ReceiveReferral(store, relay, seal, clock, settings.topic(INTAKE))
    service.http.include_router(referral_routes(receive, frozenset(agencies.ids), contact, clock, settings.body_limit_bytes))
    add_pages(service.http, receive, seal, agencies, contact, clock=clock, unreviewed=settings.offer_unreviewed_languages)
    answer_safely(service.http, if_we_fail=failed(contact), count=metrics.refused)
    describe(service.http)
    return service
