"""The pure judge of a run: compares what was acknowledged with what was seen, and lists every violation.

`missing` ones may still come, so a run waits for them; the others are wrong the moment they are seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.chaos import clock_rules
from tests.chaos.history import History, Seen

INTAKE, ACTIVITY, DELIVERED = "referrals.intake", "referrals.activity", "notifications.delivered"
EFFECT = {
    "accepted": "assignment.accepted",
    "declined": "assignment.declined",
    "progressed": "assignment.progressed",
}


def violations(history: History) -> list[str]:
    """Everything wrong with the run; empty is good."""
    rules = (lost_posts, doubled_posts, phantom_referrals, changed_events, broken_order, offers, answers, mails, report, dead)
    return [f"{rule.__name__}: {text}" for rule in (*rules, *clock_rules.RULES) for text in rule(history)]


def lost_posts(history: History) -> Iterator[str]:
    """Every acknowledged referral was announced."""
    announced = {s.referral for s in history.of(INTAKE, "referral.received")}
    for referral in history.acknowledged.keys() - announced:
        yield f"missing: {referral} was acknowledged and never announced"


def doubled_posts(history: History) -> Iterator[str]:
    """One idempotency key is one referral, however often it was sent."""
    referrals = defaultdict(set)
    for post in history.posts:
        if post.referral:
            referrals[post.key].add(post.referral)
    for key, several in referrals.items():
        if len(several) > 1:
            yield f"key {key} became {len(several)} referrals"


def phantom_referrals(history: History) -> Iterator[str]:
    """Nothing is announced that nobody may have posted: refused posts have no effect."""
    announced = {s.referral for s in history.of(INTAKE, "referral.received")}
    phantoms = announced - history.acknowledged.keys()
    settled = {p.key for p in history.posts if p.outcome == "acknowledged"}
    unknown = {p.key for p in history.posts if p.outcome == "unknown"} - settled
    if len(phantoms) > len(unknown):
        yield f"{len(phantoms)} referrals announced that were never acknowledged, {len(unknown)} posts have an unknown end"


def changed_events(history: History) -> Iterator[str]:
    """A repeat of an event is the same event: one place in a referral's life has one id and one body."""
    versions: dict[tuple[str, str, int, str], set[tuple[str, int]]] = defaultdict(set)
    for s in history.seen:
        if s.topic in (INTAKE, ACTIVITY):
            versions[s.topic, s.referral, s.sequence, ""].add((s.id, s.body))
    for (topic, referral, sequence, _), different in versions.items():
        if len(different) > 1:
            yield f"{topic} {referral} has {len(different)} different events at {sequence}"


def broken_order(history: History) -> Iterator[str]:
    """First sightings of a referral's events come as 1, 2, 3 without a gap."""
    for topic in (INTAKE, ACTIVITY):
        last: dict[str, int] = defaultdict(int)
        for s in history.of(topic):
            if s.sequence == last[s.referral] + 1:
                last[s.referral] = s.sequence
            elif s.sequence > last[s.referral]:
                yield f"{topic} {s.referral}: {s.sequence} after {last[s.referral]}"


def offers(history: History) -> Iterator[str]:
    """Each due agency is offered it in its inbox by one event, and no other agency hears of it at first."""
    posts = history.acknowledged
    offered: dict[tuple[str, str], set[str]] = defaultdict(set)
    for s in history.seen:
        if s.topic.startswith("agencies.") and s.kind == "assignment.offered":
            offered[s.referral, s.topic.split(".")[1]].add(s.id)
    for (referral, agency), ids in offered.items():
        if len(ids) > 1:
            yield f"{agency} was offered {referral} by {len(ids)} events"
        post = posts.get(referral)
        if post and agency not in (*post.due, "coordinator"):
            yield f"{agency} was offered {referral}, which is not for it"
    for referral, post in posts.items():
        for agency in post.due:
            if not offered.get((referral, agency)):
                yield f"missing: {agency} was not offered {referral}"


def answers(history: History) -> Iterator[str]:
    """Each acknowledged answer has its effect or a rejection, once."""
    effects: dict[str, set[str]] = defaultdict(set)
    for s in history.seen:
        if s.cause and s.topic == ACTIVITY and s.kind in EFFECT.values():
            effects[s.cause].add(s.id)
        if s.about and s.kind == "agency_event.rejected":
            effects[s.about].add(s.id)
    for answer in history.answers:
        found = len(effects[answer.event])
        if found > 1:
            yield f"{answer.kind} {answer.event} of {answer.agency} had {found} effects"
        if not found and answer.outcome == "acknowledged":
            yield f"missing: {answer.kind} {answer.event} of {answer.agency} had no effect"


def mails(history: History) -> Iterator[str]:
    """Each offer reached the duty desk by mail: by one whose Message-ID is that of the message it is said to be told in."""
    sent = Counter(message_id.strip("<>").split("@")[0] for message_id in history.mails)
    told: dict[str, list[Seen]] = defaultdict(list)
    for s in history.of(DELIVERED, "notification.delivered"):
        told[s.about or ""].append(s)
    for offer in {s.id: s for s in history.of(ACTIVITY, "assignment.offered")}.values():
        if not told[offer.id]:
            yield f"missing: nobody at {offer.agency} was told of {offer.referral}"
    for notices in told.values():
        for s in notices:
            if not sent[s.cause or ""]:
                yield f"message {s.cause} is called delivered and no mail came"


def report(history: History) -> Iterator[str]:
    """The report counts each referral and each acceptance once."""
    accepted = len({s.id for s in history.of(ACTIVITY, "assignment.accepted")})
    expected = {"received": len({s.referral for s in history.of(INTAKE, "referral.received")}), "accepted": accepted}
    for name, count in expected.items():
        if history.report.get(name) != count:
            yield f"missing: the report says {history.report.get(name)} {name}, the topics say {count}"


def dead(history: History) -> Iterator[str]:
    """Faults of machines are no reason to give up an event."""
    if history.dead:
        yield f"dead letters: {dict(Counter(history.dead))}"
