"""Synthetic referrals: every row of the routing table at least once, and what each agency does about them.

Nobody in here exists. Names, numbers and addresses are made up and marked as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Step = tuple[str, dict[str, Any]]
"""What an agency writes to its outbox: the end of the event's type, and its data."""

ACCEPT: Step = ("accepted", {})
CONTACT: Step = ("progressed", {"progress": "victim_contacted"})
STARTED: Step = ("progressed", {"progress": "work_started"})
GOALS_MET: Step = ("completed", {"reason": "goals_met"})


def decline(reason: str) -> Step:
    """The agency says no."""
    return "declined", {"reason": reason}


def service(name: str, status: str, **barrier: str) -> Step:
    """A service outcome."""
    return "service_recorded", {"service": name, "status": status, **barrier}


def justice(step: str, **more: str) -> Step:
    """A step of the justice track."""
    return "justice_recorded", {"step": step, **more}


@dataclass(frozen=True)
class Case:
    """One referral, whom it must reach (agency to role), and what these do; an agency without a script stays silent."""

    title: str
    facts: dict[str, Any]
    due: dict[str, str]
    script: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The request body for intake."""
        return {"facts": self.facts, "details": self.details}


DETAILS = {
    "narrative": "SYNTHETIC. The person says she may not leave the house and was told what she owes.",
    "victim": {"names": ["Synthetic Person"], "phone": "+1 860 555 0100", "address": "1 Example Street"},
    "reporter": {"name": "Synthetic Reporter", "phone": "+1 860 555 0101", "email": "reporter@example.org"},
}


def adult(town: str, reporter: str = "community_member", kind: str = "sex", **more: Any) -> dict[str, Any]:
    """Facts of an adult, told by someone else unless said otherwise."""
    return {
        "trafficking_type": kind,
        "minor": "no",
        "age_band": "from_25_to_34",
        "gender": "female",
        "reporter": reporter,
        "town_of_exploitation": town,
        **more,
    }


def child(town: str, reporter: str = "school", kind: str = "sex", **more: Any) -> dict[str, Any]:
    """Facts of a minor."""
    return adult(town, reporter, kind, **({"minor": "yes", "age_band": "from_15_to_17"} | more))


CASES: tuple[Case, ...] = (
    Case(
        "A girl of 16, exploited in Manchester, lives in Windsor",
        child("manchester", town_of_residence="windsor", race_ethnicity=["black"], missing_child=True),
        {"dcf": "child_protection", "cca": "advocate", "manchester-pd": "lead", "windsor-pd": "support"},
        {
            "dcf": (ACCEPT, ("progressed", {"progress": "oral_report_made"}), ("progressed", {"progress": "response_begun"})),
            "cca": (ACCEPT, CONTACT, service("safety_planning", "provided"), service("mental_health", "referred")),
            "manchester-pd": (ACCEPT, justice("investigation_opened"), justice("arrest")),
            "windsor-pd": (ACCEPT,),
        },
        DETAILS,
    ),
    Case(
        "Immediate danger, Hartford, an adult seen by a neighbor",
        adult("hartford", immediate_danger=True),
        {"hartford-pd": "lead", "coordinator": "coordination", "cca": "advocate"},
        {
            "hartford-pd": (ACCEPT, justice("investigation_opened"), justice("charge", charge="trafficking_state")),
            "coordinator": (ACCEPT,),
            "cca": (ACCEPT, CONTACT, service("emergency_housing", "provided")),
        },
        DETAILS,
    ),
    Case(
        "Age not known, East Hartford: treated as possibly a minor",
        adult("east_hartford", "healthcare", minor="unknown", age_band="unknown"),
        {"dcf": "child_protection", "cca": "advocate", "east-hartford-pd": "lead"},
        {"dcf": (ACCEPT,), "cca": (ACCEPT,), "east-hartford-pd": (ACCEPT, STARTED)},
    ),
    Case(
        "A tip about an adult in West Hartford",
        adult("west_hartford"),
        {"west-hartford-pd": "lead", "cca": "advocate"},
        {"west-hartford-pd": (decline("no_capacity"),), "cca": (ACCEPT, CONTACT)},
    ),
    Case(
        "An adult reports for herself and does not want the police",
        adult("hartford", "self", police_consent="no"),
        {"cca": "advocate"},
        {
            "cca": (
                ACCEPT,
                CONTACT,
                service("emotional_support", "provided"),
                service("long_term_housing", "unavailable", barrier="waiting_list"),
                ("thriving_recorded", {"day": 30, "indicators": ["safety_plan", "engaged_with_support"]}),
                GOALS_MET,
            )
        },
        DETAILS,
    ),
    Case(
        "An adult reports for himself and wants the police told, Bloomfield",
        adult("bloomfield", "self", gender="male", police_consent="yes"),
        {"cca": "advocate", "bloomfield-pd": "lead"},
        {"cca": (ACCEPT,), "bloomfield-pd": (ACCEPT,)},
    ),
    Case(
        "A provider without the client's release: a consult with the coordinator only",
        adult("manchester", "service_provider", release="not_given"),
        {"coordinator": "coordination"},
        {"coordinator": (ACCEPT,)},
    ),
    Case(
        "Labor: a kitchen worker in Glastonbury whose documents were taken",
        adult(
            "glastonbury",
            kind="labor",
            gender="male",
            labor_exploitation=["hospitality"],
            means_of_control=["withholds_documents", "debt_bondage"],
        ),
        {"glastonbury-pd": "lead", "cca": "advocate", "coordinator": "coordination"},
        {
            "glastonbury-pd": (ACCEPT, ("victim_assessed", {"status": "confirmed"})),
            "cca": (ACCEPT, CONTACT, service("legal_immigration", "referred")),
            "coordinator": (ACCEPT,),
        },
        DETAILS,
    ),
    Case(
        "Two towns: exploited in Hartford, also seen in South Windsor",
        adult("hartford", "hotline", other_towns=["south_windsor"]),
        {"hartford-pd": "lead", "south-windsor-pd": "support", "cca": "advocate"},
        {"hartford-pd": (ACCEPT,), "south-windsor-pd": (ACCEPT,), "cca": (ACCEPT,)},
    ),
    Case(
        "Town not known",
        adult("unknown", "family"),
        {"coordinator": "coordination", "cca": "advocate"},
        {"coordinator": (ACCEPT,), "cca": (ACCEPT,)},
    ),
    Case(
        "Outside the eight towns, an adult in labor",
        adult("elsewhere", kind="both"),
        {"coordinator": "coordination", "cca": "advocate"},
        {"coordinator": (ACCEPT,), "cca": (decline("outside_jurisdiction"),)},
    ),
    Case(
        "Outside the eight towns, a child",
        child("elsewhere", kind="unsure"),
        {"coordinator": "coordination", "dcf": "child_protection", "cca": "advocate"},
        {"coordinator": (ACCEPT,), "dcf": (ACCEPT,), "cca": (ACCEPT,)},
    ),
    Case(
        "The suspect works for Manchester's police: left out, the coordinator decides",
        adult("manchester", excluded_agencies=["manchester-pd"]),
        {"coordinator": "coordination", "cca": "advocate"},
        {"coordinator": (ACCEPT,), "cca": (ACCEPT,)},
    ),
    Case(
        "A Spanish speaker in Windsor; an interpreter is needed",
        adult("windsor", "family", language="es", race_ethnicity=["hispanic_or_latino"]),
        {"windsor-pd": "lead", "cca": "advocate"},
        {"windsor-pd": (ACCEPT,), "cca": (ACCEPT, service("interpretation", "provided"))},
    ),
    Case(
        "Unsafe to contact, South Windsor",
        adult("south_windsor", safe_contact="unsafe"),
        {"south-windsor-pd": "lead", "cca": "advocate"},
        {"south-windsor-pd": (ACCEPT,), "cca": (ACCEPT,)},
    ),
    Case(
        "Immediate danger in Bloomfield, and the police there stay silent",
        adult("bloomfield", "law_enforcement", immediate_danger=True),
        {"bloomfield-pd": "lead", "coordinator": "coordination", "cca": "advocate"},
        {"coordinator": (ACCEPT,), "cca": (ACCEPT,)},
    ),
)
