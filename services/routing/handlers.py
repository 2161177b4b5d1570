"""What routing listens to: intake's topic, and the outbox of every agency."""

from typing import Any

from services.routing.agencies.record import reading
from services.routing.usecases import TakeAgencyEvents, TakeIntake
from shared.delivery.allowance import Allowance
from shared.delivery.reader import Reader
from shared.delivery.subscription import keyed, subscribe
from shared.events.agency import OutboxEvent
from shared.events.codec import Codec
from shared.events.intake import IntakeEvent
from shared.service import Service
from shared.topics import INTAKE, OUTBOX_READER, READERS, outbox

INTAKE_READER = READERS[INTAKE][0]
BATCH, BATCHES = 350, 3
"""Records of intake in one batch, and batches under way: while the database writes one, another is decided. Each holds 8 MB."""
BURST, AT_ONCE = 200, 50
"""Events of an agency that are taken at once after a quiet time, and of all agencies in one batch."""


def intake_reader(service: Service, use: TakeIntake) -> Reader[Any]:
    """Referrals received, supplemented, withdrawn."""
    return subscribe(
        service.broker,
        service.settings,
        group=INTAKE_READER,
        topics=[INTAKE],
        decode=keyed(Codec(IntakeEvent)),
        apply=use.apply,
        parking=service.parking(INTAKE_READER),
        publisher=service.publisher,
        max_records=min(BATCH, service.settings.kafka.max_records),
        at_once=BATCHES,
    )


def agencies_reader(
    service: Service, use: TakeAgencyEvents, agencies: tuple[str, ...], rate: float, group: str = OUTBOX_READER
) -> Reader[Any]:
    """What agencies answer and report. Nothing they send is dead-lettered: it has an effect or is rejected.

    An agency that writes faster than it is allowed waits by itself, and small batches keep the others from waiting behind it.
    """
    return subscribe(
        service.broker,
        service.settings,
        group=group,
        topics=[outbox(agency) for agency in agencies],
        decode=reading(Codec(OutboxEvent, newer=False)),
        apply=use.apply,
        parking=service.parking(group),
        publisher=service.publisher,
        allowance=Allowance(rate, BURST),
        max_records=AT_ONCE,
    )
