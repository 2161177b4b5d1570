"""An example of each command, for the description of the API. A test sends every one of them."""

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "accept": {},
    "decline": {"reason": "outside_jurisdiction"},
    "progress": {"progress": "victim_contacted"},
    "complete": {"reason": "goals_met"},
    "service": {"service": "emergency_housing", "status": "unavailable", "barrier": "waiting_list"},
    "justice": {"step": "charge", "charge": "trafficking_state"},
    "thriving": {"day": 90, "indicators": ["safe_housing", "safety_plan"]},
    "victim-assessment": {"status": "confirmed"},
    "oral-report": {"called_by": "victim_advocate", "made_at": "2026-11-02T14:10:00-05:00", "reference": "CL104217"},
    "written-report": {"called_by": "coordinator", "made_at": "2026-11-03T09:00:00-05:00", "reference": "CL104217"},
    "urgency": {"urgency": "critical", "reason": "about_to_be_moved"},
    "reroute": {"agency": "hartford-pd", "to": ["windsor-pd"], "reason": "jurisdiction"},
    "agency": {"agency": "manchester-pd", "role": "support", "reason": "facts_clarified"},
    "revoke": {"agency": "hartford-pd", "reason": "not_needed"},
    "override": {"to": [{"agency": "cca", "role": "advocate"}], "urgency": "high", "reason": "wish_of_the_person"},
    "exclude": {"agency": "hartford-pd", "reason": "suspect_works_there"},
    "duplicate": {"duplicate_of": "c0ffee00-0000-5000-8000-000000000001"},
    "close": {"reason": "goals_met"},
    "screen-out": {"reason": "referred_elsewhere"},
    "reopen": {"reason": "new_information"},
}
