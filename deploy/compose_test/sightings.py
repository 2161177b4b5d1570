"""One referral on its way: sent, offered, mailed, counted."""

from __future__ import annotations

from functools import partial

from deploy.compose_test import mails, outside, referral, report
from deploy.compose_test.waiting import until


def offered(agency: str) -> list[str]:
    """The referrals offered to an agency, read from its inbox topic; twice in the list if offered twice."""
    return outside.as_agency(agency, outside.INBOX).split()


def arrives(sent: list[str], mail_server: str) -> None:
    """Waits until the referrals are offered to every agency once, and announced to each by mail."""
    for agency in referral.AGENCIES:
        until(f"each referral is offered to {agency} once", partial(_each_once, agency, sent), service="routing")
    # What comes on top of a few in a minute is told with others, at most a minute and a half later.
    until("a mail tells of every offer", lambda: _each_mailed(mail_server, sent), seconds=150, service="notifications")


def counted(total: int) -> None:
    """Waits until the report says that so many referrals were received, and as many offered to each agency."""

    def right() -> bool:
        return report.received() == total and all(report.offered(agency) == total for agency in referral.AGENCIES)

    until(f"the report counts {total} referrals, and as many offers to each agency", right, service="reporting")


def _each_once(agency: str, sent: list[str]) -> bool:
    ids = offered(agency)
    return all(ids.count(one) == 1 for one in sent)


def _each_mailed(server: str, sent: list[str]) -> bool:
    """A mail names a referral by the first eight digits of its id; each agency's duty desk gets one that does."""
    found = mails.texts(server)
    return all(sum(one[:8] in text for text in found) >= len(referral.AGENCIES) for one in sent)
