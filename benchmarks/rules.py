"""What deciding a case and explaining it cost, no two cases alike, with the shipped rules and with 200."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from statistics import median
from typing import Any

from benchmarks import many_rules
from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most
from services.routing.review.case_space import CaseSpace
from services.routing.review.explanation import explain
from services.routing.rules.book import RuleBook, load_rule_book
from services.routing.rules.decision import decide
from shared.clock import now
from shared.events.facts import Facts

MANY = 200


def each(work: Callable[[Facts], Any], cases: Sequence[Facts]) -> float:
    """Microseconds of processor time for one case: on a busy machine the clock tells of the others."""
    begun = time.process_time()
    for facts in cases:
        work(facts)
    return 1e6 * (time.process_time() - begun) / len(cases)


def measure(bench: Bench) -> Iterable[Figure]:
    """`explain` of one case: at most 50 µs."""
    shipped = load_rule_book(many_rules.SHIPPED)
    cases = list(islice(CaseSpace(shipped.rules, shipped.agencies), 0, None, bench.choose(23, 997)))
    for count, folder in ((len(shipped.rules.rules), many_rules.SHIPPED), (MANY, many_rules.write(bench.folder, MANY))):
        bench.say(f"{len(cases):,} cases by {count} rules")
        yield from _figures(count, partial(load_rule_book, folder), cases, bench.choose(5, 1))


def _figures(count: int, fresh: Callable[[], RuleBook], cases: Sequence[Facts], rounds: int) -> Iterable[Figure]:
    """A fresh rule book for each round remembers no case."""
    deciding, explaining, at = [], [], now()
    for book in [fresh() for _ in range(rounds)]:
        deciding.append(each(partial(decide, rules=book.rules, agencies=book.agencies), cases))
        explaining.append(each(partial(explain, book=book, at=at), cases))
    yield Figure(f"{count} rules: deciding a case never seen before", median(deciding), "µs")
    yield Figure(f"{count} rules: explaining it", median(explaining), "µs", at_most(50))
