"""How a referral is told: by whom, which way, of where, and what may be done with it."""

from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary


class Reporter(Vocabulary):
    """Who tells it."""

    law_enforcement = "law_enforcement"
    service_provider = "service_provider"
    healthcare = "healthcare"
    school = "school"
    hotline = "hotline"
    family = "family"
    community_member = "community_member"
    self_ = "self"
    unrecognized = UNRECOGNIZED


class Channel(Vocabulary):
    """The way the referral came in."""

    web = "web"
    phone = "phone"
    email = "email"
    api = "api"
    unrecognized = UNRECOGNIZED


class Town(Vocabulary):
    """The eight towns whose police chiefs committed to investigate, and the two answers beside them."""

    hartford = "hartford"
    east_hartford = "east_hartford"
    west_hartford = "west_hartford"
    bloomfield = "bloomfield"
    manchester = "manchester"
    south_windsor = "south_windsor"
    glastonbury = "glastonbury"
    windsor = "windsor"
    elsewhere = "elsewhere"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class Release(Vocabulary):
    """Whether a provider holds the client's written release to share. `not_needed`: the reporter is no provider."""

    given = "given"
    not_given = "not_given"
    not_needed = "not_needed"
    unrecognized = UNRECOGNIZED


class PoliceConsent(Vocabulary):
    """Whether an adult who reports for themself wants the police told."""

    yes = "yes"
    no = "no"
    not_asked = "not_asked"
    unrecognized = UNRECOGNIZED


class SafeContact(Vocabulary):
    """How the reporter may be reached without danger. The number or address itself stays with the details."""

    phone = "phone"
    text = "text"
    email = "email"
    through_someone = "through_someone"
    unsafe = "unsafe"
    not_wanted = "not_wanted"
    unrecognized = UNRECOGNIZED


class WithdrawalReason(Vocabulary):
    """Why the reporter takes the referral back."""

    changed_mind = "changed_mind"
    mistake = "mistake"
    unsafe = "unsafe"
    other = "other"
    unrecognized = UNRECOGNIZED


class Added(Vocabulary):
    """What a reporter who came back added to a referral. The words and files themselves are details, never in an event."""

    words = "words"
    answer = "answer"
    file = "file"
    contact_unsafe = "contact_unsafe"
    unrecognized = UNRECOGNIZED
