"""The questions of the form, in their order. Pure: a question is data, and when it is asked follows from the answers alone.

What the written report about a child has to hold: Connecticut General Statutes 17a-101d. Immigration status and criminal
history are never asked for.
"""

from services.intake.pages import terms
from services.intake.pages.question import N_, OPEN, Answers, Choice, Field, Question, Way, has
from shared.agencies import Agencies

LONGER = frozenset({Way.full, Way.duty})
FULL = frozenset({Way.full})
DUTY = frozenset({Way.duty})
CHILDREN = ("under_12", "from_12_to_14", "from_15_to_17")

_may_be_a_child = has("age", *CHILDREN, OPEN)
_about_self = has("who", "self")


def _about_another(answers: Answers) -> bool:
    return not _about_self(answers)


def questions(agencies: Agencies) -> tuple[Question, ...]:
    """All of them."""
    return (*_who(), *_what(), *_where(), *_person(), *_for_the_law(), *_others(agencies), *_contact())


def _who() -> tuple[Question, ...]:
    return (
        Question(
            "danger",
            N_("Is anyone in danger right now?"),
            N_("For example: someone is hurt, locked in, or about to be taken away."),
            terms.YES_NO_UNKNOWN,
        ),
        Question(
            "who",
            N_("Who do you want to tell us about?"),
            choices=(
                Choice("self", N_("Myself")),
                Choice("other", N_("Someone I know, or something I saw")),
                Choice("work", N_("Someone I met through my work")),
            ),
            ways=frozenset({Way.short, Way.full}),
        ),
        Question(
            "reporter",
            N_("Where do you work?"),
            choices=terms.REPORTERS,
            asked=lambda answers: "who" not in answers or has("who", "work")(answers),
        ),
        Question(
            "relation",
            N_("How do you know the person?"),
            choices=terms.RELATIONS,
            ways=frozenset({Way.short, Way.full}),
            asked=has("who", "other"),
        ),
    )


def _what() -> tuple[Question, ...]:
    return (
        Question(
            "happening",
            N_("What is happening?"),
            N_("Tell it in your own words. What did you see or hear? Small things help. You need no proof."),
            fields=(Field("happening", "", 8_000, 8),),
        ),
        Question("type", N_("What is someone made to do?"), choices=terms.TYPES, ways=LONGER),
        Question(
            "labor",
            N_("What kind of work is it?"),
            choices=terms.LABOR,
            many=True,
            ways=LONGER,
            asked=has("type", "labor", "both"),
        ),
        Question(
            "sex",
            N_("What kind of sexual acts?"),
            N_("You can leave this out."),
            terms.SEX,
            many=True,
            ways=LONGER,
            asked=has("type", "sex", "both"),
        ),
        Question("control", N_("What did you see or hear about?"), choices=terms.CONTROL, many=True, ways=LONGER),
    )


def _where() -> tuple[Question, ...]:
    return (
        Question("town", N_("In which town does it happen?"), N_("This tells us who can act."), terms.towns()),
        Question(
            "place",
            N_("Where does it happen?"),
            N_("A street, a shop, a car, a web page: what you know."),
            fields=(Field("place", "", 2_000, 4),),
        ),
    )


def _person() -> tuple[Question, ...]:
    return (
        Question(
            "age",
            N_("How old is the person?"),
            N_("A guess helps. For a child, other people must be told."),
            terms.AGES,
            ways=LONGER,
        ),
        Question("gender", N_("Is the person …"), choices=terms.GENDERS, ways=LONGER),
        Question(
            "missing",
            N_("Is the child missing from home or care?"),
            choices=terms.YES_NO_UNKNOWN,
            ways=LONGER,
            asked=has("age", *CHILDREN),
        ),
        Question("home", N_("In which town does the child live?"), choices=terms.towns(), ways=LONGER, asked=_may_be_a_child),
        Question(
            "person",
            N_("Who is the person?"),
            N_("All of this is kept apart and locked. Only those who help may read it."),
            fields=(
                Field("person_name", N_("Names they use")),
                Field("person_phone", N_("Phone"), kind="tel"),
                Field("person_address", N_("Where they live or stay"), 2_000, 3),
                Field("person_other", N_("Anything else that helps to find them"), 1_500, 3),
            ),
            ways=LONGER,
            asked=_about_another,
        ),
        Question("language", N_("Which language does the person speak best?"), choices=terms.LANGUAGES, ways=LONGER),
    )


def _for_the_law() -> tuple[Question, ...]:
    return (
        Question(
            "parents",
            N_("Who are the child's parents, or who takes care of the child?"),
            N_("Names and addresses, if you know them."),
            fields=(Field("parents", "", 1_500, 4),),
            ways=DUTY,
            asked=_may_be_a_child,
        ),
        Question(
            "harm",
            N_("What harm was done to the child, and when?"),
            N_("Write also about harm at other times, if you know of it."),
            fields=(Field("harm", "", 4_000, 6),),
            ways=DUTY,
            asked=_may_be_a_child,
        ),
        Question("learned", N_("How did you learn of this?"), fields=(Field("learned", "", 2_000, 4),), ways=DUTY),
        Question("done", N_("What was done to treat, shelter or help?"), fields=(Field("done", "", 2_000, 4),), ways=DUTY),
        Question(
            "release",
            N_("Did the person allow you in writing to share this?"),
            N_("If not, we tell only the coordinator. We tell others too if the person may be a child or is in danger."),
            (Choice("given", N_("Yes")), Choice("not_given", N_("No"))),
            asked=has("reporter", "service_provider", "healthcare"),
        ),
    )


def _others(agencies: Agencies) -> tuple[Question, ...]:
    return (
        Question(
            "suspect",
            N_("Who does this?"),
            N_("What you know. A name is not needed."),
            fields=(
                Field("suspect_name", N_("Names")),
                Field("suspect_look", N_("What they look like, and why you think it is them"), 1_500, 3),
                Field("suspect_where", N_("Where they are: address, car, phone, accounts"), 1_500, 3),
            ),
            ways=LONGER,
        ),
        Question(
            "works_there",
            N_("Does a person who does this, or their family, work at one of these?"),
            N_("Those you choose will not see what you tell us."),
            terms.workplaces(agencies),
            many=True,
            ways=LONGER,
        ),
        Question(
            "police",
            N_("May we tell the police?"),
            N_("If you say no, we tell them only if someone is in danger now or may be a child."),
            terms.YES_NO,
            asked=_about_self,
        ),
    )


def _contact() -> tuple[Question, ...]:
    return (
        Question(
            "contact",
            N_("How may we reach you?"),
            N_("You do not have to tell us who you are. You will get a code to come back with."),
            terms.CONTACTS,
        ),
        Question(
            "reach",
            N_("How do we reach you safely?"),
            N_("Leave out what you do not want to tell."),
            fields=(
                Field("my_name", N_("A name we may use")),
                Field("my_phone", N_("Phone"), kind="tel"),
                Field("my_email", N_("E-mail"), kind="email"),
                Field("my_times", N_("When and how it is safe, or through whom"), 1_500, 3),
            ),
            asked=has("contact", "phone", "text", "email", "through_someone"),
            needs_one=True,
        ),
        Question(
            "voicemail",
            N_("May we leave a voice message?"),
            N_("Say no if someone else could hear it."),
            terms.YES_NO,
            asked=has("contact", "phone"),
        ),
    )
