"""Who is told at an agency, which way, and why that failed."""

from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary


class StaffRole(Vocabulary):
    """Who in an agency is told: a role, never a person."""

    duty = "duty"
    supervisor = "supervisor"
    coordinator = "coordinator"
    unrecognized = UNRECOGNIZED


class Capability(Vocabulary):
    """What an agency can do that not every agency of its kind can. Rules may ask for it."""

    victim_advocacy = "victim_advocacy"
    forensic_interview = "forensic_interview"
    child_protection_response = "child_protection_response"
    criminal_investigation = "criminal_investigation"
    labor_investigation = "labor_investigation"
    missing_children = "missing_children"
    interpretation = "interpretation"
    emergency_housing = "emergency_housing"
    unrecognized = UNRECOGNIZED


class NotificationChannel(Vocabulary):
    """How someone is told."""

    email = "email"
    webhook = "webhook"
    sms = "sms"
    chat = "chat"
    unrecognized = UNRECOGNIZED


class NotificationFailure(Vocabulary):
    """Why someone could not be told."""

    refused = "refused"
    unreachable = "unreachable"
    no_recipient = "no_recipient"
    suppressed = "suppressed"
    unrecognized = UNRECOGNIZED
