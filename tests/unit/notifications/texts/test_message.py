"""The message: the same for every attempt, and nothing in it but words that were allowed."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.channels.message import Writer
from services.notifications.directory.contacts import Recipient, Seat
from services.notifications.directory.directory import load_directory
from services.notifications.notices.notice import Notice, NoticeKind
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.policy import load_policy
from services.notifications.plan.rules import Rules
from services.notifications.texts.links import Links
from services.notifications.texts.texts import Texts
from services.notifications.texts.words import Words, WordsForMany, local_time
from shared.agencies import load_agencies
from shared.clock import now
from shared.events.facts import Facts
from shared.vocabulary import AssignmentRole, StaffRole, Urgency
from tests.activity import ANSWER_BY, Life

CONFIG = Path("config")
DESK = "https://desk.example/referrals/{referral}"
TEXTS = Texts(["en", "es"])
LINKS = Links(DESK, "https://notices.example/acknowledge", "a key for tests")
WRITER = Writer("notices@taskforce.example", "Referral desk", TEXTS, LINKS)
RECIPIENT = Recipient(role=StaffRole.duty, name="Hartford PD duty desk", address="duty@hartford-pd.example")
SENT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
NOTICE = Notice(
    id=UUID("11111111-2222-5333-8444-555555555555"),
    about=uuid4(),
    referral=UUID("0a1b2c3d-0000-4000-8000-000000000000"),
    correlation=uuid4(),
    sequence=2,
    at=SENT,
    kind=NoticeKind.offered,
    seat=Seat(agency="hartford-pd", role=StaffRole.duty),
    urgency=Urgency.critical,
    why="assignment.offered:duty",
    asked_as=AssignmentRole.lead,
    answer_by=ANSWER_BY,
)
FACTS = st.builds(Facts)
AGENCIES = load_agencies(CONFIG)
DIRECTORY, POLICY = load_directory(CONFIG, AGENCIES), load_policy(CONFIG)


def written(notice: Notice = NOTICE, writer: Writer = WRITER, language: str = "en") -> EmailMessage:
    recipient = RECIPIENT.model_copy(update={"language": language})
    return message_from_bytes(writer.write(notice, recipient, SENT), policy=default)


def parts(message: EmailMessage) -> dict[str, str]:
    texts = [part for part in message.walk() if not part.is_multipart()]
    return {part.get_content_type(): part.get_content() for part in texts}


def test_the_message_says_what_is_asked_by_when_in_local_time_and_where() -> None:
    text = parts(written())["text/plain"].replace("\r\n", "\n")
    assert "A referral waits for your answer." in text
    assert (
        "Referral:   0a1b2c3d\nUrgency:    Critical\nYour part:  lead\nAnswer by:  3:45 PM EST on Tuesday, November 24\n"
        in text
    )
    assert "https://desk.example/referrals/0a1b2c3d-0000-4000-8000-000000000000" in text


def test_the_subject_is_safe_on_a_locked_screen() -> None:
    assert written()["Subject"] == "[Critical] A referral waits for your answer (0a1b2c3d)"


def test_the_message_id_is_the_notices_own_at_every_attempt() -> None:
    again = message_from_bytes(WRITER.write(NOTICE, RECIPIENT, datetime.now(UTC)), policy=default)
    assert written()["Message-ID"] == again["Message-ID"] == f"<{NOTICE.id}@taskforce.example>"


def test_mail_programs_are_told_that_no_person_wrote_it_and_which_list_it_is() -> None:
    message = written()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "Referral notices <notices.taskforce.example>"
    assert message["Date"] == "Tue, 24 Nov 2026 20:00:00 +0000"
    assert message["To"] == "Hartford PD duty desk <duty@hartford-pd.example>"


def test_no_line_is_longer_than_mail_allows_and_every_line_ends_as_mail_does() -> None:
    raw = WRITER.write(NOTICE, RECIPIENT, SENT)
    assert max(len(line) for line in raw.split(b"\r\n")) < 998
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert raw.isascii()


def test_a_message_in_another_language_says_so_and_its_subject_is_encoded() -> None:
    message = written(language="es")
    assert message["Subject"] == "[Crítico] Un caso espera su respuesta (0a1b2c3d)"
    assert message["Content-Language"] == "es"
    assert '<html lang="es">' in parts(message)["text/html"]
    assert "Responder antes de:  15:45 EST del martes 24 de noviembre" in parts(message)["text/plain"]


def test_a_language_that_nobody_has_reviewed_is_not_used() -> None:
    message = written(writer=Writer("a@b.example", "Desk", Texts(["en"]), Links()), language="es")
    assert (message["Content-Language"], message["Subject"][:10]) == ("en", "[Critical]")


def test_all_languages_have_the_same_words() -> None:
    def keys(language: str) -> set[str]:
        text = Path(f"services/notifications/texts/templates/wording/{language}.j2").read_text()
        return set(re.findall(r'"(\w+)": "', text))

    assert keys("en") == keys("es")


def test_what_does_not_apply_is_left_out() -> None:
    bare = written(
        replace(NOTICE, kind=NoticeKind.clock_missed, asked_as=None, answer_by=None),
        Writer("a@b.example", "Desk", TEXTS, Links()),
    )
    for text in parts(bare).values():
        assert "Your part" not in text
        assert "Answer by" not in text
        assert "http" not in text


@pytest.mark.parametrize(("kind", "urgency", "language"), list(product(NoticeKind, Urgency.terms(), ["en", "es"])))
def test_there_are_words_for_every_kind_urgency_and_part(kind: NoticeKind, urgency: str, language: str) -> None:
    for role in (None, *AssignmentRole.terms()):
        notice = replace(NOTICE, kind=kind, urgency=Urgency(urgency), asked_as=AssignmentRole(role) if role else None)
        assert set(parts(written(notice, language=language))) == {"text/plain", "text/html"}


@given(facts=FACTS, agency=st.sampled_from(AGENCIES.ids))
def test_whatever_is_known_of_the_referral_the_message_is_the_same_to_the_byte(facts: Facts, agency: str) -> None:
    one = decide(Occasion(Life(NOTICE.referral).offered(agency, facts=facts), Urgency.high, now()), Rules(POLICY, DIRECTORY))[0]
    other = replace(NOTICE, id=one.id, urgency=Urgency.high)
    assert WRITER.write(one, RECIPIENT, SENT) == WRITER.write(other, RECIPIENT, SENT)


@given(
    referral=st.uuids(),
    kind=st.sampled_from(NoticeKind),
    urgency=st.sampled_from(Urgency.terms()),
    role=st.sampled_from([None, *AssignmentRole.terms()]),
    language=st.sampled_from(["en", "es"]),
    answer_by=st.none() | st.integers(1_577_836_800, 2_208_988_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)
def test_every_word_of_a_message_is_a_word_of_the_texts_or_an_allowed_value(
    referral: UUID, kind: NoticeKind, urgency: str, *, role: str | None, language: str, answer_by: datetime | None
) -> None:
    notice = replace(
        NOTICE,
        referral=referral,
        kind=kind,
        urgency=Urgency(urgency),
        asked_as=AssignmentRole(role) if role else None,
        answer_by=answer_by,
    )
    allowed = _words_of_the_texts() | _tokens(str(referral)[:8]) | _tokens(DESK.replace("{referral}", str(referral)))
    allowed |= _tokens(local_time(answer_by, language)) if answer_by else set()
    allowed |= _tokens(LINKS.acknowledge(notice)) | {language}
    message = written(notice, language=language)
    assert _tokens(" ".join([message["Subject"], *parts(message).values()])) <= allowed


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _words_of_the_texts() -> set[str]:
    folder = Path("services/notifications/texts/templates")
    files = [path for path in folder.rglob("*") if path.is_file()]
    without_comments = [re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL) for path in files]
    return set().union(*map(_tokens, without_comments))


def test_the_context_of_the_texts_has_no_room_for_anything_else() -> None:
    assert set(Words.__dataclass_fields__) == {
        "kind",
        "urgency",
        "part",
        "reference",
        "answer_by",
        "link",
        "acknowledge",
        "reply",
    }


def test_nor_has_the_context_of_texts_about_several() -> None:
    assert set(WordsForMany.__dataclass_fields__) == {
        "form",
        "urgency",
        "reference",
        "count",
        "kinds",
        "each",
        "acknowledge",
        "reply",
    }


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 7, 4, 16, 5, tzinfo=UTC), "12:05 PM EDT on Saturday, July 4"),
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "1:30 AM EDT on Sunday, November 1"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "1:30 AM EST on Sunday, November 1"),
        (datetime(2027, 1, 1, 4, 59, tzinfo=UTC), "11:59 PM EST on Thursday, December 31"),
    ],
)
def test_times_are_local_and_name_their_zone_so_that_no_hour_is_meant_twice(moment: datetime, said: str) -> None:
    assert local_time(moment) == said
