"""The pages, wired."""

from pathlib import Path

from fastapi import FastAPI

from services.reporting import metrics
from services.reporting.behind.behind import CasesBehind
from services.reporting.exports.charts import chart
from services.reporting.exports.words import term
from services.reporting.pages.cases import CasePages
from services.reporting.pages.guarded import Guarded
from services.reporting.pages.inside import InsidePages
from services.reporting.pages.named import NamedPages
from services.reporting.pages.public import ReleasePages
from services.reporting.release.api import Releases
from services.reporting.reports.asked import Who
from services.reporting.reports.report import Reports
from shared.pages import Catalogs, Pages, Static, page_application

HERE = Path(__file__).parent


def add_pages(http: FastAPI, reports: Reports, releases: Releases, behind: CasesBehind | None, who: Who) -> None:
    """Adds `/figures` (releases, for everybody) and `/figures/inside` (true counts and coded cases) to the service."""
    static, guarded = Static(HERE / "static"), Guarded(reports, who)
    pages = Pages(HERE / "templates", Catalogs(), static, site="Referrals: figures", home="/figures/", term=term, chart=chart)
    routes = [
        *NamedPages(pages, reports, releases, guarded).routes(),
        *CasePages(pages, behind, guarded).routes(),
        *InsidePages(pages, reports, guarded).routes(),
        *ReleasePages(pages, releases).routes(),
    ]
    http.mount("/figures", page_application(pages, routes, failed=lambda kind: metrics.PROBLEMS.labels(kind.name).inc()))
    http.mount("/static", pages.static.app)
