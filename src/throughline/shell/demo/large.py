"""Loading the large organisation through the bulk services: the rules of the apps, at most 5,000 rows a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.apps import apps

from throughline.access.services import account_create, member_join, organisation_create, share_with_guest
from throughline.goals.rules.records import BulkResult, ParentRecord
from throughline.goals.services import (
    BulkCheckIn,
    BulkGoal,
    GoalFields,
    KeyResultTerms,
    checkins_write_bulk,
    cycle_create,
    cycle_start,
    goals_write_bulk,
    roll_up_everything,
)
from throughline.kernel import clock
from throughline.kernel.actor import Role, system_actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.kernel.scoping import in_org
from throughline.ledger.outbox import outbox_drain
from throughline.people.services import PersonRow, people_bulk_upsert, person_for_account
from throughline.purpose.services import value_create
from throughline.shell.demo.calendar import Calendar
from throughline.shell.demo.large_shape import PLACES, ROOT_NAME, TITLES, LargeShape
from throughline.shell.demo.loading import absent_require
from throughline.shell.demo.sign_ins import LARGE_SIGN_INS, LARGE_SLUG, PASSWORD
from throughline.shell.demo.stage import Report

FEWEST_PEOPLE = 50
FOUNDED_DAYS_AGO = 700
# The cycle has run for so many weeks; key results are read once in each.
WEEKS_GONE, WEEKS_LEFT = 34, 18
_ROLES = {"leader": Role.LEADER, "team lead": Role.TEAM_LEAD, "facilitator": Role.FACILITATOR, "member": Role.MEMBER}
_STATUSES = ("on_track", "on_track", "at_risk", "on_track", "off_track")


def demo_load_large(*, people: int, report: Report) -> str:
    """Load an organisation for measuring, sized by its people, and answer its slug.

    Commits batch by batch; when it fails half-way, start again in a new THROUGHLINE_HOME.
    """
    if people < FEWEST_PEOPLE:
        raise Invalid(f"The large demo needs at least {FEWEST_PEOPLE} people; leave --people out for the story.")
    absent_require(LARGE_SLUG)
    outbox_drain()
    loader = _Loader(LargeShape(people), report)
    loader.load()
    report("Settling what follows", 0, 1)
    outbox_drain()
    report("Settling what follows", 1, 1)
    return LARGE_SLUG


class _Loader:
    """The organisation while it is being filled."""

    def __init__(self, shape: LargeShape, report: Report) -> None:
        self.shape, self.report, self.calendar = shape, report, Calendar(today())
        emails = dict(LARGE_SIGN_INS)
        with clock.at(self.calendar.moment(-FOUNDED_DAYS_AGO)):
            start = organisation_create(
                name=ROOT_NAME,
                slug=LARGE_SLUG,
                person_name="Administrator of the large demo",
                email=emails["administrator"],
                password=PASSWORD,
            )
        self.org_id, self.actor = start.org.pk, system_actor(start.org.pk, LARGE_SLUG)
        self.emails = emails

    def load(self) -> None:
        """Everything in order; each part finds what the parts before it have written."""
        with in_org(self.org_id):
            with clock.at(self.calendar.moment(-FOUNDED_DAYS_AGO, 10)):
                self._people()
                self._sign_ins()
                value = value_create(
                    actor=self.actor, name="Care comes first", meaning="What does it do at the bedside?"
                )
            with clock.at(self.calendar.moment(-7 * WEEKS_GONE - 7)):
                cycle = cycle_create(
                    actor=self.actor,
                    name="The long cycle",
                    starts_on=self.calendar.day(-7 * WEEKS_GONE),
                    ends_on=self.calendar.day(7 * WEEKS_LEFT),
                )
                cycle_start(actor=self.actor, cycle=cycle)
                ids = self._goals(cycle.pk, value.ref)
            self._readings(ids)
            self.report("Rolling up", 0, 1)
            roll_up_everything(actor=self.actor)
            self._share(ids)
            self.report("Rolling up", 1, 1)

    def _email_of(self, person: int) -> str:
        """The sign-ins are the first people, so that they have goals and lead or belong to a team."""
        by_place = {0: "team lead", 1: "member", 2: "leader", 3: "facilitator"}
        role = by_place.get(person)
        return self.emails[role] if role is not None else f"person{person + 1}@large.example"

    def _people(self) -> None:
        shape, day = self.shape, self.calendar.day(-FOUNDED_DAYS_AGO)
        rows = [
            PersonRow(
                line=person + 1,
                name=shape.name_of(person),
                email=self._email_of(person),
                external_id=f"L{person + 1:06d}",
                title=TITLES[person % len(TITLES)],
                location=PLACES[person % len(PLACES)],
                manager=f"L{(person - 1) // 8 + 1:06d}" if person else "",
                unit=shape.unit_path(shape.team_of(person)),
                is_lead=shape.leads(person),
                started_on=day - timedelta(days=person % 3000),
            )
            for person in range(shape.people)
        ]
        result = people_bulk_upsert(
            actor=self.actor,
            rows=rows,
            on=day,
            progress=lambda done, total: self.report("People", done, total),
        )
        if result.refusals:
            raise RuntimeError(f"The large demo's people were refused: {result.refusals[0].reason}")

    def _sign_ins(self) -> None:
        people = apps.get_model("people", "Person").objects
        for role, email in LARGE_SIGN_INS:
            if role == "administrator":
                continue
            is_guest = role == "guest"
            if is_guest:
                number = person_for_account(
                    actor=self.actor, name="Guest of the large demo", email=email, is_guest=True
                )
            else:
                number = people.get(email=email).pk
            account = account_create(email=email, name=f"The {role}", password=PASSWORD)
            roles = [Role.GUEST] if is_guest else [_ROLES[role]]
            member_join(actor=self.actor, account=account, person_id=number, roles=roles)

    def _goals(self, cycle_id: int, serves: SubjectRef) -> Mapping[str, int]:
        rows = list(self._goal_rows(cycle_id, serves))
        done = 0

        def told(count: int) -> None:
            nonlocal done
            done += count
            self.report("Goals", done, len(rows))

        return _taken(goals_write_bulk(actor=self.actor, goals=rows, on_progress=told)).ids

    def _goal_rows(self, cycle_id: int, serves: SubjectRef) -> Iterator[BulkGoal]:
        shape = self.shape
        people = list(
            apps.get_model("people", "UnitMembership")
            .objects.filter(person__external_id__startswith="L")
            .order_by("person__external_id")
            .values_list("person_id", "unit_id")
        )
        starts_on = self.calendar.day(-7 * WEEKS_GONE)
        number = 0
        for objective, parents in shape.parents_of():
            person_id, unit_id = people[objective * shape.people // shape.objectives]
            is_top = not parents
            fields = GoalFields(
                title=f"Objective {objective + 1}: wards wait less for what they need",
                level="organisation" if is_top else "unit",
                unit_id=None if is_top else unit_id,
                owner_id=person_id,
                cycle_id=cycle_id,
                serves=serves,
            )
            records = tuple(ParentRecord(f"O{above + 1}") for above in parents)
            yield BulkGoal(f"O{objective + 1}", fields, parents=records, state="active", on=starts_on)
            for _ in range(shape.key_results_of(objective)):
                yield self._key_result_row(number, f"O{objective + 1}", person_id)
                number += 1

    def _key_result_row(self, number: int, objective: str, owner_id: int) -> BulkGoal:
        fields = GoalFields(title=f"Key result {number + 1}: minutes until somebody answers", owner_id=owner_id)
        if number % 5 == 3:
            terms = KeyResultTerms(fields.title, "decrease_to", baseline=100.0, target=20.0, metric_unit="minutes")
        elif number % 10 == 9:
            terms = KeyResultTerms(fields.title, "keep_within", low=0.0, high=60.0, metric_unit="minutes")
        else:
            terms = KeyResultTerms(fields.title, "increase_to", baseline=0.0, target=100.0, metric_unit="percent")
        return BulkGoal(f"K{number + 1}", fields, kind="key_result", part_of=objective, terms=terms, state="active")

    def _readings(self, ids: Mapping[str, int]) -> None:
        done, total = 0, self.shape.readings

        def told(count: int) -> None:
            nonlocal done
            done += count
            self.report("Readings", done, total)

        _taken(checkins_write_bulk(actor=self.actor, check_ins=self._reading_rows(ids), on_progress=told))

    def _reading_rows(self, ids: Mapping[str, int]) -> Iterator[BulkCheckIn]:
        days = [self.calendar.day(-7 * week - 1) for week in range(WEEKS_GONE)]
        owners = dict(
            apps.get_model("goals", "Goal")
            .objects.filter(kind="key_result")
            .values_list("id", "owner_id")
            .iterator(chunk_size=5000)
        )
        for number in range(self.shape.key_results):
            goal_id = ids[f"K{number + 1}"]
            count = self.shape.readings_of(number)
            step = 1.0 + number % 3
            is_down = number % 5 == 3
            for place in range(count):
                way = step * place * 0.9
                yield BulkCheckIn(
                    goal_id=goal_id,
                    on=days[count - 1 - place],
                    value=100.0 - way if is_down else way,
                    confidence_0_1=0.3 + 0.1 * ((number + place) % 7),
                    status=_STATUSES[(number + place) % 5],
                    by_person_id=owners[goal_id],
                )

    def _share(self, ids: Mapping[str, int]) -> None:
        """One goal for the guest."""
        goal = SubjectRef("goals.goal", ids["O1"])
        share_with_guest(actor=self.actor, subject=goal, email=self.emails["guest"], name="Guest of the large demo")


def _taken(result: BulkResult) -> BulkResult:
    if result.problems:
        raise RuntimeError(f"A row of the large demo was not taken: {result.problems[0].reason}")
    return result
