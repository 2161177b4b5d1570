"""The command `rebuild`: progress for people, an exit status for scripts."""

import asyncio
import sys
import time

from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.reporting.app import build_app
from services.reporting.rebuild.rebuild import Rebuild
from services.reporting.refusal import Refused
from services.reporting.settings import ReportingSettings
from shared.command_line import console
from shared.delivery.errors import DeliveryError


def rebuild() -> None:
    """Make all figures anew from the topics. The service may go on running; the old figures stand until the new ones are done.

    Example: python -m services.reporting rebuild
    """
    sys.exit(asyncio.run(run_rebuild(ReportingSettings())))


async def run_rebuild(settings: ReportingSettings) -> int:
    """The command's exit status: 0 where the figures are new."""
    service = build_app(settings)
    started = time.monotonic()
    with _progress() as progress:
        task = progress.add_task("events", total=None, rate="")

        def tick(now: Rebuild) -> None:
            rate = f"{now.done / (time.monotonic() - started):,.0f}/s"
            progress.update(task, completed=now.done, total=now.total, rate=rate)

        work = Rebuild(service, settings, tick)
        try:
            cases = await work.run()
        except Refused as refusal:
            return _sorry(work, str(refusal))
        except (KafkaError, PyMongoError, DeliveryError, OSError) as error:
            return _sorry(work, f"Kafka or MongoDB went away ({type(error).__name__}).")
        finally:
            service.client.close()
    _say_how_it_went(work, cases, time.monotonic() - started)
    return 0


def _sorry(work: Rebuild, why: str) -> int:
    state = "Readers wait until it is run again." if work.switched else "The figures are as they were."
    console.print(f"rebuild: {why} {state}", markup=False, highlight=False)
    return 1


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    return Progress(*columns, TimeRemainingColumn(), console=console)


def _say_how_it_went(work: Rebuild, cases: int, seconds: float) -> None:
    rate = f"{work.done / seconds:,.0f} events/s"
    console.print(f"rebuilt: {cases} referrals from {work.done} events in {seconds:.1f} s, {rate}", highlight=False)
    if work.stopped:
        console.print(f"{work.stopped} keys stopped at an event that cannot be applied: `parked` lists them")
