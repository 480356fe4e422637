"""What happened is put before the rules, and what they say is done: at least once, and never twice.

The database owes each event to the rules (see `DueRule`) in the transaction that leaves it. A batch of these is
answered in one transaction, which also ends what was owed: a worker killed in the middle has done nothing, one killed
afterwards all of it. Facts are fetched for the whole batch; a conversation is locked only where a rule may fire.

A rule that fails is switched off, and the others go on: the batch is done again, each event and each rule alone, so
that it is known which it was.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from answerable.core.criteria import Fact, holds
from answerable.core.rules.deciding import CUT, Cause, Decision, Verdict, decide
from answerable.desk.actions.held import Held, hold_all, keep_all
from answerable.desk.actions.rules import break_rule, tell_of_cut
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, DueRule, Firing, Rule, Status
from answerable.desk.rules.compiled import Compiled, compile_rule
from answerable.desk.rules.facts import Surroundings
from answerable.desk.steps import Broken, Outcome, Steps
from answerable.events.models import Event
from answerable.events.setbacks import OUTAGE
from answerable.people.standing_in import StandIns

BATCH = 100
APART = (Status.MERGED, Status.BESIDE)
"""No rule is asked about them: nothing stands in the one any more, and in the other a third party would read it."""
SHOWN = Conversation.objects.select_related("team").exclude(status__in=APART)
logger = logging.getLogger(__name__)


class Stuck(Exception):
    """These events can't be put before the rules, and no rule is to blame."""

    def __init__(self, events: Sequence[int]) -> None:
        super().__init__(f"events {', '.join(map(str, events))}")
        self.events = events


class Failed(Exception):
    """A rule can't be carried out, and why."""

    def __init__(self, rule: int, why: str) -> None:
        super().__init__(why)
        self.rule, self.why = rule, why


@dataclass(frozen=True)
class Moment:
    """One conversation before the rules: because of an event, or because a time has come (`cause` names it)."""

    conversation: int
    event: Event | None = None
    cause: str = ""

    @property
    def began(self) -> str:
        """What the chain of effects began with."""
        return str(self._rule.get("cause")) if self._rule else self.cause or f"event-{self.event and self.event.pk}"

    @property
    def depth(self) -> int:
        return int(str(self._rule["depth"])) if self._rule else 0

    @property
    def _rule(self) -> Mapping[str, object]:
        """The rule that did it, if one did."""
        found = self.event.particulars.get("rule") if self.event else None
        return found if isinstance(found, dict) else {}


def fire_due() -> float | None:
    """Put a batch of events before the rules. Seconds until the next call is wanted (None: when something happens)."""
    try:
        done = _answer(BATCH)
    except Failed as failed:
        break_rule(failed.rule, why=failed.why)
        done = 1
    except Stuck as stuck:
        logger.info("rules failed together (%s); the first event goes alone", stuck.__cause__)
        done = _answer_first()
    return 0.0 if done else None


def _answer_first() -> int:
    """One event, and each rule's work written down before the next is asked."""
    try:
        return _answer(1, alone=True)
    except Failed as failed:
        break_rule(failed.rule, why=failed.why)
    except Stuck as stuck:  # it is set aside, with the reason, and holds up nobody
        logger.exception("%s can't be put before the rules", stuck)
        DueRule.objects.filter(event__in=stuck.events).delete()
    return 1


def fire(moments: Sequence[Moment], rules: Sequence[Compiled], *, now: datetime, alone: bool = False) -> int:
    """Put these before the rules, in the caller's transaction; how many fired. Raises Failed."""
    events = [moment.event for moment in moments if moment.event is not None]
    wanted = frozenset().union(*(rule.fields for rule in rules))
    rows = SHOWN.in_bulk({moment.conversation for moment in moments})
    around = Surroundings.of(rows.values(), events, wanted, now)
    open_to = [moment for moment in moments if moment.conversation in rows]
    likely = [moment for moment in open_to if _any_fits(moment, rows[moment.conversation], rules, around)]
    if not likely:
        return 0
    work = _Work(rules, around, Steps(StandIns(now)), hold_all(moment.conversation for moment in likely), alone)
    work.remember(likely)
    for moment in likely:
        work.put(moment)
    keep_all(work.held.values())
    Firing.objects.bulk_create(work.firings)
    return sum(firing.verdict == Verdict.FIRES for firing in work.firings)


def compiled_rules(rows: Iterable[Rule]) -> list[Compiled]:
    """Those that can be read. Raises Failed for the first that can't."""
    return [_compiled(row) for row in rows]


def _answer(limit: int, *, alone: bool = False) -> int:
    """How many events were answered. Raises Failed where a rule is to blame, else Stuck."""
    owed: list[int] = []
    try:
        with transaction.atomic():
            due = DueRule.objects.select_for_update(skip_locked=True).order_by("event")[:limit]
            owed += due.values_list("event", flat=True)
            if owed:
                _put_before_rules(owed, alone=alone)
    except (*OUTAGE, Failed):
        raise
    except Exception as error:
        if not owed:
            raise
        raise Stuck(owed) from error
    return len(owed)


def _put_before_rules(owed: Sequence[int], *, alone: bool) -> None:
    rules = [rule for rule in compiled_rules(Rule.objects.enabled()) if rule.row.verbs]
    events = Event.objects.filter(pk__in=owed).order_by("id")
    moments = [Moment(_number(event), event) for event in events if _is_told(event)]
    if rules and moments:
        fire(moments, rules, now=timezone.now(), alone=alone)
    DueRule.objects.filter(event__in=owed).delete()


