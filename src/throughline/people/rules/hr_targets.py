"""What a column of an HR export can mean, and the names by which it is recognised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One thing a column can mean, with the column names by which it is recognised."""

    key: str
    label: str
    names: tuple[str, ...]
    help: str = ""


TARGETS = (
    Target(
        "name",
        "Full name",
        (
            "name",
            "full name",
            "fullname",
            "employee name",
            "employee",
            "display name",
            "worker",
            "person",
            "nom complet",
        ),
    ),
    Target(
        "first_name",
        "First name",
        ("first name", "firstname", "given name", "forename", "vorname", "prenom", "preferred name"),
    ),
    Target(
        "last_name",
        "Last name",
        ("last name", "lastname", "surname", "family name", "nachname", "nom", "apellido"),
    ),
    Target(
        "email",
        "E-mail",
        ("email", "e mail", "mail", "email address", "e mail address", "work email", "business email", "upn"),
    ),
    Target(
        "external_id",
        "Personnel number or other id",
        (
            "id",
            "employee id",
            "employeeid",
            "employee number",
            "employeenumber",
            "personnel number",
            "person id",
            "worker id",
            "staff id",
            "emp id",
            "empid",
            "external id",
            "personalnummer",
            "matricule",
        ),
        "Keeps people apart when names repeat and addresses change.",
    ),
    Target(
        "title",
        "Job title",
        (
            "title",
            "job title",
            "jobtitle",
            "position",
            "role",
            "job role",
            "jobrole",
            "function title",
            "designation",
        ),
    ),
    Target(
        "location",
        "Location",
        ("location", "office", "site", "city", "work location", "standort", "workplace", "country"),
    ),
    Target(
        "manager",
        "Manager (id, e-mail or name)",
        (
            "manager",
            "manager id",
            "managerid",
            "manager email",
            "manager e mail",
            "manager name",
            "reports to",
            "reportsto",
            "supervisor",
            "supervisor id",
            "line manager",
            "vorgesetzter",
            "boss",
        ),
    ),
    Target(
        "unit",
        "Unit",
        (
            "unit",
            "department",
            "team",
            "org unit",
            "organisation unit",
            "organization unit",
            "division",
            "group",
            "abteilung",
            "cost center",
            "business unit",
            "unit path",
        ),
    ),
    Target(
        "unit_parent",
        "Unit above it",
        (
            "parent unit",
            "unit parent",
            "parent department",
            "division parent",
            "parent team",
            "higher unit",
            "department parent",
        ),
    ),
    Target(
        "is_lead",
        "Leads the unit (yes or no)",
        ("lead", "is lead", "is manager", "unit lead", "team lead", "head", "is head", "leads unit"),
    ),
    Target(
        "started_on",
        "First day",
        (
            "start",
            "start date",
            "started",
            "started on",
            "hire date",
            "hired",
            "date of hire",
            "entry date",
            "joined",
            "join date",
            "first day",
            "hiredate",
            "eintritt",
        ),
    ),
    Target(
        "left_on",
        "Last day",
        (
            "end",
            "end date",
            "left",
            "left on",
            "leaving date",
            "termination date",
            "last day",
            "exit date",
            "terminated",
            "austritt",
        ),
    ),
)
TARGET_LABELS = {target.key: target.label for target in TARGETS}

# How a unit cell names its place: by one name, or by the names from the top down, joined by a mark.
UNIT_STYLES = {
    "name": "One name per cell",
    ">": "A path joined by >",
    "/": "A path joined by /",
    "\\": "A path joined by \\",
    "|": "A path joined by |",
}
