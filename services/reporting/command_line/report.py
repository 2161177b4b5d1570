"""The command `report`: the figures as JSON, for an operator, who has the database and so needs no token."""

import asyncio
import json
import sys
from urllib.parse import parse_qsl

from pymongo.errors import PyMongoError

from services.reporting.app import build_app, caseload_of
from services.reporting.measures.targets import load_targets
from services.reporting.reports.question import Unclear, ask
from services.reporting.reports.report import Reports
from services.reporting.settings import ReportingSettings
from shared.command_line import console


def report(question: str = "") -> None:
    """Print the report as JSON. It holds true counts, however small. QUESTION is as in the API's address.

    Example: python -m services.reporting report 'period=FY2026-Q1&counted_by=event'
    """
    sys.exit(asyncio.run(print_report(ReportingSettings(), question)))


async def print_report(settings: ReportingSettings, question: str) -> int:
    """The command's exit status: 0 where the report stands on standard output."""
    service = build_app(settings)
    caseload = caseload_of(service, settings)
    try:
        asked = ask(parse_qsl(question), caseload.zone)
        await caseload.look()
    except Unclear as unclear:
        return _sorry("; ".join(f"{field or 'question'}: {fix}" for field, fix in unclear.fixes))
    except PyMongoError as error:
        return _sorry(f"MongoDB does not answer ({type(error).__name__}).")
    finally:
        service.client.close()
    sys.stdout.write(json.dumps(Reports(caseload, load_targets(settings.config_dir)).report(asked)) + "\n")
    return 0


def _sorry(why: str) -> int:
    console.print(f"report: {why}", markup=False, highlight=False)
    return 1
