"""The rule book that decides now. Changed files take effect without a restart; files that cannot be used never do."""

import asyncio
import hashlib
from pathlib import Path

import structlog

from services.routing import metrics
from services.routing.config_file import ConfigError
from services.routing.rule_book import FILES, RuleBook, load_rule_book
from shared.delivery.metrics import LOOP_SUCCESS

log = structlog.get_logger(__name__)


class RulesInForce:
    """Reads the files once, ConfigError where they cannot be used, and again at each `look` that finds them changed.

    All files are taken together or not at all. Agencies that come or go need a restart: topics are made and listened to
    when the service starts.
    """

    def __init__(self, config_dir: Path, clock_scale: float = 1.0) -> None:
        self._config_dir = config_dir
        self._clock_scale = clock_scale
        self._seen = _fingerprint(config_dir)
        self.book = load_rule_book(config_dir, clock_scale)

    def look(self) -> None:
        """Takes changed files into force, or says why not: in the log, and in a metric for as long as it is so."""
        # Before they are read: what changes meanwhile is another change for the next look.
        seen = _fingerprint(self._config_dir)
        if seen == self._seen:
            return
        self._seen = seen
        refused = self._take()
        metrics.RULES_REFUSED.labels(metrics.MISTAKES).set(refused == metrics.MISTAKES)
        metrics.RULES_REFUSED.labels(metrics.AGENCIES_CHANGED).set(refused == metrics.AGENCIES_CHANGED)

    def _take(self) -> str | None:
        """Why the files were refused, if they were."""
        try:
            book = load_rule_book(self._config_dir, self._clock_scale)
        except ConfigError:
            log.error("rules_refused", reason=metrics.MISTAKES)
            return metrics.MISTAKES
        if _identities(book) != _identities(self.book):
            log.error("rules_refused", reason=metrics.AGENCIES_CHANGED)
            return metrics.AGENCIES_CHANGED
        self.book = book
        log.info("rules_taken", version=book.rules.version)
        return None


async def watch_rules(rules: RulesInForce, every: float) -> None:
    """Looks every so many seconds. Ends by cancellation."""
    while True:
        await asyncio.sleep(every)
        rules.look()
        LOOP_SUCCESS.labels("rules").set_to_current_time()


def _fingerprint(config_dir: Path) -> str:
    """Of what stands in the files now; one that cannot be read counts as empty."""
    digest = hashlib.sha256()
    for name in FILES:
        try:
            digest.update((config_dir / name).read_bytes())
        except OSError:
            digest.update(b"\0")
    return digest.hexdigest()


def _identities(book: RuleBook) -> list[tuple[str, str]]:
    return sorted((agency.id, agency.kind.value) for agency in book.agencies.agencies)
