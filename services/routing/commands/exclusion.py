"""Leaving an agency out for good, and links between referrals, which pass that on. Pure."""

from collections.abc import Mapping

from services.routing.commands import forms as c
from services.routing.commands.refusal import Refusal
from services.routing.life.offers import ask_coordinator, revoke
from services.routing.life.referral import Referral
from services.routing.life.turn import Turn
from shared.events import routing as told
from shared.vocabulary import ExclusionReason, RevokeReason


def exclude(turn: Turn, command: c.Exclude) -> Refusal | None:
    """Leaves an agency out for good; its part is taken back, and the coordinator decides how it goes on."""
    if command.agency == turn.book.coordinator:
        return Refusal.coordinator_stays
    if command.agency in turn.referral.excluded:
        return Refusal.left_out
    shut_out(turn, {command.agency: command.reason})
    return None


def exclusions(referral: Referral) -> dict[str, ExclusionReason]:
    """Every agency that has to be left out of it, by what the reporter asked or by what people decided."""
    asked = dict.fromkeys(referral.facts.excluded_agencies, ExclusionReason.asked_by_the_reporter)
    return {**asked, **referral.excluded}


def shut_out(turn: Turn, agencies: Mapping[str, ExclusionReason]) -> None:
    """Leaves out whoever is not left out yet. The coordinator stays, as in the rules."""
    for agency, reason in agencies.items():
        if agency != turn.book.coordinator and agency not in exclusions(turn.referral):
            _shut_out(turn, agency, reason)


def _shut_out(turn: Turn, agency: str, reason: ExclusionReason) -> None:
    turn.change(
        excluded={**turn.referral.excluded, agency: reason},
        barred={**turn.referral.barred, agency: RevokeReason.excluded},
    )
    turn.tell(told.AgencyExcluded, told.ExcludedData(agency=agency, reason=reason))
    if agency in turn.open:
        revoke(turn, agency, RevokeReason.excluded)
        ask_coordinator(turn, reason.value)


def link(turn: Turn, command: c.LinkDuplicate, other: Referral | None) -> Refusal | None:
    """Says that it is probably the same case as `other`. Both live on, and no reporter is dropped.

    An agency that has to be left out of the one is left out of the other: it is the same suspect.
    """
    if other is None:
        return Refusal.no_such_referral
    if turn.referral.id in (other.id, other.duplicate_of) or turn.referral.duplicate_of == other.id:
        return Refusal.is_linked
    shut_out(turn, exclusions(other))
    turn.change(duplicate_of=command.duplicate_of)
    turn.tell(told.DuplicateLinked, told.DuplicateLinkedData(duplicate_of=command.duplicate_of))
    return None
