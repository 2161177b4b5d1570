"""What becomes of a referral and of each agency's part in it."""

from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary


class Urgency(Vocabulary):
    """How fast a person has to know."""

    critical = "critical"
    high = "high"
    routine = "routine"
    unrecognized = UNRECOGNIZED


class ReferralStatus(Vocabulary):
    """Where a referral stands."""

    received = "received"
    routed = "routed"
    in_progress = "in_progress"
    closed = "closed"
    reopened = "reopened"
    withdrawn = "withdrawn"
    screened_out = "screened_out"
    unrecognized = UNRECOGNIZED


class AssignmentStatus(Vocabulary):
    """Where one agency's assignment stands."""

    offered = "offered"
    accepted = "accepted"
    in_progress = "in_progress"
    completed = "completed"
    declined = "declined"
    expired = "expired"
    rerouted = "rerouted"
    revoked = "revoked"
    unrecognized = UNRECOGNIZED


class AssignmentRole(Vocabulary):
    """What the agency is asked to do: investigations and services are separate tracks."""

    lead = "lead"
    support = "support"
    advocate = "advocate"
    child_protection = "child_protection"
    coordination = "coordination"
    unrecognized = UNRECOGNIZED


class SharedTrait(Vocabulary):
    """What two referrals tell alike, so that they may be of the same person: of which kind it is, never its value."""

    phone = "phone"
    email = "email"
    handle = "handle"
    name_and_age = "name_and_age"
    like_name_and_age = "like_name_and_age"
    name = "name"
    like_name = "like_name"
    birth_date = "birth_date"
    address = "address"
    suspect = "suspect"
    unrecognized = UNRECOGNIZED
