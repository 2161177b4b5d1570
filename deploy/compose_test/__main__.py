"""The test, step by step. Exit status 0: all is as it should be; 1: something is not, and it says what."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from deploy.compose_test import confinement, outside, prometheus, referral, sightings
from deploy.compose_test.compose import SERVICES, Failed, compose, containers, logs, service_of
from deploy.compose_test.waiting import until

RESTARTED = ("kafka", "mongo", *SERVICES, "prometheus", "mailpit")


class Run:
    """One run. `mail_server`: mailpit or sink (see compose-test.sh)."""

    def __init__(self, mail_server: str) -> None:
        self.mail_server = mail_server
        self.sent: list[str] = []

    def steps(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """What is done, in order."""
        yield "build the images", lambda: compose("build", seconds=400)
        yield "start everything", lambda: compose("up", "--detach", "--no-build", seconds=180)
        yield "everything is healthy", self.healthy
        yield "a referral arrives: inbox, mail, report", self.referral_arrives
        yield "the bus is closed to whoever has no right", outside.closed
        yield "an agency that is revoked is shut out, and let in again", self.revoke
        yield "the broker gets a new certificate while it runs", outside.rotate_certificate
        yield "Prometheus scrapes all of it", self.scraped
        yield "nothing has more rights than it needs", confinement.check
        for service in RESTARTED:
            yield f"restart {service}; a referral arrives", partial(self.restart, service)
        yield "two instances of routing share the work", self.scale
        yield "nothing ended by itself, and no alert fires", self.nothing_is_wrong

    def healthy(self) -> None:
        """Every container is healthy, or has done its work and ended well."""
        until("every container is healthy", lambda: all(map(_is_well, containers())), seconds=90)

    def referral_arrives(self, count: int = 1) -> None:
        """As many referrals go all the way."""
        fresh = [referral.send() for _ in range(count)]
        self.sent += fresh
        sightings.arrives(fresh, self.mail_server)
        sightings.counted(len(self.sent))

    def revoke(self) -> None:
        """The command shuts an agency out at once, and a second command lets it in."""
        compose("run", "--rm", "bus", "revoke", "cca", seconds=60)
        outside.refused("cca")
        compose("run", "--rm", "bus", "restore", "cca", seconds=60)
        until("the agency reads again", lambda: sightings.offered("cca"), service="kafka")

    def scraped(self) -> None:
        """Every instance is up, ready, and has done something; no alert is firing."""
        prometheus.sees_all_up({})
        prometheus.sees("sum(intake_referrals_received_total) > 0")
        prometheus.sees('sum(delivery_records_applied_total{service="routing"}) > 0')
        prometheus.sees(f"count(service_ready == 1) == {len(SERVICES)}")
        prometheus.sees('bus_certificate_expiry_timestamp_seconds{certificate="listener"} - time() > 395 * 86400')
        prometheus.sees("bus_certificate_accepted == 1")

    def restart(self, service: str) -> None:
        """Restarts one container, and sends a referral at once."""
        compose("restart", service, seconds=90)
        self.referral_arrives()

    def scale(self) -> None:
        """Two instances of routing: both read, and every referral is offered once."""
        compose("up", "--detach", "--no-build", "--no-recreate", "--scale", "routing=2", seconds=90)
        prometheus.sees_all_up({"routing": 2})
        self.referral_arrives(count=12)
        prometheus.sees('count(delivery_records_applied_total{service="routing", reader="routing"} > 0) == 2')

    def nothing_is_wrong(self) -> None:
        """All are still healthy, Docker had to start none of them again, and only the alert that a restart explains fires."""
        # While MongoDB was restarted, intake rightly answered that it cannot take a referral.
        expected = ("ReferralsNotTaken",)
        firing = {labels["alertname"] for labels, _ in prometheus.query('ALERTS{alertstate="firing"}')}
        if unexpected := firing.difference(expected):
            raise Failed(f"alerts fire: {', '.join(sorted(unexpected))}")
        # Sooner than the alert, which waits for minutes.
        for labels, _ in prometheus.query("loop_last_success_timestamp_seconds < time() - 30"):
            raise Failed(f"the loop {labels['loop']} does not come round", labels["service"])
        self.healthy()
        for container in containers():
            if times := container["RestartCount"]:
                raise Failed(f"{service_of(container)} ended by itself {times} times", service_of(container))


def _is_well(container: dict[str, object]) -> bool:
    state = container["State"]
    assert isinstance(state, dict)
    if "Health" in state:
        return bool(state["Health"]["Status"] == "healthy")
    return bool(state["Status"] == "exited" and state["ExitCode"] == 0)


def main(mail_server: str) -> int:
    """Takes the steps and says how long each took."""
    begin = time.monotonic()
    for number, (name, step) in enumerate(Run(mail_server).steps(), start=1):
        print(f"{number:>2}. {name} ...", end="", flush=True)
        started = time.monotonic()
        try:
            step()
        except Failed as failure:
            print(f" FAILED after {time.monotonic() - started:.1f} s\n\n{failure}")
            print(f"\nThe last lines of {failure.service}:\n{logs(failure.service)}" if failure.service else _overview())
            return 1
        print(f" {time.monotonic() - started:.1f} s", flush=True)
    print(f"Everything in docker-compose.yml does what it should ({time.monotonic() - begin:.0f} s).")
    return 0


def _overview() -> str:
    return f"\n{compose('ps', '--all')}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
