"""The rule book that decides now. Changed files take effect without a restart; files that cannot be used never do."""

import asyncio
from pathlib import Path

import structlog

from services.routing import metrics
from services.routing.rules.book import RuleBook, make_rule_book, read_files, version_of
from shared.config_file import ConfigError
from shared.delivery.metrics import LOOP_SUCCESS

log = structlog.get_logger(__name__)


class RulesInForce:
    """Reads the files once, ConfigError where they cannot be used, and again at each `look` that finds them changed.

    All files are taken together or not at all, once two looks in a row found them alike: a copy half done is not taken.
    Agencies that come or go need a restart: topics are made and listened to when the service starts.
    """

    def __init__(self, config_dir: Path, clock_scale: float = 1.0) -> None:
        self._config_dir = config_dir
        self._clock_scale = clock_scale
        self.book: RuleBook = make_rule_book(read_files(config_dir), clock_scale)
        self._seen = self._judged = self.book.rules.version

    def look(self) -> None:
        """Takes changed files into force, or says why not: in the log, and in a metric for as long as it is so."""
        files: dict[Path, bytes] | ConfigError
        try:
            files = read_files(self._config_dir)
            version = version_of(files)
        except ConfigError as error:
            files, version = error, str(error)
        settled, self._seen = version == self._seen, version
        if settled and version != self._judged:
            self._judged = version
            refused = self._take(files)
            for refusal in (metrics.MISTAKES, metrics.AGENCIES_CHANGED):
                metrics.RULES_REFUSED.labels(refusal).set(refused == refusal)

    def _take(self, files: dict[Path, bytes] | ConfigError) -> str | None:
        """Why the files were refused, if they were. They are decided on as they were read: no byte is read again."""
        try:
            if isinstance(files, ConfigError):
                raise files
            book = make_rule_book(files, self._clock_scale)
        except ConfigError as error:
            for mistake in error.mistakes:
                log.error("rules_refused", reason=metrics.MISTAKES, file=Path(mistake.file).name, line=mistake.line)
            return metrics.MISTAKES
        if _identities(book) != _identities(self.book):
            log.error("rules_refused", reason=metrics.AGENCIES_CHANGED)
            return metrics.AGENCIES_CHANGED
        self.book = book
        log.info("rules_taken", version=book.rules.version)
        return None


async def watch_rules(rules: RulesInForce, every: float) -> None:
    """Looks every so many seconds, beside the loop that decides. Ends by cancellation."""
    while True:
        await asyncio.sleep(every)
        await asyncio.to_thread(rules.look)
        LOOP_SUCCESS.labels("rules").set_to_current_time()


def _identities(book: RuleBook) -> list[tuple[str, str]]:
    return sorted((agency.id, agency.kind.value) for agency in book.agencies.agencies)
