"""The twenty-four units of Meridian Health IT, as a tree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryUnit:
    """One unit. `size` counts its own people, its lead among them, without the units below it."""

    key: str
    name: str
    parent: str
    function: str
    size: int
    title: str
    sites: tuple[str, ...]


ROOT = "root"
ORG_NAME = "Meridian Health IT"

UNITS: tuple[StoryUnit, ...] = (
    StoryUnit(ROOT, ORG_NAME, "", "management", 6, "Staff member", ("Utrecht",)),
    StoryUnit("engineering", "Engineering", ROOT, "engineering", 4, "Principal engineer", ("Utrecht", "Porto")),
    StoryUnit("platform", "Platform", "engineering", "engineering", 14, "Platform engineer", ("Utrecht", "Porto")),
    StoryUnit("integration", "Integration", "platform", "engineering", 9, "Integration engineer", ("Ghent", "Utrecht")),
    StoryUnit("identity", "Identity and Access", "platform", "engineering", 8, "Identity engineer", ("Tampere",)),
    StoryUnit("portal", "Patient Portal", "engineering", "engineering", 13, "Software developer", ("Porto", "Utrecht")),
    StoryUnit("data", "Data", "engineering", "data", 12, "Data engineer", ("Ghent", "Pune")),
    StoryUnit("quality", "Quality Engineering", "engineering", "engineering", 9, "Test engineer", ("Pune", "Porto")),
    StoryUnit("clinical", "Clinical Systems", ROOT, "clinical", 5, "Clinical analyst", ("Utrecht", "Ghent")),
    StoryUnit("records", "Records", "clinical", "clinical", 14, "Application specialist", ("Utrecht", "Tampere")),
    StoryUnit("radiology", "Radiology IT", "clinical", "clinical", 10, "Imaging specialist", ("Ghent",)),
    StoryUnit("laboratory", "Laboratory IT", "clinical", "clinical", 9, "Laboratory analyst", ("Tampere", "Ghent")),
    StoryUnit("pharmacy", "Pharmacy and Medication", "clinical", "clinical", 10, "Medication analyst", ("Utrecht",)),
    StoryUnit("devices", "Clinical Devices", "clinical", "clinical", 9, "Device engineer", ("Tampere", "Utrecht")),
    StoryUnit("operations", "Operations", ROOT, "operations", 5, "Service manager", ("Utrecht",)),
    StoryUnit("night", "Night Operations", "operations", "operations", 14, "Operations engineer", ("Halifax", "Pune")),
    StoryUnit("desk", "Service Desk", "operations", "operations", 19, "Support specialist", ("Ghent", "Nairobi")),
    StoryUnit("networks", "Networks", "operations", "operations", 11, "Network engineer", ("Utrecht", "Tampere")),
    StoryUnit("workplace", "Workplace", "operations", "operations", 11, "Workplace specialist", ("Utrecht", "Nairobi")),
    StoryUnit("security", "Security", ROOT, "security", 7, "Security architect", ("Tampere", "Utrecht")),
    StoryUnit("watch", "Security Operations", "security", "security", 11, "Security analyst", ("Nairobi", "Halifax")),
    StoryUnit("corporate", "Corporate Systems", ROOT, "corporate", 5, "Business analyst", ("Porto",)),
    StoryUnit("finance", "Finance IT", "corporate", "corporate", 13, "Application consultant", ("Porto", "Ghent")),
    StoryUnit(
        "staffing", "People Systems", "corporate", "corporate", 12, "Application consultant", ("Porto", "Nairobi")
    ),
)
UNIT_BY_KEY = {unit.key: unit for unit in UNITS}

ZONES = {
    "Utrecht": "Europe/Amsterdam",
    "Ghent": "Europe/Brussels",
    "Porto": "Europe/Lisbon",
    "Tampere": "Europe/Helsinki",
    "Nairobi": "Africa/Nairobi",
    "Pune": "Asia/Kolkata",
    "Halifax": "America/Halifax",
}
LOCATIONS = {
    "Utrecht": "Utrecht, Netherlands",
    "Ghent": "Ghent, Belgium",
    "Porto": "Porto, Portugal",
    "Tampere": "Tampere, Finland",
    "Nairobi": "Nairobi, Kenya",
    "Pune": "Pune, India",
    "Halifax": "Halifax, Canada",
}


def path_of(key: str) -> tuple[str, ...]:
    """The names from the top down to a unit."""
    unit = UNIT_BY_KEY[key]
    above = path_of(unit.parent) if unit.parent else ()
    return (*above, unit.name)


def below(key: str) -> frozenset[str]:
    """The unit and every unit under it."""
    return frozenset({key}).union(*(below(unit.key) for unit in UNITS if unit.parent == key))
