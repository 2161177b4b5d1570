"""The documents of new referrals, as bytes. Those that wait together are often alike but for their ids and facts: what their
documents have in common is encoded once.
"""

from functools import partial
from uuid import UUID

from services.routing.keeping.change import Change
from services.routing.keeping.document import common_fields, own_fields
from services.routing.keeping.queues import standing
from shared.mongo import Encoded, elements, joined


def document(change: Change, stamp: UUID) -> Encoded:
    """The whole document of a new referral. `stamp`: of the write it is a part of."""
    referral, once = change.referral, change.likeness.once
    own = own_fields(referral, once("standing", partial(standing, referral)))
    own |= {"stamp": stamp, "outbox": change.entries}
    return joined(elements(own), once("in common", partial(_in_common, change)))


def _in_common(change: Change) -> bytes:
    return elements(common_fields(change.referral) | {"history": change.history, "version": 1})
