"""Rows of cycles, goals and everything that hangs on a goal. Nothing here is deleted; rows end with a date."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from throughline.kernel.models import Confidentiality, OrgModel

_PERSON = "people.Person"


class Cycle(OrgModel):
    """A span in which goals are set, signed and reached. `step` is the furthest of the five guided steps begun."""

    confidentiality = Confidentiality.OPEN

    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # planning, running or closed; see rules.CycleState.
    state = models.CharField(max_length=12, default="planning")
    # weekly, fortnightly or monthly: how often its goals ask for a check-in unless a goal says otherwise.
    cadence = models.CharField(max_length=12, default="weekly")
    step = models.PositiveSmallIntegerField(default=1)
    note = models.TextField(blank=True, max_length=4000)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name"], name="cycle_name_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cycle_dates"),
            models.CheckConstraint(condition=Q(step__range=(1, 5)), name="cycle_step_1_5"),
        ]
        indexes = [models.Index(fields=["org", "-starts_on", "-id"], name="cycle_list")]

    def __str__(self) -> str:
        return self.name


class CycleStakeholder(OrgModel):
    """A stakeholder named for a cycle (step one of the five)."""

    confidentiality = Confidentiality.OPEN

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="stakeholders")
    stakeholder = models.ForeignKey("people.Stakeholder", on_delete=models.CASCADE, related_name="+")
    # What is wanted from them in this cycle: input, a signature, being told.
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "stakeholder"], name="cycle_stakeholder_once")]

    def __str__(self) -> str:
        return f"{self.stakeholder_id} for {self.cycle_id}"


class StrategicTheme(OrgModel):
    """A direction that goals belong to, for one cycle or standing."""

    confidentiality = Confidentiality.OPEN

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, max_length=4000)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, null=True, blank=True, related_name="themes")
    is_sustainability = models.BooleanField(default=False)
    dropped_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(_PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "title"], name="strategic_theme_once")]
        indexes = [models.Index(fields=["org", "dropped_on", "title"], name="strategic_theme_list")]

    def __str__(self) -> str:
        return self.title


class Goal(OrgModel):
    """An objective, or one of its parts: a key result or an initiative (`part_of` names the objective).

    One table, because parts share owner, dates, state, check-ins, comments and progress, and because a roll-up reads
    objectives and key results as one graph: `part_of` (weight on the part) and `Alignment` are its edges. A part's
    `unit`, `level`, `cycle` and `visibility` are its objective's, kept equal by the services so that lists need no join.
    The last block is derived: each check-in writes it for the key result and everything above it.
    """

    # Goals of the organisation and its units are open; a person's goal is its team's. The stricter class is named.
    confidentiality = Confidentiality.TEAM

    # objective, key_result or initiative.
    kind = models.CharField(max_length=12, default="objective")
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True, max_length=8000)
    # organisation, unit or person.
    level = models.CharField(max_length=12, default="unit")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # open or team.
    visibility = models.CharField(max_length=8, default="open")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, null=True, blank=True, related_name="goals")
    theme = models.ForeignKey(StrategicTheme, on_delete=models.PROTECT, null=True, blank=True, related_name="goals")
    serves_kind = models.CharField(max_length=60, blank=True)
    serves_id = models.BigIntegerField(null=True, blank=True)
    # See rules.GoalState. A part is active, closed (done) or dropped (removed); the rest is its objective's.
    state = models.CharField(max_length=12, default="candidate")
    # Of a part among its objective's parts; of an objective it is the weight offered when it is aligned.
    weight = models.FloatField(default=1.0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # weekly, fortnightly, monthly, or "" for the cycle's.
    cadence = models.CharField(max_length=12, blank=True)
    external_id = models.CharField(max_length=160, blank=True)
    position = models.PositiveIntegerField(default=0)
    # Stands under another goal today, by either rule; the others are where the tree begins.
    is_aligned = models.BooleanField(default=False)

    # A key result: increase_to, decrease_to, keep_within or milestones. Metric and unit also of objectives with amounts.
    measure = models.CharField(max_length=12, blank=True)
    baseline = models.FloatField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    metric_key = models.CharField(max_length=80, blank=True)
    metric_unit = models.CharField(max_length=40, blank=True)

    # The number of the newest GoalVersion, and of the version everyone asked has signed (0: none yet).
    version = models.PositiveIntegerField(default=1)
    signed_version = models.PositiveIntegerField(default=0)
    score_0_1 = models.FloatField(null=True, blank=True)
    retrospective = models.TextField(blank=True, max_length=8000)
    created_by = models.ForeignKey(_PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    progress = models.FloatField(default=0.0)
    progress_raw = models.FloatField(default=0.0)
    unread_share_0_1 = models.FloatField(default=1.0)
    # Nothing below it says anything about progress (no key result, no counting child).
    is_empty = models.BooleanField(default=True)
    # A key result has had a reading; an objective, something below it has.
    has_reading = models.BooleanField(default=False)
    amount = models.FloatField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    confidence_0_1 = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=12, blank=True)
    checked_in_on = models.DateField(null=True, blank=True)
    # The day the next check-in is due; null while none is expected.
    due_on = models.DateField(null=True, blank=True)
    # How far reminders for `due_on` went: 0 none, then the stages of rules.ReminderStage.
    reminded = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "external_id"], condition=~Q(external_id=""), name="goal_external_id_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="objective", part_of__isnull=True)
                | (Q(kind__in=["key_result", "initiative"], part_of__isnull=False) & ~Q(part_of=F("id"))),
                name="goal_parts_have_an_objective",
            ),
            models.CheckConstraint(condition=Q(weight__gte=0), name="goal_weight_not_negative"),
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=1), name="goal_progress_0_1"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="goal_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "kind", "title", "id"], name="goal_list"),
            models.Index(fields=["org", "cycle", "kind", "state", "id"], name="goal_cycle_state"),
            models.Index(fields=["org", "unit", "kind", "id"], name="goal_unit"),
            models.Index(fields=["org", "owner", "due_on"], name="goal_owner_due"),
            models.Index(fields=["org", "due_on", "id"], name="goal_due"),
            models.Index(fields=["org", "serves_kind", "serves_id"], name="goal_serves"),
            models.Index(fields=["org", "kind", "progress", "id"], name="goal_progress"),
            # Few among very many: the organisation's own goals, and those that only a team reads.
            models.Index(
                fields=["org", "progress", "title", "id"],
                condition=Q(kind="objective", level="organisation"),
                name="goal_of_organisation",
            ),
            models.Index(fields=["org", "kind", "title", "id"], condition=Q(is_aligned=False), name="goal_roots"),
            models.Index(
                fields=["org", "cycle", "kind", "state"], condition=Q(visibility="team"), name="goal_cycle_team"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_objective(self) -> bool:
        return self.kind == "objective"

    @property
    def objective_id(self) -> int:
        """The objective whose text, signatures and visibility this belongs to: itself, or the one it is part of."""
        return self.part_of_id if self.part_of_id is not None else self.pk

    @property
    def direction(self) -> str:
        """Where the number should go: up, down, within or "" (milestones and objectives)."""
        return {"increase_to": "up", "decrease_to": "down", "keep_within": "within"}.get(self.measure, "")


class GoalCoOwner(OrgModel):
    """A person who owns an objective together with its owner."""

    confidentiality = Confidentiality.TEAM

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="co_owners")
    person = models.ForeignKey(_PERSON, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "person"], name="goal_co_owner_once")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.goal_id}"


class GoalStakeholder(OrgModel):
    """A stakeholder who must sign an objective."""

    confidentiality = Confidentiality.TEAM

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="named_stakeholders")
    stakeholder = models.ForeignKey("people.Stakeholder", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "stakeholder"], name="goal_stakeholder_once")]

    def __str__(self) -> str:
        return f"{self.stakeholder_id} of {self.goal_id}"


class GoalStep(OrgModel):
    """One change of a goal's state, with its reason."""

    confidentiality = Confidentiality.TEAM

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="steps")
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    reason = models.TextField(blank=True, max_length=2000)
    by_person = models.ForeignKey(_PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["goal", "on", "id"], name="goal_step_history")]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.to_state}"


