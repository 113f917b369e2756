"""Units, people, accounts, moves, leavers, strengths and the stakeholder register."""

from __future__ import annotations

from functools import partial

from django.apps import apps
from django.contrib.auth import get_user_model

from throughline.access.services import account_create, member_join, organisation_create, roles_change
from throughline.kernel import clock
from throughline.kernel.actor import Role
from throughline.kernel.scoping import in_org
from throughline.people.services import (
    PersonRow,
    StakeholderFacts,
    membership_move,
    people_bulk_upsert,
    person_end,
    profile_edit,
    stakeholder_add,
    strength_add,
    unit_create,
)
from throughline.shell.demo.calendar import FOUNDED_DAYS_AGO, Calendar
from throughline.shell.demo.sign_ins import PASSWORD, SIGN_INS
from throughline.shell.demo.stage import Script, Stage
from throughline.shell.demo.story.people import (
    GUESTS,
    LEAD_OF,
    LEAVERS,
    MOVES,
    PEOPLE,
    PERSON_BY_KEY,
    STAKEHOLDERS,
    STRENGTHS,
    UNIT_STRENGTHS,
    StoryMove,
    StoryPerson,
    colleagues_of,
)
from throughline.shell.demo.story.units import LOCATIONS, ORG_NAME, ROOT, UNIT_BY_KEY, UNITS, ZONES, path_of

TIME_ZONE = "Europe/Amsterdam"
ADMINISTRATOR = "jonas"
_ROLES: dict[str, list[Role]] = {
    "amara": [Role.LEADER],
    "renske": [Role.LEADER, Role.FACILITATOR],
    "noor": [Role.FACILITATOR],
    ADMINISTRATOR: [Role.ADMINISTRATOR],
}


def organisation_begin(calendar: Calendar, slug: str) -> Stage:
    """The organisation with its administrator, before anything else."""
    person = PERSON_BY_KEY[ADMINISTRATOR]
    with clock.at(calendar.moment(-FOUNDED_DAYS_AGO, 8)):
        start = organisation_create(
            name=ORG_NAME,
            slug=slug,
            person_name=person.name,
            email=person.email,
            password=PASSWORD,
            time_zone=TIME_ZONE,
        )
    stage = Stage(calendar=calendar, org_id=start.org.pk, slug=slug)
    stage.guest_keys = frozenset(key for key, _, _ in GUESTS)
    with in_org(start.org.pk):
        stage.people[ADMINISTRATOR] = start.account.memberships.get().person
    return stage


def people_script(stage: Stage, script: Script) -> None:
    """Everything about people, at its days."""
    founded = -FOUNDED_DAYS_AGO
    script.add(founded, 9, partial(_units, stage))
    script.add(founded, 10, partial(_people, stage))
    script.add(founded, 11, partial(_accounts, stage))
    for move in MOVES:
        script.add(-move.days_ago if move.days_ago < FOUNDED_DAYS_AGO else founded + 1, 7, partial(_move, stage, move))
    for unit, place, days_ago in LEAVERS:
        script.add(-days_ago, 16, partial(_leave, stage, unit, place, days_ago))
    script.add(-430, 15, partial(_strengths, stage))
    script.add(-230, 10, partial(_guests, stage))
    script.add(-229, 10, partial(_register, stage))


def _units(stage: Stage) -> None:
    actor = stage.actor(ADMINISTRATOR)
    root = apps.get_model("people", "Unit").objects.get(parent=None)
    stage.units[ROOT] = root
    for unit in UNITS:
        if unit.key != ROOT:
            stage.units[unit.key] = unit_create(
                actor=actor, name=unit.name, parent=stage.units[unit.parent], function=unit.function
            )


def _first_unit(person: StoryPerson) -> str:
    """The unit somebody began in, by the moves of the story."""
    return next((move.from_unit for move in MOVES if person.key and move.person == person.key), person.unit)


def _manager_of(person: StoryPerson) -> str:
    """Who somebody reports to: the lead of their unit, and a lead to the lead above."""
    unit = UNIT_BY_KEY[person.unit]
    above = unit.parent if person.is_lead else unit.key
    return PERSON_BY_KEY[LEAD_OF[above]].email if above else ""


