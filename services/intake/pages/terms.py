"""The words for the terms of our vocabularies, as choices. Pure."""

from services.intake.pages.question import N_, OPEN, Choice
from shared.agencies import Agencies, AgencyKind
from shared.vocabulary import Town

DO_NOT_KNOW = Choice(OPEN, N_("I do not know"))
YES_NO = (Choice("yes", N_("Yes")), Choice("no", N_("No")))
YES_NO_UNKNOWN = (*YES_NO, DO_NOT_KNOW)

TYPES = (
    Choice("labor", N_("Work"), N_("Someone is made to work, is not paid, or cannot leave the job.")),
    Choice("sex", N_("Sex"), N_("Someone is made to have sex or do sexual things. For a child this is always a crime.")),
    Choice("both", N_("Work and sex")),
    Choice("unsure", N_("I do not know")),
)
SEX = (
    Choice("prostitution", N_("Sex for money or things")),
    Choice("pornography", N_("Sexual photos or films")),
    Choice("remote_interactive_services", N_("Sexual acts on a phone or web camera")),
    Choice("private_sexual_services", N_("Sex with one person who keeps them")),
)
LABOR = (
    Choice("agriculture", N_("Farm work")),
    Choice("aquafarming", N_("Fish or shellfish farm")),
    Choice("begging", N_("Begging")),
    Choice("construction", N_("Building work")),
    Choice("domestic_work", N_("Cleaning or care in a home")),
    Choice("hospitality", N_("Hotel, food or bar")),
    Choice("illicit_activities", N_("Made to break the law")),
    Choice("manufacturing", N_("Factory")),
    Choice("mining_or_drilling", N_("Mine or drilling")),
    Choice("peddling", N_("Selling on the street or at doors")),
    Choice("transportation", N_("Driving or moving goods")),
    Choice("other", N_("Other work")),
)
CONTROL = (
    Choice("physical_threats", N_("Threats to hurt someone")),
    Choice("threats_of_law_enforcement", N_("Threats to call the police")),
    Choice("threatens_children_or_family", N_("Threats to children or family")),
    Choice("debt_bondage", N_("A debt that must be worked off")),
    Choice("false_promises", N_("False promises")),
    Choice("physical_abuse", N_("Hitting or hurting")),
    Choice("sexual_abuse", N_("Sexual harm")),
    Choice("takes_earnings", N_("Their pay is taken")),
    Choice("restricts_financial_access", N_("They may not use their money")),
    Choice("restricts_medical_care", N_("They may not see a doctor")),
    Choice("restricts_movement", N_("They are locked in or watched")),
    Choice("withholds_necessities", N_("No food, sleep or other needs")),
    Choice("withholds_documents", N_("Papers or passport are taken")),
    Choice("psychological_abuse", N_("Shaming, fear or cruel words")),
    Choice("psychoactive_substances", N_("Drugs or alcohol")),
    Choice("excessive_working_hours", N_("Very long hours of work")),
    Choice("uses_children", N_("Their children are used to press them")),
    Choice("other", N_("Something else")),
)
AGES = (
    Choice("under_12", N_("Under 12")),
    *(Choice(value, years, translated=False) for value, years in (
        ("from_12_to_14", "12–14"), ("from_15_to_17", "15–17"), ("from_18_to_20", "18–20"),
        ("from_21_to_24", "21–24"), ("from_25_to_34", "25–34"), ("from_35_to_54", "35–54"),
    )),
    Choice("from_55", N_("55 or older")),
    DO_NOT_KNOW,
)  # fmt: skip
GENDERS = (
    Choice("female", N_("Girl or woman")),
    Choice("male", N_("Boy or man")),
    Choice("transgender_female", N_("Trans girl or woman")),
    Choice("transgender_male", N_("Trans boy or man")),
    Choice("non_conforming", N_("None of these words fit")),
    DO_NOT_KNOW,
)
REPORTERS = (
    Choice("law_enforcement", N_("Police")),
    Choice("healthcare", N_("Health care")),
    Choice("school", N_("School or child care")),
    Choice("service_provider", N_("Social work or help for people")),
    Choice("hotline", N_("Hotline")),
)
RELATIONS = (
    Choice("family", N_("I am family")),
    Choice("community_member", N_("I am a friend or neighbor, or I saw something")),
)
CONTACTS = (
    Choice("phone", N_("Call me")),
    Choice("text", N_("Send me a text message")),
    Choice("email", N_("Send me an e-mail")),
    Choice("through_someone", N_("Reach me through someone I trust")),
    Choice("unsafe", N_("It is not safe to reach me")),
    Choice("not_wanted", N_("Please do not reach me")),
)
LANGUAGES = (
    *(Choice(tag, name, translated=False) for tag, name in (
        ("en", "English"), ("es", "Español"), ("pt", "Português"), ("pl", "Polski"), ("zh", "中文（普通话）"), ("yue", "粵語"),
        ("ar", "العربية"), ("bn", "বাংলা"), ("fr", "Français"), ("ht", "Kreyòl ayisyen"), ("hi", "हिन्दी"), ("it", "Italiano"),
        ("ru", "Русский"), ("sq", "Shqip"), ("uk", "Українська"), ("ur", "اردو"), ("vi", "Tiếng Việt"),
    )),
    Choice("sgn", N_("Sign language")),
    Choice("other", N_("Another language")),
    Choice("und", N_("I do not know")),
)  # fmt: skip
"""Each in its own name."""


def towns() -> tuple[Choice, ...]:
    """The eight towns by name, and the two answers beside them."""
    named = [Choice(town, town.replace("_", " ").title(), translated=False) for town in Town.terms()]
    return (
        *(one for one in named if one.value not in ("elsewhere", OPEN)),
        Choice("elsewhere", N_("Somewhere else")),
        DO_NOT_KNOW,
    )


def workplaces(agencies: Agencies) -> tuple[Choice, ...]:
    """The agencies that can be left out, by their own names."""
    taking_part = [one for one in agencies.agencies if one.kind not in (AgencyKind.sandbox, AgencyKind.coordinator)]
    return tuple(Choice(one.id, one.name, translated=False) for one in taking_part)
