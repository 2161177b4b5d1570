"""The pages, wired."""

from pathlib import Path

from fastapi import FastAPI

from services.reporting import metrics
from services.reporting.asked import Who
from services.reporting.pages.inside import InsidePages
from services.reporting.pages.public import ReleasePages
from services.reporting.release_api import Releases
from services.reporting.report import Reports
from services.reporting.words import term
from shared.pages import Catalogs, Pages, Static, page_application

HERE = Path(__file__).parent


def add_pages(http: FastAPI, reports: Reports, releases: Releases, who: Who) -> None:
    """Adds `/figures` (releases, for everybody) and `/figures/inside` (true counts) to the service."""
    static = Static(HERE / "static")
    pages = Pages(HERE / "templates", Catalogs(), static, site="Referrals: figures", home="/figures/", term=term)
    routes = [*InsidePages(pages, reports, who).routes(), *ReleasePages(pages, releases).routes()]
    http.mount("/figures", page_application(pages, routes, failed=lambda kind: metrics.PROBLEMS.labels(kind.name).inc()))
    http.mount("/static", pages.static.app)
