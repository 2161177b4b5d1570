"""The closed vocabularies of the field, aligned to the Human Trafficking Case Data Standard (HTCDS) 2.0.

Every coded fact in an event, a rule, a metric label or a report is a member of one of these. Where the standard has a gap
(services, thriving, race and ethnicity) the terms follow the Office for Victims of Crime and the US OMB categories of 2024.

`unrecognized` is no term of any vocabulary: a reader puts it where a newer writer used a term that it does not know yet,
and no writer may send it.
"""

from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Self

UNRECOGNIZED = "unrecognized"
newer_terms: ContextVar[bool] = ContextVar("newer_terms", default=False)
"""While it is true, an unknown term becomes `unrecognized`; else it is refused. Set by the codec alone."""


class Vocabulary(StrEnum):
    """A closed set of terms. Each subclass also has the member `unrecognized`, for readers only."""

    # Enum hashes by name: slowly, and not as the string it equals where the two differ (`self_`), which breaks sets.
    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls(UNRECOGNIZED) if newer_terms.get() and isinstance(value, str) else None

    @classmethod
    def terms(cls) -> list[str]:
        """The terms a writer may use, in the order of the standard."""
        return [member.value for member in cls if member.value != UNRECOGNIZED]

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "enum": cls.terms(), "title": cls.__name__, "description": cls.__doc__}


class TraffickingType(Vocabulary):
    """What kind of exploitation is feared."""

    sex = "sex"
    labor = "labor"
    both = "both"
    unsure = "unsure"
    unrecognized = UNRECOGNIZED


class VictimStatus(Vocabulary):
    """Whether the person is a victim; thin evidence leaves it at `possible`."""

    possible = "possible"
    confirmed = "confirmed"
    not_a_victim = "not_a_victim"
    unrecognized = UNRECOGNIZED


class SexExploitation(Vocabulary):
    """Forms of sexual exploitation (HTCDS)."""

    prostitution = "prostitution"
    pornography = "pornography"
    remote_interactive_services = "remote_interactive_services"
    private_sexual_services = "private_sexual_services"
    unrecognized = UNRECOGNIZED


class LaborExploitation(Vocabulary):
    """Forms and sectors of labor exploitation (HTCDS)."""

    agriculture = "agriculture"
    aquafarming = "aquafarming"
    begging = "begging"
    construction = "construction"
    domestic_work = "domestic_work"
    hospitality = "hospitality"
    illicit_activities = "illicit_activities"
    manufacturing = "manufacturing"
    mining_or_drilling = "mining_or_drilling"
    peddling = "peddling"
    transportation = "transportation"
    other = "other"
    unrecognized = UNRECOGNIZED


class MeansOfControl(Vocabulary):
    """How the person is held (HTCDS)."""

    physical_threats = "physical_threats"
    threats_of_law_enforcement = "threats_of_law_enforcement"
    threatens_children_or_family = "threatens_children_or_family"
    debt_bondage = "debt_bondage"
    false_promises = "false_promises"
    physical_abuse = "physical_abuse"
    sexual_abuse = "sexual_abuse"
    takes_earnings = "takes_earnings"
    restricts_financial_access = "restricts_financial_access"
    restricts_medical_care = "restricts_medical_care"
    restricts_movement = "restricts_movement"
    withholds_necessities = "withholds_necessities"
    withholds_documents = "withholds_documents"
    psychological_abuse = "psychological_abuse"
    psychoactive_substances = "psychoactive_substances"
    excessive_working_hours = "excessive_working_hours"
    uses_children = "uses_children"
    other = "other"
    unrecognized = UNRECOGNIZED


class Recruitment(Vocabulary):
    """Where the person was recruited (HTCDS)."""

    place_of_business = "place_of_business"
    educational_institution = "educational_institution"
    work = "work"
    social_network = "social_network"
    online_advertisement = "online_advertisement"
    family = "family"
    friends = "friends"
    other = "other"
    unrecognized = UNRECOGNIZED


class RelationshipToTrafficker(Vocabulary):
    """What the trafficker is to the person (HTCDS)."""

    familial = "familial"
    intimate_partner = "intimate_partner"
    friend = "friend"
    acquainted = "acquainted"
    unacquainted = "unacquainted"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class Gender(Vocabulary):
    """Gender as told (HTCDS)."""

    female = "female"
    male = "male"
    transgender_female = "transgender_female"
    transgender_male = "transgender_male"
    non_conforming = "non_conforming"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class RaceEthnicity(Vocabulary):
    """Race and ethnicity, several may apply (US OMB, 2024)."""

    american_indian_or_alaska_native = "american_indian_or_alaska_native"
    asian = "asian"
    black = "black"
    hispanic_or_latino = "hispanic_or_latino"
    middle_eastern_or_north_african = "middle_eastern_or_north_african"
    native_hawaiian_or_pacific_islander = "native_hawaiian_or_pacific_islander"
    white = "white"
    unknown = "unknown"
    declined = "declined"
    unrecognized = UNRECOGNIZED