def _people(stage: Stage) -> None:
    calendar = stage.calendar
    rows = [
        PersonRow(
            line=number,
            name=person.name,
            email=person.email,
            external_id=f"M{number:04d}",
            title=person.title,
            location=LOCATIONS[person.site],
            manager=_manager_of(person),
            unit=path_of(_first_unit(person)),
            is_lead=person.is_lead and _first_unit(person) == person.unit,
            started_on=calendar.day(-person.since_days),
        )
        for number, person in enumerate(PEOPLE, start=1)
    ]
    result = people_bulk_upsert(actor=stage.actor(ADMINISTRATOR), rows=rows, on=calendar.day(-FOUNDED_DAYS_AGO))
    if result.refusals:
        raise RuntimeError(f"The demo's people were refused: {result.refusals[0].reason}")
    found = {person.email: person for person in apps.get_model("people", "Person").objects.all()}
    for person in PEOPLE:
        if person.key:
            stage.people[person.key] = found[person.email]
    for unit in UNITS:
        others = [person for person in colleagues_of(unit.key) if not person.key]
        for place, person in enumerate(others):
            stage.people[f"{unit.key}#{place}"] = found[person.email]
    stage.actors_forget()


def _accounts(stage: Stage) -> None:
    """Everybody may sign in; six have a password, the others set theirs by “forgotten password”."""
    system = stage.system
    accounts = get_user_model().objects
    with_password = {email for _, email in SIGN_INS}
    for key, person in stage.people.items():
        if key == ADMINISTRATOR:
            continue
        if person.email in with_password:
            account = account_create(email=person.email, name=person.name, password=PASSWORD)
        else:
            account = accounts.create_user(person.email, None, name=person.name)
        is_lead = key in LEAD_OF.values()
        roles = _ROLES.get(key, [Role.TEAM_LEAD] if is_lead else [Role.MEMBER])
        member_join(actor=system, account=account, person_id=person.pk, roles=roles)
    administrator = stage.people[ADMINISTRATOR].membership
    roles_change(actor=system, membership=administrator, roles=[Role.ADMINISTRATOR], seen_roles=administrator.roles)
    stage.actors_forget()
    for key, person in stage.people.items():
        story = PERSON_BY_KEY.get(key)
        zone = ZONES[next(site for site, place in LOCATIONS.items() if place == person.location)]
        if zone != TIME_ZONE or (story is not None and story.about):
            profile_edit(
                actor=system,
                person=person,
                name=person.name,
                location=person.location,
                time_zone=zone,
                about=story.about if story is not None else "",
            )
    stage.actors_forget()


def _move(stage: Stage, move: StoryMove) -> None:
    person = stage.people[move.person]
    membership = person.unit_memberships.get(unit=stage.units[move.from_unit], ends_on=None)
    story = PERSON_BY_KEY[move.person]
    membership_move(actor=stage.system, membership=membership, unit=stage.units[story.unit], is_lead=story.is_lead)
    stage.actors_forget()


def _leave(stage: Stage, unit: str, place: int, days_ago: int) -> None:
    others = [person for person in colleagues_of(unit) if not person.key]
    leaver = stage.people[f"{unit}#{len(others) - place}"]
    person_end(actor=stage.system, person=leaver, left_on=stage.calendar.day(-days_ago))
    stage.actors_forget()


def _strengths(stage: Stage) -> None:
    for key, kind, name, note in STRENGTHS:
        strength_add(actor=stage.actor(key), kind=kind, name=name, note=note, person=stage.people[key])
    for key, kind, name, note in UNIT_STRENGTHS:
        strength_add(actor=stage.actor(LEAD_OF[key]), kind=kind, name=name, note=note, unit=stage.units[key])


def _guests(stage: Stage) -> None:
    """Two people from outside with accounts; what they see is shared with them thing by thing."""
    from throughline.people.services import person_for_account

    with_password = {email for _, email in SIGN_INS}
    for key, name, email in GUESTS:
        person_id = person_for_account(actor=stage.system, name=name, email=email, is_guest=True)
        stage.people[key] = apps.get_model("people", "Person").objects.get(pk=person_id)
        if email in with_password:
            account = account_create(email=email, name=name, password=PASSWORD)
        else:
            account = get_user_model().objects.create_user(email, None, name=name)
        member_join(actor=stage.system, account=account, person_id=person_id, roles=[Role.GUEST])


def _register(stage: Stage) -> None:
    for entry in STAKEHOLDERS:
        facts = StakeholderFacts(
            kind=entry.kind,
            name=entry.name,
            represents=entry.represents,
            influence=entry.influence,
            interest=entry.interest,
            is_group=entry.is_group,
            person_id=stage.person_id(entry.person) if entry.person else None,
            note=entry.note,
        )
        stage.stakeholder_ids[entry.key] = stakeholder_add(actor=stage.actor("renske"), facts=facts).pk
    stage.actors_forget()
