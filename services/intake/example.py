"""A made-up referral, for the API description, the docs and the tests. Nobody in it exists."""

from typing import Any

REFERRAL: dict[str, Any] = {
    "facts": {
        "trafficking_type": "labor",
        "labor_exploitation": ["hospitality"],
        "means_of_control": ["withholds_documents", "takes_earnings"],
        "relationship_to_trafficker": "acquainted",
        "gender": "female",
        "race_ethnicity": ["unknown"],
        "birth_year": 2012,
        "language": "es",
        "reporter": "community_member",
        "town_of_exploitation": "manchester",
        "town_of_residence": "hartford",
        "immediate_danger": False,
        "safe_contact": "phone",
        "no_voicemail": True,
        "excluded_agencies": [],
    },
    "details": {
        "narrative": "She cleans rooms every night and says that she is not allowed to leave.",
        "place": "Example Motel, 1 Example Road, back entrance",
        "victim": {"names": ["Ana Example"], "birth_date": "2012-02-29", "other": "wears a blue work coat"},
        "reporter": {"name": "Robin Example", "phone": "860-555-0100", "relation": "neighbor"},
        "safe_contact": "Call after 6 pm; hang up if anyone else answers.",
        "suspect": {"names": ["unknown"], "description": "manager of the night shift", "whereabouts": "white van"},
    },
}