class Milestone(OrgModel):
    """One step of a key result that is counted by milestones."""

    confidentiality = Confidentiality.TEAM

    key_result = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=200)
    weight = models.FloatField(default=1.0)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(weight__gte=0), name="milestone_weight")]
        indexes = [models.Index(fields=["key_result", "position", "id"], name="milestone_list")]

    def __str__(self) -> str:
        return self.title


class Alignment(OrgModel):
    """A child objective under a parent objective from `starts_on` to before `ends_on`.

    Only contributing ones count. `weight` is the child's weight among the parts and children of the parent; for
    amounts the same weights, over the child's parents with its metric, become shares.
    """

    confidentiality = Confidentiality.TEAM

    child = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="alignments_up")
    parent = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="alignments_down")
    # contributes or supports.
    rule = models.CharField(max_length=12, default="contributes")
    weight = models.FloatField(default=1.0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "parent"], condition=Q(ends_on__isnull=True), name="alignment_open_once"
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="alignment_of_two"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="alignment_weight"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="alignment_dates"
            ),
        ]
        # Every check-in walks up and reads all that is directly below: from the index alone.
        indexes = [
            models.Index(
                fields=["child", "rule", "parent", "weight"],
                condition=Q(ends_on__isnull=True),
                name="alignment_upwards",
            ),
            models.Index(
                fields=["parent", "rule", "child", "weight"], condition=Q(ends_on__isnull=True), name="alignment_below"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.rule} {self.parent_id}"


class Dependency(OrgModel):
    """Something an objective needs from somebody else, who answers for it."""

    confidentiality = Confidentiality.TEAM

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="dependencies")
    provider_goal = models.ForeignKey(Goal, on_delete=models.CASCADE, null=True, blank=True, related_name="promised_to")
    provider = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=600)
    needed_on = models.DateField(null=True, blank=True)
    # requested, accepted, declined, at_risk or delivered; see rules.DependencyState.
    state = models.CharField(max_length=12, default="requested")
    answer = models.TextField(blank=True, max_length=2000)
    requested_by = models.ForeignKey(_PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(provider_goal__isnull=True) | ~Q(goal=F("provider_goal")), name="dependency_of_two"
            )
        ]
        indexes = [models.Index(fields=["org", "provider", "state"], name="dependency_waiting")]

    def __str__(self) -> str:
        return self.text


