"""Reads about people; the actor first."""

from throughline.people.selectors.people import (
    PeopleFilter,
    people_found,
    people_page,
    people_visible_to,
    person_named,
    person_profile,
    person_visible,
)
from throughline.people.selectors.stakeholders import (
    StakeholderGaps,
    stakeholder_gaps,
    stakeholder_visible,
    stakeholders_visible_to,
)
from throughline.people.selectors.strengths import strengths_page
from throughline.people.selectors.units import in_unit, unit_children, unit_visible, units_found, units_visible_to

__all__ = [
    "PeopleFilter",
    "StakeholderGaps",
    "in_unit",
    "people_found",
    "people_page",
    "people_visible_to",
    "person_named",
    "person_profile",
    "person_visible",
    "stakeholder_gaps",
    "stakeholder_visible",
    "stakeholders_visible_to",
    "strengths_page",
    "unit_children",
    "unit_visible",
    "units_found",
    "units_visible_to",
]