class AgeBand(Vocabulary):
    """Age in years, in bands wide enough to identify nobody."""

    under_12 = "under_12"
    from_12_to_14 = "from_12_to_14"
    from_15_to_17 = "from_15_to_17"
    from_18_to_20 = "from_18_to_20"
    from_21_to_24 = "from_21_to_24"
    from_25_to_34 = "from_25_to_34"
    from_35_to_54 = "from_35_to_54"
    from_55 = "from_55"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class Minor(Vocabulary):
    """Whether the person is under 18. `unknown` is treated as possibly a minor."""

    yes = "yes"
    no = "no"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class Reporter(Vocabulary):
    """Who tells it."""

    law_enforcement = "law_enforcement"
    service_provider = "service_provider"
    healthcare = "healthcare"
    school = "school"
    hotline = "hotline"
    family = "family"
    community_member = "community_member"
    self_ = "self"
    unrecognized = UNRECOGNIZED


class Channel(Vocabulary):
    """The way the referral came in."""

    web = "web"
    phone = "phone"
    email = "email"
    api = "api"
    unrecognized = UNRECOGNIZED


class Town(Vocabulary):
    """The eight towns whose police chiefs committed to investigate, and the two answers beside them."""

    hartford = "hartford"
    east_hartford = "east_hartford"
    west_hartford = "west_hartford"
    bloomfield = "bloomfield"
    manchester = "manchester"
    south_windsor = "south_windsor"
    glastonbury = "glastonbury"
    windsor = "windsor"
    elsewhere = "elsewhere"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class Release(Vocabulary):
    """Whether a provider holds the client's written release to share. `not_needed`: the reporter is no provider."""

    given = "given"
    not_given = "not_given"
    not_needed = "not_needed"
    unrecognized = UNRECOGNIZED


class PoliceConsent(Vocabulary):
    """Whether an adult who reports for themself wants the police told."""

    yes = "yes"
    no = "no"
    not_asked = "not_asked"
    unrecognized = UNRECOGNIZED


class SafeContact(Vocabulary):
    """How the reporter may be reached without danger. The number or address itself stays with the details."""

    phone = "phone"
    text = "text"
    email = "email"
    through_someone = "through_someone"
    unsafe = "unsafe"
    not_wanted = "not_wanted"
    unrecognized = UNRECOGNIZED


class Language(Vocabulary):
    """Preferred language: BCP 47 tags heard in the region; `sgn` any sign language, `und` not known."""

    am = "am"
    ar = "ar"
    bn = "bn"
    bs = "bs"
    de = "de"
    el = "el"
    en = "en"
    es = "es"
    fa = "fa"
    fr = "fr"
    gu = "gu"
    hi = "hi"
    ht = "ht"
    hy = "hy"
    it = "it"
    ja = "ja"
    km = "km"
    ko = "ko"
    ku = "ku"
    lo = "lo"
    my = "my"
    ne = "ne"
    nl = "nl"
    pa = "pa"
    pl = "pl"
    ps = "ps"
    pt = "pt"
    ro = "ro"
    ru = "ru"
    so = "so"
    sq = "sq"
    sr = "sr"
    sw = "sw"
    ta = "ta"
    te = "te"
    th = "th"
    ti = "ti"
    tl = "tl"
    tr = "tr"
    tw = "tw"
    uk = "uk"
    ur = "ur"
    uz = "uz"
    vi = "vi"
    yue = "yue"
    zh = "zh"
    sgn = "sgn"
    other = "other"
    und = "und"
    unrecognized = UNRECOGNIZED


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


class MandatedReport(Vocabulary):
    """The two reports about a child that Connecticut law asks for: General Statutes 17a-101b to 17a-101d."""

    oral = "oral"
    written = "written"
    unrecognized = UNRECOGNIZED


class CalledBy(Vocabulary):
    """Who made a report to DCF, by profession, never by name."""

    coordinator = "coordinator"
    victim_advocate = "victim_advocate"
    police_officer = "police_officer"
    social_worker = "social_worker"
    health_professional = "health_professional"
    school_staff = "school_staff"
    other = "other"
    unrecognized = UNRECOGNIZED


class EscalationLevel(Vocabulary):
    """Who has to know next when nobody answers."""

    supervisor = "supervisor"
    coordinator = "coordinator"
    unrecognized = UNRECOGNIZED


class ClockKind(Vocabulary):
    """The clocks of a referral.

    `dcf_oral_report` 12 h and `dcf_written_report` 48 h after it: Connecticut General Statutes 17a-101b to 17a-101d,
    mandated reporters. `dcf_begins`: DCF's own response. `begin_work`: from an agency's acceptance to its first word of work,
    `report_work`: from each word of it to the next. The others are the taskforce's practice and are configured.
    """

    answer = "answer"
    unassigned = "unassigned"
    advocate_contact = "advocate_contact"
    dcf_oral_report = "dcf_oral_report"
    dcf_written_report = "dcf_written_report"
    dcf_begins = "dcf_begins"
    begin_work = "begin_work"
    report_work = "report_work"
    unrecognized = UNRECOGNIZED


class Progress(Vocabulary):
    """What an agency reports between accepting and completing."""

    work_started = "work_started"
    victim_contacted = "victim_contacted"
    oral_report_made = "oral_report_made"
    written_report_filed = "written_report_filed"
    response_begun = "response_begun"
    unrecognized = UNRECOGNIZED


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


class WithdrawalReason(Vocabulary):
    """Why the reporter takes the referral back."""

    changed_mind = "changed_mind"
    mistake = "mistake"
    unsafe = "unsafe"
    other = "other"
    unrecognized = UNRECOGNIZED


class Added(Vocabulary):
    """What a reporter who came back added to a referral. The words and files themselves are details, never in an event."""

    words = "words"
    answer = "answer"
    file = "file"
    contact_unsafe = "contact_unsafe"
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
