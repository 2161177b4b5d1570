"""The command `rebuild`: progress for people, an exit status for scripts."""

import asyncio
import sys
import time
from collections.abc import Sequence

from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.reporting.app import build_app
from services.reporting.rebuild import Rebuild, Refold
from services.reporting.refusal import Refused
from services.reporting.settings import ReportingSettings
from shared.command_line import console
from shared.delivery.errors import DeliveryError


def rebuild() -> None:
    """Make all figures anew from the topics. The service may go on running; the old figures stand until the new ones are done.

    Example: python -m services.reporting rebuild
    """
    sys.exit(asyncio.run(_rebuild(ReportingSettings())))


async def _rebuild(settings: ReportingSettings) -> int:
    service = build_app(settings)
    started = time.monotonic()
    with _progress() as progress:
        task = progress.add_task("events", total=None, rate="")

        def tick(folds: Sequence[Refold]) -> None:
            done, total = sum(fold.tail.done for fold in folds), sum(fold.tail.total for fold in folds)
            rate = f"{done / (time.monotonic() - started):,.0f}/s"
            progress.update(task, completed=done, total=total, rate=rate)

        work = Rebuild(service, settings.rebuild_records, tick)
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
    events = sum(fold.tail.done for fold in work.folds)
    stopped = sum(len(fold.stopped) for fold in work.folds)
    console.print(f"rebuilt: {cases} referrals from {events} events in {seconds:.1f} s, {events / seconds:,.0f} events/s")
    if stopped:
        console.print(f"{stopped} keys stopped at an event that cannot be applied: `parked` lists them, `replay` tries again")
