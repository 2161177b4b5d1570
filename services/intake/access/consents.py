"""What a referral's reporter agreed to, drawn from the coded facts. Pure."""

from enum import StrEnum

from shared.events.facts import Facts
from shared.vocabulary import Minor, PoliceConsent, Release, Reporter


class Consent(StrEnum):
    """One thing that a grant may ask for."""

    released = "released"
    """The client agreed that their provider shares, or the reporter is no provider."""
    police = "police"
    """Nothing speaks against the police reading: an adult who reports for themself has to have agreed, unless in danger."""
    named = "named"
    """The reporter does not wish to stay anonymous."""


def consents(facts: Facts) -> frozenset[Consent]:
    """All that hold. What only a newer version knows counts as not agreed."""
    held = {
        Consent.released: facts.release in (Release.given, Release.not_needed),
        Consent.police: _police(facts),
        Consent.named: not facts.anonymous,
    }
    return frozenset(consent for consent, holds in held.items() if holds)


def _police(facts: Facts) -> bool:
    if facts.immediate_danger or facts.minor is not Minor.no:
        return True  # police act on danger, and on reports about children, without asking
    if facts.reporter is Reporter.self_:
        return facts.police_consent is PoliceConsent.yes
    return facts.police_consent in (PoliceConsent.yes, PoliceConsent.not_asked)
