"""What has to be done by when, and who is told where it was not."""

from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary


class MandatedReport(Vocabulary):
    """The two reports about a child that Connecticut law asks for: General Statutes 17a-101b to 17a-101d."""

    oral = "oral"
    written = "written"
    unrecognized = UNRECOGNIZED


class CalledBy(Vocabulary):
    """Who made a report to DCF, by profession, never by name."""

    coordinator = "coordinator"
    victim_advocate = "victim_advocate"
    police_officer = "police_officer"
    social_worker = "social_worker"
    health_professional = "health_professional"
    school_staff = "school_staff"
    other = "other"
    unrecognized = UNRECOGNIZED


class EscalationLevel(Vocabulary):
    """Who has to know next when nobody answers."""

    supervisor = "supervisor"
    coordinator = "coordinator"
    unrecognized = UNRECOGNIZED


class ClockKind(Vocabulary):
    """The clocks of a referral.

    `dcf_oral_report` 12 h and `dcf_written_report` 48 h after it: Connecticut General Statutes 17a-101b to 17a-101d,
    mandated reporters. `dcf_begins`: DCF's own response. `begin_work`: from an agency's acceptance to its first word of work,
    `report_work`: from each word of it to the next. The others are the taskforce's practice and are configured.
    """

    answer = "answer"
    unassigned = "unassigned"
    advocate_contact = "advocate_contact"
    dcf_oral_report = "dcf_oral_report"
    dcf_written_report = "dcf_written_report"
    dcf_begins = "dcf_begins"
    begin_work = "begin_work"
    report_work = "report_work"
    unrecognized = UNRECOGNIZED


class Progress(Vocabulary):
    """What an agency reports between accepting and completing."""

    work_started = "work_started"
    victim_contacted = "victim_contacted"
    oral_report_made = "oral_report_made"
    written_report_filed = "written_report_filed"
    response_begun = "response_begun"
    unrecognized = UNRECOGNIZED
