"""Receiving a referral: decide, write, say so; publishing follows and is never waited for."""

from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from services.intake import metrics
from services.intake.duplicates.index import blinded
from services.intake.duplicates.store import document
from services.intake.idempotency import Claim, claim
from services.intake.receipts.code import draw, locked, receipt, unlocked
from services.intake.referral import admit
from services.intake.seal import Seal
from services.intake.store import AlreadyThere, ReferralStore
from services.intake.submission import Submission
from services.intake.triage import triage
from services.intake.vault.leaves import leaves
from services.intake.vault.stock import KeyStock
from shared.clock import Clock
from shared.crash import crash_point
from shared.delivery.errors import Unavailable
from shared.events.facts import Facts
from shared.outbox import Relay

DRAWS = 3


class KeyReused(Exception):
    """The idempotency key came with another body before."""


class CodeTaken(Exception):
    """Another referral is found by the same half of a code: one in 10,000 times where 10,000 referrals are kept."""


@dataclass(frozen=True, slots=True)
class Received:
    """A referral that is safe with us."""

    referral: UUID
    receipt_code: str
    facts: Facts


class ReceiveReferral:
    """The use case behind POST /api/v1/referrals.

    Crash points, in this order: intake_before_write, intake_between_writes (in the store), intake_after_write; then the
    relay's before_publish and before_clear.
    """

    def __init__(self, store: ReferralStore, keys: KeyStock, relay: Relay, seal: Seal, clock: Clock, *, topic: str) -> None:
        self._store = store
        self._keys = keys
        self._relay = relay
        self._seal = seal
        self._clock = clock
        self._topic = topic

    async def __call__(self, submission: Submission, body: bytes, key: str | None, sender: str | None = None) -> Received:
        """Returns when the referral is durable. KeyReused; Unavailable where it is not certain that it is.

        `sender`: the issuer's id of the system that sends, where one signed in.
        """
        for _ in range(DRAWS):
            with suppress(CodeTaken):
                return await self._take(submission, body, key, sender)
        raise Unavailable("receipt codes taken: a new attempt gets another")

    async def _take(self, submission: Submission, body: bytes, key: str | None, sender: str | None) -> Received:
        at = self._clock()
        facts = triage(dict(submission.facts), at.year)
        details = submission.details.model_dump(mode="json", exclude_defaults=True) if submission.details else {}
        referral, has_key = self._keys.take() if details else (uuid4(), False)
        claimed, code = claim(self._seal, key, body, sender), draw()
        admission = admit(
            referral, facts, details, correlation=uuid4(), at=at, receipt=receipt(self._seal, code, at),
            claimed=claimed, topic=self._topic, sender=sender, again=locked(code, claimed.lock) if claimed else b"",
        )  # fmt: skip
        digests = blinded(self._seal, leaves(details), facts)
        traits = document(str(referral), digests, at) if digests else None
        admission = replace(admission, traits=traits, has_key=has_key)
        crash_point("intake_before_write")
        try:
            with metrics.WRITE_SECONDS.time():
                await self._store.save(admission)
        except AlreadyThere:
            return await self._received_before(claimed, facts)
        crash_point("intake_after_write")
        self._relay.hint(admission.referral)
        metrics.RECEIVED.labels(facts.reporter.value, facts.channel.value).inc()
        return Received(referral, code, facts)

    async def _received_before(self, claimed: Claim | None, facts: Facts) -> Received:
        earlier = await self._store.by_key(claimed.key) if claimed else None
        if claimed is None or earlier is None:
            raise CodeTaken
        if not claimed.is_repeat_of(earlier["idempotency"]["body"]):
            raise KeyReused
        metrics.REPEATED.inc()
        return Received(UUID(earlier["_id"]), unlocked(earlier["idempotency"]["code"], claimed.lock), facts)