@dataclass
class _Work:
    """A batch on its way."""

    rules: Sequence[Compiled]
    around: Surroundings
    steps: Steps
    held: dict[int, Held]
    alone: bool
    firings: list[Firing] = field(default_factory=list)
    _fired: dict[tuple[int, str], set[int]] = field(default_factory=dict)

    def remember(self, moments: Iterable[Moment]) -> None:
        """Which rules have fired for what these began with: a query, where any is an effect or may be a repetition."""
        causes = {moment.began for moment in moments if moment.depth or moment.event is None}
        if causes:
            rows = Firing.objects.filter(conversation__in=self.held, cause__in=causes, verdict=Verdict.FIRES)
            for conversation, cause, rule in rows.values_list("conversation_id", "cause", "rule_id"):
                self._fired.setdefault((conversation, cause), set()).add(rule)

    def put(self, moment: Moment) -> None:
        """Before each rule that looks at such a thing."""
        if moment.conversation not in self.held or self.held[moment.conversation].conversation.status in APART:
            return
        asked = {rule.row.pk: rule for rule in self.rules if _looks_at(rule, moment)}
        fired = self._fired.setdefault((moment.conversation, moment.began), set())
        conversation = self.held[moment.conversation].conversation
        decisions = decide(
            [rule.asked for rule in asked.values()],
            inbox=conversation.inbox_id,
            facts=lambda: self._facts(moment),
            cause=Cause(moment.depth, fired),
        )
        for decision in decisions:
            rule = asked[decision.rule.key]
            if decision.verdict is Verdict.FIRES:
                fired.add(rule.row.pk)
                self._carry_out(rule, moment, decision)
            elif decision.verdict in CUT and moment.event is not None:
                self._cut(rule, moment, decision)

    def _facts(self, moment: Moment) -> Mapping[str, Fact]:
        return self.around.facts(self.held[moment.conversation].conversation, moment.event)

    def _carry_out(self, rule: Compiled, moment: Moment, decision: Decision) -> None:
        held = self.held[moment.conversation]
        held.because = {"rule": _trace(rule.row, moment)}
        try:
            outcomes = [self._take(rule, number, held) for number in range(len(rule.steps))]
            held.record("rule.fired", by=None, outcomes=outcomes)
            if self.alone:  # so that what can't be written is known to be this rule's
                keep_all([held])
                self.held |= hold_all([moment.conversation])
        except OUTAGE:
            raise
        except Failed:
            raise
        except Exception as error:
            why = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
            raise Failed(rule.row.pk, why) from error
        finally:
            held.because = {}
        self._write_down(rule, moment, decision, outcomes)

    def _take(self, rule: Compiled, number: int, held: Held) -> Outcome:
        """What can't be done to this conversation is said, and the next step is taken."""
        step = rule.steps[number]
        try:
            return self.steps.take(step, held, rule=rule.row.name)
        except Broken:
            raise
        except Refused as refusal:
            return {"do": str(step.do), "error": str(refusal)}

    def _cut(self, rule: Compiled, moment: Moment, decision: Decision) -> None:
        held = self.held[moment.conversation]
        self._write_down(rule, moment, decision, [])
        held.because = {"rule": _trace(rule.row, moment)}
        held.record("rule.cut", by=None, verdict=str(decision.verdict))
        held.because = {}
        tell_of_cut(held, rule.row)

    def _write_down(self, rule: Compiled, moment: Moment, decision: Decision, outcomes: list[Outcome]) -> None:
        self.firings.append(
            Firing(
                rule=rule.row,
                version=rule.row.number,
                conversation_id=moment.conversation,
                verdict=Firing.Verdict(decision.verdict.value),
                event=moment.event.pk if moment.event else None,
                cause=moment.began,
                depth=moment.depth,
                seen=list(decision.seen),
                outcomes=outcomes,
                at=self.around.now,
            )
        )


def _any_fits(moment: Moment, row: Conversation, rules: Sequence[Compiled], around: Surroundings) -> bool:
    """Whether any rule may fire: told without locking anything."""
    facts = around.facts(row, moment.event)
    return any(
        _looks_at(rule, moment)
        and (not rule.asked.inboxes or row.inbox_id in rule.asked.inboxes)
        and holds(rule.conditions, facts)
        for rule in rules
    )


def _looks_at(rule: Compiled, moment: Moment) -> bool:
    return moment.event is None or moment.event.verb in rule.row.verbs


def _compiled(row: Rule) -> Compiled:
    try:
        return compile_rule(row)
    except Broken as broken:
        raise Failed(row.pk, str(broken)) from broken


def _is_told(event: Event) -> bool:
    """Automatic messages move nothing: no rule is asked about them, lest two machines answer each other."""
    return event.root.startswith("conversation-") and not event.particulars.get("automatic")


def _number(event: Event) -> int:
    return int(event.root.removeprefix("conversation-"))


def _trace(rule: Rule, moment: Moment) -> dict[str, object]:
    """Goes into each event that the rule leaves."""
    about = {"id": rule.pk, "name": rule.name, "version": rule.number}
    return about | {"cause": moment.began, "depth": moment.depth + 1}
