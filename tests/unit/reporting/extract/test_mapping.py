"""Every field of config/htcds.yaml, tried term by term, and what the file may not say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.reporting.command_line.extracts import fields_table
from services.reporting.extract.codes import NAMES, codes, may_leave
from services.reporting.extract.mapping import RECORD, Field
from services.reporting.extract.mapping_file import load_fields
from shared.agencies import load_agencies
from shared.vocabulary import (
    AgeBand,
    Charge,
    ClosureReason,
    Disposition,
    Gender,
    JusticeStep,
    LaborExploitation,
    Language,
    MeansOfControl,
    RaceEthnicity,
    Recruitment,
    RelationshipToTrafficker,
    Reporter,
    ScreenOutReason,
    Service,
    SexExploitation,
    Town,
    TraffickingType,
    VictimStatus,
)
from tests.figures import NEW_YORK
from tests.histories import lives
from tests.unit.reporting.cases.test_projections import folded

CONFIG = Path("config")
FIELDS = load_fields(CONFIG)
BY_NAME = {one.name: one for one in FIELDS.all}

# The names of the standard's pick lists ("HTCDS Field Standards 2.0", IOM).
STANDARD: Mapping[str, set[str]] = {
    "prs_Gender": set(
        ["Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine", "NonConforming", "NonSpecifiedUnknown"]
    ),
    "vic_TraffickingStatus": set(["PossibleVictimOfTrafficking", "ActualVictimOfTrafficking", "NotAVictimOfTrafficking"]),
    "vic_TraffickingStatusDecisionMakingOrg": set(
        ["Police", "NGO", "CourtOrProsecution", "NonPoliceGovernmentalOrganization", "Other"]
    ),
    "vic_RelationshipToTrafficker": set(["Familial", "Acquainted", "Unaquainted"]),
    "vic_MethodOfRecruitment": set(
        [
            "AtAPlaceOfBusiness",
            "AtAnEducationalInstitution",
            "AtWork",
            "ThroughOnlineSocialNetworks",
            "ThroughAnOnlineAdvertisement",
            "ThroughATelevisionAdvert",
            "ThroughANewspaperAdvert",
            "ThroughFamilyOrFamilyEvents",
            "ThroughFriendsOrSocialEvents",
            "Other",
        ]
    ),
    "vic_MethodsOfControl": set(
        [
            "PhysicalThreats",
            "ThreatsLawEnforcement",
            "ThreatensChildrenFamily",
            "DebtBondage",
            "FalsePromises",
            "PhysicalAbuse",
            "SexualAbuse",
            "TakesEarnings",
            "RestrictsFinancialAccess",
            "RestrictsMedicalCare",
            "WithholdsNecessities",
            "PsychologicalAbuse",
            "PsychoactiveSubstance",
            "ExcessiveWorkingHours",
            "WithholdsDocuments",
            "Other",
        ]
    ),
    "vic_TypeOfExploitation": set(["ForcedLabour", "SexualExploitation"]),
    "vic_TypeOfSexExploitation": set(["Prostitution", "Pornography", "RemoteInteractiveServices", "PrivateSexualServices"]),
    "vic_ForcedLabourIndustry": set(
        [
            "A_AgricultureForestryAndFishing",
            "B_MiningAndQuarrying",
            "C_Manufacturing",
            "F_Construction",
            "G_WholesaleAndRetailTradeRepairOfMotorVehicles",
            "H_TransportationAndStorage",
            "I_AccommodationAndFoodServiceActivities",
            "S_OtherServiceActivities",
            "T_ActivitiesOfHouseholdsAsEmployers",
        ]
    ),
    "cas_Status": set(["Active", "FollowUp", "Closed", "ClosedReferred"]),
    "org_Type": set(["NGO", "LawEnforcement", "HealthServiceOrganisation", "SchoolOrCollege"]),
    "spl_Type": set(["Education", "Financial", "Health", "Legal", "Livelihood", "SocialCare"]),
}
TERMS: Mapping[str, list[str]] = {
    "trafficking_type": TraffickingType.terms(),
    "sex_exploitation": SexExploitation.terms(),
    "labor_exploitation": LaborExploitation.terms(),
    "means_of_control": MeansOfControl.terms(),
    "recruitment": Recruitment.terms(),
    "relationship_to_trafficker": RelationshipToTrafficker.terms(),
    "gender": Gender.terms(),
    "race_ethnicity": RaceEthnicity.terms(),
    "age_band": AgeBand.terms(),
    "language": Language.terms(),
    "town": Town.terms(),
    "reporter": Reporter.terms(),
    "victim_status": VictimStatus.terms(),
    "victim_status_decided_by": list(load_agencies(CONFIG).ids),
    "services_provided": Service.terms(),
    "services_unavailable": Service.terms(),
    "justice_steps": JusticeStep.terms(),
    "charges": Charge.terms(),
    "dispositions": Disposition.terms(),
    "state": ["active", "closed", "transferred", "screened_out"],
    "end": [*ClosureReason.terms(), *ScreenOutReason.terms()],
}
FORMS = ("sex_exploitation", "labor_exploitation", "means_of_control", "recruitment")


@pytest.mark.parametrize("name", list(STANDARD))
def test_a_field_of_the_standard_holds_the_standards_words_alone(name: str) -> None:
    field = BY_NAME[name]
    for term in (*TERMS[field.source], "unrecognized"):
        said = field.words((term,))
        assert set(filter(None, said.split(";"))) <= STANDARD[name], term


@pytest.mark.parametrize("field", FIELDS.all, ids=lambda field: field.name)
def test_every_term_is_said_on_every_rung_and_the_last_says_nothing(field: Field) -> None:
    terms = (
        TERMS.get(field.source) or {"month_received": ["2026-01"], "thriving": ["90_safe_housing"], "urgency": []}[field.source]
    )
    for term in terms:
        said = [rung((term,)) for rung in field.rungs]
        assert all(isinstance(one, str) and "\n" not in one for one in said)
        assert said[-1] == "*"
    assert field.several or all(";" not in field.words((term,)) for term in terms)


@pytest.mark.parametrize(
    ("field", "told", "said"),
    [
        ("prs_Gender", ("female",), "Feminine"),
        ("vic_TypeOfExploitation", ("both",), "SexualExploitation;ForcedLabour"),
        ("vic_TypeOfExploitation", ("unsure",), ""),
        ("vic_MethodsOfControl", ("debt_bondage", "restricts_movement", "uses_children"), "DebtBondage;Other"),
        ("vic_ForcedLabourIndustry", ("domestic_work",), "T_ActivitiesOfHouseholdsAsEmployers"),
        ("vic_TraffickingStatusDecisionMakingOrg", ("dcf",), "NonPoliceGovernmentalOrganization"),
        ("vic_TraffickingStatusDecisionMakingOrg", ("windsor-pd",), "Police"),
        ("prs_PrimaryLanguage", ("yue",), "zh"),
        ("cas_Status", ("transferred",), "ClosedReferred"),
        ("org_Type", ("self",), ""),
        ("ext_AgeGroup", ("from_12_to_14",), "12 to 14"),
        ("spl_Type", ("medical", "dental", "case_management"), "Health;SocialCare"),
    ],
)
def test_what_is_said_of_a_term(field: str, told: tuple[str, ...], said: str) -> None:
    assert BY_NAME[field].words(told) == said


@pytest.mark.parametrize(
    ("field", "told", "rungs"),
    [
        ("cas_IncomingReferralDate", "2026-01", ["2026-01", "FY2026-Q2", "FY2026", "*"]),
        ("cas_IncomingReferralDate", "2025-10", ["2025-10", "FY2026-Q1", "FY2026", "*"]),
        ("cas_IncomingReferralDate", "2026-09", ["2026-09", "FY2026-Q4", "FY2026", "*"]),
        ("ext_AgeGroup", "from_15_to_17", ["15 to 17", "minor", "*"]),
        ("ext_AgeGroup", "from_55", ["55 and older", "adult", "*"]),
        ("hte_City", "windsor", ["Windsor", "Greater Hartford", "*"]),
        ("hte_City", "elsewhere", ["", "", "*"]),
        ("prs_PrimaryLanguage", "pl", ["pl", "mis", "*"]),
        ("prs_Gender", "male", ["Masculine", "*"]),
    ],
)
def test_how_a_quasi_identifier_grows_coarser(field: str, told: str, rungs: list[str]) -> None:
    assert [rung((told,)) for rung in BY_NAME[field].rungs] == rungs


def test_a_case_gives_every_code_that_can_be_mapped_and_no_id_and_no_day() -> None:
    told: dict[str, set[str]] = {name: set() for name in NAMES}
    for one in lives(5, 150):
        case = folded(one.intake + one.activity)
        for name in NAMES:
            told[name] |= set(codes(case, name, NEW_YORK))
            assert str(one.id) not in told[name]
    for name in FORMS:
        fact: Any = {"intake": {"facts": {name: TERMS[name]}}}
        told[name] |= set(codes(fact, name, NEW_YORK))
    assert [name for name, found in told.items() if not found] == []
    assert all(len(month) == len("2026-01") for month in told["month_received"])
    for name, terms in TERMS.items():
        assert told[name] <= {*terms, "unknown", "unrecognized"}, name


def test_the_months_first_day_is_a_local_one() -> None:
    case: Any = {"intake": {"received": datetime(2026, 2, 1, 3, tzinfo=UTC), "facts": {}}}
    assert codes(case, "month_received", NEW_YORK) == ("2026-01",)


def test_no_record_leaves_of_who_took_it_back_or_where_the_client_did_not_agree() -> None:
    told: Any = {"received": datetime(2026, 2, 1, tzinfo=UTC), "facts": {"release": "given"}}
    assert may_leave({"intake": told})
    assert may_leave({"intake": told | {"facts": {"release": "not_needed"}}})
    assert not may_leave({"intake": told | {"facts": {"release": "not_given"}}})
    assert not may_leave({"intake": told | {"facts": {}}})
    assert not may_leave({"intake": told | {"withdrawn": {"reason": "by_mistake"}}})


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{field: prs_Gender, from: lunch, says: x}", "from: give one of month_received"),
        ("{field: prs_Gender, from: referral_id, says: x}", "from: give one of month_received"),
        ("{field: Gender, from: gender, says: x}", "match pattern"),
        (f"{{field: {RECORD}, from: gender, says: x}}", "is always there"),
        ("{field: prs_Gender, from: gender, says: x, ladder: [fiscal_year]}", "a rung is what terms are called"),
        ("{field: prs_Gender, from: gender, says: x, latter: []}", "Extra inputs"),
        ("{field: prs_Gender, from: gender, says: x}, {field: prs_Gender, from: gender, says: x}", "given twice"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_not_loaded(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "htcds.yaml").write_text(f"[{line}]")
    with pytest.raises(ValidationError, match=complaint):
        load_fields(tmp_path)


def test_the_table_in_the_docs_is_the_one_that_the_file_gives() -> None:
    assert fields_table(FIELDS) in Path("docs/extracts.md").read_text()
