"""Every command by the last part of its address, and the agencies that one names. Pure."""

from services.routing.commands import forms as c

NAMES: dict[str, type[c.Command]] = {
    "accept": c.Accept,
    "decline": c.Decline,
    "progress": c.Progressed,
    "complete": c.Complete,
    "service": c.RecordService,
    "justice": c.RecordJustice,
    "thriving": c.RecordThriving,
    "victim-assessment": c.AssessVictim,
    "oral-report": c.RecordOralReport,
    "written-report": c.RecordWrittenReport,
    "urgency": c.RaiseUrgency,
    "reroute": c.Reroute,
    "agency": c.AddAgency,
    "revoke": c.RevokeAgency,
    "override": c.Override,
    "exclude": c.Exclude,
    "duplicate": c.LinkDuplicate,
    "close": c.Close,
    "screen-out": c.ScreenOut,
    "reopen": c.Reopen,
}
"""The last part of each command's address."""


def agencies_named(command: c.Command) -> list[tuple[str, str]]:
    """Every agency the command names, with the field it stands in."""
    match command:
        case c.Reroute(agency=agency, to=to):
            return [("agency", agency), *((f"to[{place}]", one) for place, one in enumerate(to))]
        case c.Override(to=parts):
            return [(f"to[{place}].agency", part.agency) for place, part in enumerate(parts)]
        case c.AddAgency(agency=agency) | c.RevokeAgency(agency=agency) | c.Exclude(agency=agency):
            return [("agency", agency)]
    return []
