"""The sandbox's referrals: made up, and offered and judged by the same pure functions as real ones. Pure."""

from datetime import datetime
from uuid import UUID

from services.routing.life.offers import ask
from services.routing.life.referral import Referral
from services.routing.life.turn import Decided, Turn
from services.routing.rules.book import RuleBook
from services.routing.rules.decision import MOST_URGENT_FIRST, Offer
from shared.events.facts import Facts
from shared.topics import SANDBOX
from shared.vocabulary import AssignmentRole, ReferralStatus, RevokeReason

REASON = "synthetic"
"""The only reason of the sandbox's offers, which no rule has."""

_RESERVED = UUID("00000000-0000-8000-8000-000000000000").int
_FACTS = (
    {
        "reporter": "law_enforcement",
        "channel": "api",
        "trafficking_type": "sex",
        "minor": "yes",
        "town_of_exploitation": "hartford",
    },
    {"reporter": "hotline", "channel": "phone", "trafficking_type": "labor", "minor": "no", "language": "es"},
    {"reporter": "service_provider", "channel": "web", "minor": "unknown", "release": "given"},
)


def synthetic_id(now: datetime, every: float) -> UUID:
    """The id of the referral that is due at this moment: `00000000-0000-8000-8000-` and when its turn of `every` seconds began.

    That is in milliseconds since 1970, in hexadecimal. A real referral's id is random (UUID version 4) and never such a one.
    """
    return UUID(int=_RESERVED + round(now.timestamp() // every * every * 1000))


def synthetic_offer(id_: UUID, number: int, book: RuleBook, now: datetime) -> Decided:
    """A new referral, offered to the sandbox. No agency may ever be asked in its stead, and there are no details to fetch."""
    kind = number % len(_FACTS)
    referral = Referral(
        id=id_,
        version=0,
        sequence=0,
        taken=0,
        status=ReferralStatus.routed,
        correlation=id_,
        received=now,
        facts=Facts.model_validate(_FACTS[kind]),
        urgency=MOST_URGENT_FIRST[kind],
        reasons=(REASON,),
        rules_version=book.rules.version,
        consult=False,
        barred=dict.fromkeys(book.agencies.ids, RevokeReason.excluded),
        assignments={},
        clocks=(),
    )
    turn = Turn(referral, now, book)
    ask(turn, [Offer(SANDBOX, AssignmentRole.lead, (REASON,))])
    decided = turn.done()
    return Decided(decided.referral, tuple(happening._replace(details=False) for happening in decided.happened))
