"""Who is told of what, as config/notices.yaml ships."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.notifications.directory.contacts import Contacts, Recipient
from services.notifications.directory.directory import Directory, load_directory
from services.notifications.directory.on_call import OnCall
from services.notifications.directory.staff import Staff
from services.notifications.notices.notice import Notice
from services.notifications.plan.plan import Occasion, decide
from services.notifications.plan.policy import load_policy
from services.notifications.plan.rules import Rules
from shared.agencies import load_agencies
from shared.events.routing import ActivityEvent
from shared.vocabulary import AssignmentRole, ClockKind, EscalationLevel, StaffRole, Urgency
from tests.activity import ANSWER_BY, Life

CONFIG = Path("config")
POLICY = load_policy(CONFIG)
DIRECTORY = load_directory(CONFIG, load_agencies(CONFIG))
NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)
COORDINATOR = "coordinator@taskforce.example"


def notices(event: ActivityEvent, urgency: Urgency = Urgency.high, directory: Directory = DIRECTORY) -> list[Notice]:
    return decide(Occasion(event, urgency, NOON), Rules(POLICY, directory))


def told(event: ActivityEvent, urgency: Urgency = Urgency.high, directory: Directory = DIRECTORY) -> list[str]:
    return [directory.holder(notice.seat, NOON).reach.address or "" for notice in notices(event, urgency, directory)]


@pytest.mark.parametrize("urgency", [Urgency.high, Urgency.routine])
def test_an_offer_goes_to_the_duty_desk_of_the_agency_that_is_asked(urgency: Urgency) -> None:
    assert told(Life().offered("hartford-pd"), urgency) == ["duty@hartford-pd.example"]


def test_a_critical_offer_goes_to_the_supervisor_too() -> None:
    assert told(Life().offered("dcf"), Urgency.critical) == ["duty@dcf.example", "supervisor@dcf.example"]


def test_an_expired_offer_goes_to_the_supervisor_and_the_coordinator() -> None:
    assert told(Life().expired("hartford-pd")) == ["supervisor@hartford-pd.example", COORDINATOR]


def test_a_declined_offer_goes_to_the_coordinator_alone() -> None:
    assert told(Life().declined("hartford-pd")) == [COORDINATOR]


def test_an_assignment_taken_back_is_told_to_the_duty_desk() -> None:
    assert told(Life().revoked("cca")) == ["duty@cca.example"]


def test_an_escalation_goes_to_its_level_and_no_other() -> None:
    assert told(Life().escalated("windsor-pd", EscalationLevel.supervisor)) == ["supervisor@windsor-pd.example"]
    assert told(Life().escalated("windsor-pd", EscalationLevel.coordinator)) == [COORDINATOR]


def test_an_escalation_to_a_level_not_yet_known_goes_to_the_coordinator() -> None:
    assert told(Life().escalated("windsor-pd", EscalationLevel.unrecognized)) == [COORDINATOR]


@pytest.mark.parametrize("clock", [ClockKind(term) for term in ClockKind.terms()])
def test_a_missed_clock_goes_to_the_coordinator_whichever_it_is(clock: ClockKind) -> None:
    assert told(Life().missed(clock)) == [COORDINATOR]


def test_an_event_that_is_not_listed_tells_nobody() -> None:
    assert told(Life().routed()) == []
    assert told(Life().accepted("hartford-pd")) == []


def test_whoever_holds_two_roles_gets_one_mail_for_one_event() -> None:
    assert told(Life().offered("coordinator"), Urgency.critical) == [COORDINATOR]


def test_two_mailboxes_of_one_role_are_both_told_by_notices_of_their_own() -> None:
    pair = tuple(Recipient(role=StaffRole.duty, name="Desk", address=f"desk{n}@dcf.example") for n in (1, 2))
    contacts = DIRECTORY.contacts
    two = Directory(Contacts(coordinator="coordinator", contacts=contacts.contacts | {"dcf": pair}), Staff(), OnCall())
    event = Life().offered("dcf")
    assert told(event, directory=two) == ["desk1@dcf.example", "desk2@dcf.example"]
    assert len({notice.id for notice in notices(event, directory=two)}) == 2


def test_an_agency_without_contacts_at_run_time_is_stood_in_for_by_the_coordinator_and_the_notice_says_so() -> None:
    [notice] = notices(Life().offered("an-agency-of-tomorrow"))
    assert DIRECTORY.holder(notice.seat, NOON).reach.address == COORDINATOR
    assert (notice.seat.role, notice.why) == (StaffRole.coordinator, "assignment.offered:duty")


def test_a_notice_carries_what_its_text_needs_and_has_the_same_id_each_time() -> None:
    event = Life().offered("hartford-pd", role=AssignmentRole.support)
    first, again = notices(event)[0], notices(event)[0]
    assert (first.asked_as, first.answer_by, first.at) == (AssignmentRole.support, ANSWER_BY, event.time)
    assert first.id == again.id


def test_notices_of_different_events_or_recipients_have_different_ids() -> None:
    life = Life()
    both = notices(life.offered("dcf"), Urgency.critical) + notices(life.offered("dcf"), Urgency.critical)
    assert len({notice.id for notice in both}) == 4


def test_an_events_name_is_its_type_without_organisation_and_version() -> None:
    assert Occasion(Life().missed(ClockKind.answer), Urgency.high, NOON).name == "clock.missed"


def test_a_kind_that_does_not_exist_is_refused_at_its_place(tmp_path: Path) -> None:
    text = (CONFIG / "notices.yaml").read_text().replace("kind: offered", "kind: offerd")
    (tmp_path / "notices.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"notices.yaml: notices.0.kind: Input should be 'offered'"):
        load_policy(tmp_path)
