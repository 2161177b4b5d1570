"""Why a command has no effect on the referral as it is: a closed list, each with what to do instead. Pure."""

from enum import StrEnum


class Refusal(StrEnum):
    """The reason, which is answered as `reason`."""

    no_part = "no_part"
    not_open = "not_open"
    not_allowed_now = "not_allowed_now"
    has_a_part = "has_a_part"
    left_out = "left_out"
    coordinator_stays = "coordinator_stays"
    not_more_urgent = "not_more_urgent"
    ended = "ended"
    not_ended = "not_ended"
    nobody_has_looked = "nobody_has_looked"
    nobody_left = "nobody_left"
    named_twice = "named_twice"
    two_leads = "two_leads"
    not_yet = "not_yet"
    is_linked = "is_linked"
    no_such_referral = "no_such_referral"


ADVICE = {
    Refusal.no_part: "The agency has no part in this referral. Ask it first.",
    Refusal.not_open: "The agency's part is over. Look at the referral again.",
    Refusal.not_allowed_now: "The agency's part is not at the point for this. Look at the referral again.",
    Refusal.has_a_part: "The agency has an open part already.",
    Refusal.left_out: "The agency has to be left out of this referral.",
    Refusal.coordinator_stays: "The coordinator is the last who can own it, and cannot be left out or taken off.",
    Refusal.not_more_urgent: "It is as urgent already. To lower the urgency, override with a reason.",
    Refusal.ended: "The referral has ended. Reopen it first.",
    Refusal.not_ended: "The referral has not ended.",
    Refusal.nobody_has_looked: "A child may be concerned or somebody in danger: an agency has to complete its part first.",
    Refusal.nobody_left: "The rules name nobody else who may be asked. Say to whom it goes.",
    Refusal.named_twice: "An agency is named twice.",
    Refusal.two_leads: "One agency leads; give the others another role.",
    Refusal.not_yet: "The time of the report lies ahead. Record it when it has been made.",
    Refusal.is_linked: "The two are linked already, one way or the other.",
    Refusal.no_such_referral: "The other referral is not known here.",
}
"""One sentence each."""
