"""What waits together is decided as if it came alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.routing.keeping.fold import Fold
from services.routing.keeping.history import INTAKE
from services.routing.keeping.journal import Journal
from services.routing.life.likeness import ALONE
from services.routing.turns.alike import Alike
from services.routing.turns.intake import take
from shared.events.facts import Facts
from shared.events.intake import FactsData, ReferralReceived
from shared.testing import builders
from shared.vocabulary import Gender, RaceEthnicity, Recruitment
from tests.unit.routing.cases import ANY_FACTS, AT, adult, book

JOURNAL = Journal("", frozenset(book().agencies.ids))
LATER = AT + timedelta(minutes=1)


@st.composite
def waiting(draw: st.DrawFn) -> list[ReferralReceived]:
    """New referrals of which some differ only in facts that no rule looks at."""
    told: list[Facts] = []
    for facts in draw(st.lists(ANY_FACTS, min_size=1, max_size=3)):
        for gender, race, recruitment in draw(st.lists(st.tuples(*map(st.sampled_from, (Gender, RaceEthnicity, Recruitment))))):
            told.append(facts.model_copy(update={"gender": gender, "race_ethnicity": (race,), "recruitment": (recruitment,)}))
        told.append(facts)
    return [received(number, facts) for number, facts in enumerate(told, 1)]


def received(number: int, facts: Facts) -> ReferralReceived:
    ids = {"subject": UUID(int=number), "correlationid": UUID(int=number + 1000), "id": UUID(int=number + 2000)}
    return builders.received().model_copy(update={**ids, "data": FactsData(facts=facts)})


@given(waiting())
def test_each_of_many_is_decided_as_if_it_were_alone(events: list[ReferralReceived]) -> None:
    alike = Alike(book())
    for at in (AT, LATER):
        for event in events:
            decided = alike.take(None, event, at)
            assert decided is not None
            assert decided._replace(likeness=ALONE) == take(None, event, book(), at)


def test_a_supplement_and_a_withdrawal_are_taken_with_the_referral_they_belong_to() -> None:
    alike, first = Alike(book()), received(1, builders.facts(**adult()))
    decided = alike.take(None, first, AT)
    assert decided is not None
    supplement = builders.supplemented(sequence=2, **adult(immediate_danger=True))
    assert alike.take(decided.referral, supplement, LATER) == take(decided.referral, supplement, book(), LATER)
    withdrawal = builders.withdrawn(sequence=2)
    assert alike.take(decided.referral, withdrawal, LATER) == take(decided.referral, withdrawal, book(), LATER)


@given(waiting())
def test_what_is_told_of_each_is_as_if_it_were_alone(events: list[ReferralReceived]) -> None:
    alike = Alike(book())
    for at in (AT, LATER):
        for event in events:
            decided, alone = alike.take(None, event, at), take(None, event, book(), at)
            assert decided is not None
            assert alone is not None
            assert JOURNAL.entries(decided, event.id, at) == JOURNAL.entries(alone, event.id, at)


def test_a_referral_that_is_decided_on_twice_in_one_batch_is_like_no_other() -> None:
    alike, fold, first = Alike(book()), Fold(None, JOURNAL), received(1, builders.facts(**adult()))
    for event in (
        first,
        builders.supplemented(sequence=2, **adult(immediate_danger=True)).model_copy(update={"subject": first.subject}),
    ):
        decided = alike.take(fold.referral, event, AT)
        assert decided is not None
        fold.add(decided, event.id, AT, INTAKE)
    change = fold.change()
    assert change is not None
    assert change.likeness is ALONE
