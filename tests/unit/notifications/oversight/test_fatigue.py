"""What each person or desk is told, counted by the hours of the wall."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.oversight.fatigue import Load, loads

NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)


def sent(
    minutes: int = 0, role: str = "duty", step: int = 0, bundle: int | None = None, person: str | None = None
) -> dict[str, Any]:
    at = NOON + timedelta(minutes=minutes)
    return {"agency": "dcf", "role": role, "settled": at, "step": step, "bundle": bundle, "person": person}


def test_a_desk_is_counted_in_all_at_night_in_its_busiest_hour_and_for_reminders() -> None:
    told = [sent(0), sent(59), sent(60), sent(10 * 60), sent(19 * 60 - 1, step=1), sent(19 * 60)]
    assert loads(told) == [Load("dcf duty", notices=6, messages=6, at_night=2, busiest_hour=2, reminders=1)]


def test_what_is_told_together_is_one_message_and_every_notice_still_shows() -> None:
    together = [sent(1, bundle=7), sent(1, bundle=7, step=1), sent(1, bundle=7)]
    assert loads([sent(0), *together]) == [Load("dcf duty", notices=4, messages=2, at_night=0, busiest_hour=2, reminders=0)]


def test_the_desk_with_the_most_comes_first() -> None:
    assert [load.who for load in loads([sent(), sent(role="supervisor"), sent(1, role="supervisor")])] == [
        "dcf supervisor",
        "dcf duty",
    ]


def test_who_takes_turns_is_counted_as_a_person_whatever_desks_they_held_and_the_others_at_it_apart() -> None:
    told = [sent(1, person="ann-1"), sent(2, role="supervisor", person="ann-1"), sent(3, person="ben-2"), sent(4)]
    assert {load.who: (load.messages, load.busiest_hour) for load in loads(told)} == {
        "ann-1": (2, 2),
        "ben-2": (1, 1),
        "dcf duty": (1, 1),
    }


@given(
    st.lists(
        st.builds(
            sent,
            st.integers(0, 100_000),
            st.sampled_from(["duty", "supervisor"]),
            st.integers(0, 2),
            st.none() | st.integers(1, 5),
            st.sampled_from([None, "ann-1"]),
        )
    )
)
def test_no_message_is_lost_or_counted_twice(told: list[dict[str, Any]]) -> None:
    found = loads(told)
    assert sum(load.notices for load in found) == len(told)
    bundles = {(one["person"] or one["role"], one["bundle"]) for one in told if one["bundle"]}
    assert sum(load.messages for load in found) == len(bundles) + sum(not one["bundle"] for one in told)
    assert all(load.at_night <= load.messages and 1 <= load.busiest_hour <= load.messages for load in found)
