"""What is to be written of one referral."""

from __future__ import annotations

import pytest

from services.routing.keeping.fold import Fold
from services.routing.keeping.history import CLOCK, INTAKE, By, system_of
from services.routing.keeping.journal import Journal
from tests.unit.routing.cases import ALL_AGENCIES, AT, adult, routed

JOURNAL = Journal("", frozenset(ALL_AGENCIES))


@pytest.mark.parametrize(
    ("by", "swept"), [(CLOCK, True), (By("coordinator", subject="x"), True), (INTAKE, False), (system_of("cca"), False)]
)
def test_the_sweeper_looks_for_what_no_record_would_bring_again(by: By, swept: bool) -> None:
    fold = Fold(None, JOURNAL)
    fold.add(routed(**adult()), None, AT, by)
    change = fold.change()
    assert change is not None
    assert {("at" in entry) for entry in change.entries} == {swept}
