"""The documents of new referrals, as bytes. Those that wait together are often alike but for their ids and facts: what their
documents have in common is encoded once.
"""

from operator import itemgetter
from typing import Any

from services.routing.keeping.change import Change, Document
from services.routing.keeping.document import OWN, common_fields, own_fields
from services.routing.life.referral import Referral
from shared.mongo import Encoded, elements, joined

_common = itemgetter(*[place for place, name in enumerate(Referral._fields) if name not in OWN])


class Stencil:
    """For the changes of one write; `also` is in each of its documents."""

    def __init__(self, also: Document) -> None:
        self._also = also
        self._known: dict[int, tuple[Any, bytes]] = {}

    def document(self, change: Change) -> Encoded:
        """The whole document of a new referral."""
        own = own_fields(change.referral) | {"outbox": change.entries}
        return joined(elements(own), self._in_common(change))

    def _in_common(self, change: Change) -> bytes:
        """Looked for by the identity of one part, which referrals that were decided alike share, and then compared whole."""
        referral = change.referral
        place, common = id(referral.assignments), (_common(referral), change.history)
        known = self._known.get(place)
        if known is None or known[0] != common:
            fields = common_fields(referral) | {"history": change.history} | self._also
            known = self._known[place] = common, elements(fields)
        return known[1]