class GoalVersion(OrgModel):
    """An objective with its parts as it was at one version: exact text, the same as data, and a digest. Never changed."""

    confidentiality = Confidentiality.TEAM

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(_PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True, max_length=2000)
    is_editorial = models.BooleanField(default=False)
    # What changed against the version before: values of ledger.subjects.ChangeKind.
    changes = models.JSONField(default=list)
    on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "number"], name="goal_version_once")]

    def __str__(self) -> str:
        return f"{self.goal_id} version {self.number}"


class CheckIn(OrgModel):
    """A reading with the chance of reaching the target, a status and a note. A correction is a new row; the old stays."""

    confidentiality = Confidentiality.TEAM

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="checkins", db_index=False)
    # Null where only confidence and status are stated (objectives, initiatives, milestones).
    value = models.FloatField(null=True, blank=True)
    confidence_0_1 = models.FloatField(null=True, blank=True)
    # on_track, at_risk or off_track.
    status = models.CharField(max_length=12, blank=True)
    note = models.TextField(blank=True, max_length=4000)
    on = models.DateField()
    by_person = models.ForeignKey(_PERSON, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    # The later check-in that stands in place of this one.
    corrected_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence_0_1__isnull=True) | Q(confidence_0_1__gte=0, confidence_0_1__lte=1),
                name="checkin_confidence_0_1",
            )
        ]
        indexes = [models.Index(fields=["goal", "-on", "-id"], name="checkin_of_goal")]

    def __str__(self) -> str:
        return f"{self.goal_id} on {self.on}"


class Comment(OrgModel):
    """What somebody said about a goal. A withdrawn comment keeps its place and loses its text."""

    confidentiality = Confidentiality.TEAM

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(max_length=4000)
    by_person = models.ForeignKey(_PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["goal", "id"], name="comment_of_goal")]

    def __str__(self) -> str:
        return f"{self.by_person_id} on {self.goal_id}"


class CommentMention(OrgModel):
    """A person named in a comment."""

    confidentiality = Confidentiality.TEAM

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(_PERSON, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="comment_mention_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.comment_id}"
