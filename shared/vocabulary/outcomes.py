"""What was done for the person, what the law did, and how the person fares."""

from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary


class Service(Vocabulary):
    """Kinds of victim service (after the Office for Victims of Crime)."""

    case_management = "case_management"
    crisis_intervention = "crisis_intervention"
    emotional_support = "emotional_support"
    safety_planning = "safety_planning"
    criminal_justice_advocacy = "criminal_justice_advocacy"
    victim_compensation = "victim_compensation"
    legal_immigration = "legal_immigration"
    legal_civil = "legal_civil"
    legal_criminal = "legal_criminal"
    legal_family = "legal_family"
    vacatur = "vacatur"
    emergency_housing = "emergency_housing"
    transitional_housing = "transitional_housing"
    long_term_housing = "long_term_housing"
    medical = "medical"
    dental = "dental"
    mental_health = "mental_health"
    substance_use = "substance_use"
    interpretation = "interpretation"
    transportation = "transportation"
    education = "education"
    employment = "employment"
    financial_assistance = "financial_assistance"
    basic_needs = "basic_needs"
    child_care = "child_care"
    family_reunification = "family_reunification"
    mentoring = "mentoring"
    unrecognized = UNRECOGNIZED


class ServiceStatus(Vocabulary):
    """How far a service came: requested, then referred, then one of the three ends."""

    requested = "requested"
    referred = "referred"
    provided = "provided"
    declined_by_client = "declined_by_client"
    unavailable = "unavailable"
    unrecognized = UNRECOGNIZED


class Barrier(Vocabulary):
    """Why a service was unavailable."""

    waiting_list = "waiting_list"
    no_provider = "no_provider"
    eligibility = "eligibility"
    cost = "cost"
    language = "language"
    transportation = "transportation"
    safety = "safety"
    other = "other"
    unrecognized = UNRECOGNIZED


class JusticeStep(Vocabulary):
    """Steps of the justice track."""

    investigation_opened = "investigation_opened"
    investigation_closed = "investigation_closed"
    referred_for_prosecution = "referred_for_prosecution"
    arrest = "arrest"
    charge = "charge"
    disposition = "disposition"
    unrecognized = UNRECOGNIZED


class Charge(Vocabulary):
    """What was charged, and by whom."""

    trafficking_state = "trafficking_state"
    trafficking_federal = "trafficking_federal"
    other_state = "other_state"
    other_federal = "other_federal"
    unrecognized = UNRECOGNIZED


class Disposition(Vocabulary):
    """How a charge ended."""

    convicted = "convicted"
    pleaded = "pleaded"
    dismissed = "dismissed"
    acquitted = "acquitted"
    unrecognized = UNRECOGNIZED


class ThrivingIndicator(Vocabulary):
    """What is in place for the person at 30, 90 and 180 days."""

    safe_housing = "safe_housing"
    income = "income"
    education_or_training = "education_or_training"
    safety_plan = "safety_plan"
    engaged_with_support = "engaged_with_support"
    unrecognized = UNRECOGNIZED
