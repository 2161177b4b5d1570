"""The command `freeze`: keeps the figures of a period that is over as they are, and makes its releases."""

import asyncio
import sys

from pymongo.errors import PyMongoError

from services.reporting.app import build_app, caseload_of
from services.reporting.measures.targets import load_targets
from services.reporting.refusal import Refused
from services.reporting.release.archive import Archive
from services.reporting.release.freeze import Freeze
from services.reporting.reports.access import Audience
from services.reporting.reports.report import Reports
from services.reporting.settings import ReportingSettings
from shared.command_line import console


def freeze(period: str) -> None:
    """Freeze the figures of a quarter or a year, such as FY2026-Q1: for the inside, for partners and for the public.

    Frozen once more, nothing happens unless figures have changed; then there is a new version that says which.
    """
    sys.exit(asyncio.run(run_freeze(ReportingSettings(), period)))


async def run_freeze(settings: ReportingSettings, period: str) -> int:
    """The command's exit status: 0 where the period is frozen as it stands now."""
    service = build_app(settings)
    caseload = caseload_of(service, settings)
    thresholds = {Audience.partner: settings.partner_threshold, Audience.public: settings.public_threshold}
    reports = Reports(caseload, load_targets(settings.config_dir))
    try:
        made = await Freeze(caseload, reports, Archive(service.database), thresholds)(period)
    except Refused as refusal:
        return _sorry(str(refusal))
    except PyMongoError as error:
        return _sorry(f"MongoDB does not answer ({type(error).__name__}).")
    finally:
        service.client.close()
    for one in made:
        told = f"{one.period} for {one.audience}: version {one.version}, {len(one.changes)} changes, sha256 {one.sha256}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    if not made:
        console.print(f"{period}: nothing has changed since it was frozen.", highlight=False)
    return 0


def _sorry(why: str) -> int:
    console.print(f"freeze: {why} Nothing was frozen.", markup=False, highlight=False, soft_wrap=True)
    return 1
