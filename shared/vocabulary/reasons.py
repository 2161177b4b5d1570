"""Why something was decided, or refused."""

from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary


class DeclineReason(Vocabulary):
    """Why an agency declines."""

    outside_jurisdiction = "outside_jurisdiction"
    no_capacity = "no_capacity"
    conflict_of_interest = "conflict_of_interest"
    already_known = "already_known"
    not_our_mandate = "not_our_mandate"
    other = "other"
    unrecognized = UNRECOGNIZED


class RevokeReason(Vocabulary):
    """Why an assignment is taken back."""

    withdrawn = "withdrawn"
    excluded = "excluded"
    rerouted = "rerouted"
    consent_changed = "consent_changed"
    duplicate = "duplicate"
    closed = "closed"
    not_needed = "not_needed"
    asked_by_mistake = "asked_by_mistake"
    unrecognized = UNRECOGNIZED


class RerouteReason(Vocabulary):
    """Why a referral goes to another agency."""

    declined = "declined"
    expired = "expired"
    coordinator = "coordinator"
    unrecognized = UNRECOGNIZED


class OverrideReason(Vocabulary):
    """Why the coordinator changes who acts."""

    jurisdiction = "jurisdiction"
    capacity = "capacity"
    safety_of_the_person = "safety_of_the_person"
    wish_of_the_person = "wish_of_the_person"
    age_clarified = "age_clarified"
    facts_clarified = "facts_clarified"
    agreed_with_the_agencies = "agreed_with_the_agencies"
    unrecognized = UNRECOGNIZED


class ExclusionReason(Vocabulary):
    """Why an agency has to be left out."""

    suspect_works_there = "suspect_works_there"
    suspect_is_a_relative = "suspect_is_a_relative"
    asked_by_the_reporter = "asked_by_the_reporter"
    asked_by_the_person = "asked_by_the_person"
    conflict_of_interest = "conflict_of_interest"
    unrecognized = UNRECOGNIZED


class UrgencyReason(Vocabulary):
    """Why a referral has become more urgent."""

    threat_to_life = "threat_to_life"
    about_to_be_moved = "about_to_be_moved"
    missing_child = "missing_child"
    medical_need = "medical_need"
    new_information = "new_information"
    unrecognized = UNRECOGNIZED


class ScreenOutReason(Vocabulary):
    """Why a referral is none for this taskforce. Thin evidence is no reason: support is offered on red flags alone."""

    not_trafficking = "not_trafficking"
    referred_elsewhere = "referred_elsewhere"
    sent_by_mistake = "sent_by_mistake"
    not_genuine = "not_genuine"
    unrecognized = UNRECOGNIZED


class ReopenReason(Vocabulary):
    """Why work goes on after an end."""

    new_information = "new_information"
    person_came_back = "person_came_back"
    ended_by_mistake = "ended_by_mistake"
    unrecognized = UNRECOGNIZED


class ClosureReason(Vocabulary):
    """Why a referral or an agency's work on it ends."""

    goals_met = "goals_met"
    moved = "moved"
    disengaged = "disengaged"
    lost_contact = "lost_contact"
    declined_services = "declined_services"
    transferred = "transferred"
    not_a_victim = "not_a_victim"
    deceased = "deceased"
    duplicate = "duplicate"
    unrecognized = UNRECOGNIZED


class Rejection(Vocabulary):
    """Why routing refuses an event of an agency."""

    unreadable = "unreadable"
    unknown_type = "unknown_type"
    bad_schema = "bad_schema"
    wrong_key = "wrong_key"
    wrong_source = "wrong_source"
    too_large = "too_large"
    not_assigned = "not_assigned"
    not_open = "not_open"
    not_allowed_now = "not_allowed_now"
    unrecognized = UNRECOGNIZED
