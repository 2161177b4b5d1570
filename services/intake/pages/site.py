"""The form, wired: one application for each language, the way out, and the way in for those who name no language."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.intake import metrics
from services.intake.attachments.routes import FilePages
from services.intake.attachments.usecases import AddAttachment
from services.intake.contact import Contact
from services.intake.messages.exchange import Exchange
from services.intake.messages.letter import letter_seal
from services.intake.messages.routes import WordsPages
from services.intake.pages.page_state import Envelope
from services.intake.pages.questions import questions
from services.intake.pages.routes import FormPages
from services.intake.pages.throng import Throng
from services.intake.pages.turn_to_send import Puzzles
from services.intake.seal import Seal
from services.intake.usecases import ReceiveReferral
from services.intake.visits.routes import VisitPages, visit_note
from services.intake.visits.usecases import ComeBack
from shared.agencies import Agencies
from shared.clock import Clock
from shared.pages import Catalogs, Language, Pages, Static, chosen, page_application

HERE = Path(__file__).parent
SITE = "Human Trafficking Recovery Taskforce, Greater Hartford"
CONNECTICUT = ZoneInfo("America/New_York")
LARGEST_PAGE = 256 * 1024
"""Bytes of a page that is posted: what was typed before, sealed, and what is typed now."""


@dataclass(frozen=True)
class UseCases:
    """What the pages do."""

    receive: ReceiveReferral
    come_back: ComeBack
    exchange: Exchange
    add_file: AddAttachment


def add_pages(
    http: FastAPI, use: UseCases, seal: Seal, agencies: Agencies, contact: Contact, *, clock: Clock, unreviewed: bool
) -> None:
    """Adds the form to the service. `unreviewed`: also in languages whose sentences no person has checked yet."""
    catalogs = Catalogs(HERE / "catalogs")
    offered = catalogs.offered(unreviewed=unreviewed)

    def addresses(path: str) -> dict[str, str]:
        return {language.tag: f"/{language.tag}{path}" for language in offered}

    pages = Pages(
        HERE / "templates", catalogs, Static(HERE / "static"), offered=offered,
        site=SITE, home="/", contact=contact, addresses=addresses, dial=dial, day=day,
    )  # fmt: skip
    envelope, asked, throng, puzzles = Envelope(seal), questions(agencies), Throng(), Puzzles(seal)
    attempts, letters = Throng(), Throng()
    for language in offered:
        form = FormPages(pages, language, asked, envelope, use.receive, contact, clock, throng, puzzles, LARGEST_PAGE)
        visits = VisitPages(pages, language, use.come_back, use.exchange, visit_note(seal), attempts, clock)
        words = WordsPages(visits, letter_seal(seal), letters, LARGEST_PAGE)
        files = FilePages(visits, letter_seal(seal), use.add_file, letters)
        routes = [*form.routes(), *visits.routes(), *words.routes(), *files.routes()]
        http.mount(f"/{language.tag}", page_application(pages, routes, failed=metrics.refused, language=language))
    http.mount("/static", pages.static.app)

    async def enter(request: Request) -> Response:
        language = chosen(request.headers.get("accept-language", ""), offered)
        return RedirectResponse(f"/{language.tag}/", 303, headers={"Vary": "Accept-Language"})

    async def leave(_: Request) -> Response:
        # Not the cache: no page of ours is in it, and emptying it keeps people waiting.
        return RedirectResponse(contact.leave_to, 303, headers={"Clear-Site-Data": '"cookies", "storage"'})

    http.router.routes.extend([Route("/", enter), Route("/leave", leave)])


def dial(number: str) -> str:
    """A number as `tel:` has it (RFC 3966): `860-566-3190 ext. 3128` is `860-566-3190;ext=3128`."""
    main, _, extension = number.partition(" ext. ")
    return f"{main};ext={extension}" if extension else main


def day(at: datetime, language: Language) -> str:
    """The day in Connecticut, in words of the language."""
    return format_date(at.astimezone(CONNECTICUT), "long", language.locale)
