"""What happens in one conversation, from the first message to the end, step by step.

Made before it is played, to its end; the stage stops at the present, and what has not happened is the backlog.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log
from random import Random
from zoneinfo import ZoneInfo

from answerable.core.calendar import Calendar, add_business
from answerable.desk.models import Inbox, Priority, Status
from answerable.people.models import Team, User
from answerable.site.demo.company import ZONES, Founded, Person
from answerable.site.demo.opinions import opinion
from answerable.site.demo.steps import Assign, Move, Note, Prioritise, Receive, Reply, Script, Snooze, Step, Tag, Turn
from answerable.site.demo.writing import Writer, Written

FIRST_ANSWER_MINUTES = {False: 80.0, True: 55.0}
"""The median, in the desk's own hours: under the first policy, and since the second."""
NEXT_ANSWER_MINUTES = 120.0
SPREAD = 0.75  # sigma of the log-normal
SURGE_FACTOR = 2.6
CLUB_FACTOR = 0.5
CUSTOMER_HOURS = 4.0


@dataclass(frozen=True)
class Desk:
    """Who answers in a team, and when they work. Its inbox is none for a team that others hand over to."""

    team: Team
    inbox: Inbox | None
    agents: Sequence[tuple[User, Person]]
    hours: Calendar


@dataclass
class Plot:
    """A script being written: the time it has come to, and the steps so far."""

    desk: Desk
    writer: Writer
    random: Random
    at: datetime
    company: Founded
    pressed: float  # how much slower than usual
    agent: tuple[User, Person] = field(init=False)
    steps: list[Step] = field(default_factory=list)
    last_answer: Written = field(default_factory=lambda: Written(""))
    number: int = 0

    def __post_init__(self) -> None:
        self.agent = self.random.choice(self.desk.agents)

    @property
    def user(self) -> User:
        return self.agent[0]

    @property
    def person(self) -> Person:
        return self.agent[1]

    def asks(self) -> None:
        self._receive(self.at, self.writer.question())

    def follows_up(self) -> None:
        self._receive(self._customer_at(), self.writer.followup(self.last_answer, self.person, self.at))

    def says(self, sentences: Sequence[str], *, hours: float = CUSTOMER_HOURS) -> None:
        sentence = self.random.choice(sentences)
        self._receive(self._customer_at(hours), self.writer.said(sentence, self.last_answer, self.person, self.at))

    def answers(self, written: Written, then: str, *, minutes: float, first: bool = False) -> None:
        """The agent replies after so many minutes of work (the median); what is done just before comes before."""
        after = self.at
        replied_at = self._worked(after, minutes)
        prelude = self._prelude() if first else []
        rest = (replied_at - after) / (len(prelude) + 2)
        each = min(rest, timedelta(seconds=self.random.randrange(40, 300)))
        for number, step in enumerate(prelude):
            self.steps.append(step(_whole(replied_at - each * (len(prelude) - number))))
        self.steps.append(Reply(replied_at, self.user, written, then))
        self.last_answer, self.at = written, replied_at

    def turns(self, to: str, *, minutes: float) -> None:
        self.at = self._worked(self.at, minutes)
        self.steps.append(Turn(self.at, self.user, to))

    def notes(self, *mentioned: User) -> None:
        """An internal note, a little later."""
        text = self.writer.note()
        if mentioned:
            text = " ".join(f"@{user.email}" for user in mentioned) + " " + text
        self.at = _whole(self.at + timedelta(seconds=self.random.randrange(60, 400)))
        self.steps.append(Note(self.at, self.user, text, tuple(mentioned)))

    def prioritises(self, to: Priority) -> None:
        self.at = _whole(self.at + timedelta(seconds=self.random.randrange(30, 200)))
        self.steps.append(Prioritise(self.at, self.user, to))

    def sleeps(self, *, days: float) -> None:
        """Snoozed for some days; the next step comes after it has woken."""
        self.at = _whole(self.at + timedelta(seconds=self.random.randrange(20, 90)))
        until = _whole(add_business(self.desk.hours, self.at + timedelta(days=days), timedelta(minutes=5)))
        self.steps.append(Snooze(self.at, self.user, until))
        self.at = until

    def hands_over(self, desk: Desk) -> None:
        """To another team, where somebody takes it."""
        self.at = self._worked(self.at, 25)
        self.steps.append(Move(self.at, self.user, desk.team))
        self.desk, self.agent = desk, self.random.choice(desk.agents)

    def _prelude(self) -> list[Callable[[datetime], Step]]:
        user, tag, dice = self.user, self.writer.topic.tag, self.random.random()
        prelude: list[Callable[[datetime], Step]] = []
        if dice < 0.15 and self.user != (lead := self.lead()):
            prelude.append(lambda at: Assign(at, lead, user))
        elif dice < 0.7:
            prelude.append(lambda at: Assign(at, user, user))
        if self.random.random() < 0.85:
            prelude.append(lambda at: Tag(at, user, (tag,)))
        return prelude

    def lead(self) -> User:
        leads = {"georgian-desk": "nino", "kazakh-desk": "aigerim", "libraries": "sofia"}
        return self.company.staff[leads.get(self.desk.team.key, "marta")]

    def _receive(self, at: datetime, written: Written) -> None:
        self.number += 1
        domain = self.writer.customer.address.partition("@")[2]
        self.steps.append(
            Receive(at, written, f"<{self.writer.order.lower()}.{self.number}.{int(at.timestamp())}@{domain}>")
        )
        self.at = at

    def _worked(self, after: datetime, minutes: float) -> datetime:
        median = minutes * self.pressed * self.person.pace
        taken = timedelta(minutes=max(3.0, self.random.lognormvariate(log(median), SPREAD)))
        return max(_whole(add_business(self.desk.hours, after, taken)), _whole(after) + timedelta(seconds=30))

    def _customer_at(self, hours: float = CUSTOMER_HOURS) -> datetime:
        """Customers answer within hours, but seldom at night."""
        at = self.at + timedelta(hours=max(0.1, self.random.lognormvariate(log(hours), 0.9)))
        local = at.astimezone(ZoneInfo(ZONES[self.writer.language]))
        if local.hour < 7:
            at += timedelta(hours=8 - local.hour)
        return _whole(at)


def question_answered(plot: Plot) -> None:
    first_answer(plot, Status.SOLVED)


def asked_back(plot: Plot) -> None:
    first_answer(plot, Status.PENDING)
    plot.follows_up()
    _solution(plot)


def thanked(plot: Plot) -> None:
    asked_back(plot)
    plot.says(plot.writer.texts.thanks)
    plot.turns(Status.SOLVED, minutes=90)


def fell_silent(plot: Plot) -> None:
    first_answer(plot, Status.PENDING)
    plot.at += timedelta(days=3)
    plot.turns(Status.SOLVED, minutes=60)


def waited_for_others(plot: Plot) -> None:
    first_answer(plot, Status.ON_HOLD)
    plot.notes(plot.lead())
    plot.at += timedelta(days=plot.random.uniform(0.6, 2.0))
    plot.notes()
    _solution(plot)


def came_back(plot: Plot) -> None:
    asked_back(plot)
    plot.says(plot.writer.texts.still_waiting, hours=30)
    plot.prioritises(Priority.HIGH)
    plot.answers(
        plot.writer.signed(plot.random.choice(plot.writer.texts.apologies), plot.person),
        Status.SOLVED,
        minutes=NEXT_ANSWER_MINUTES,
    )


def slept(plot: Plot) -> None:
    first_answer(plot, Status.OPEN)
    plot.sleeps(days=1)
    _solution(plot)


Course = Callable[[Plot], None]
COURSES: tuple[tuple[Course, float], ...] = (
    (question_answered, 0.27),
    (asked_back, 0.30),
    (thanked, 0.13),
    (fell_silent, 0.08),
    (waited_for_others, 0.09),
    (came_back, 0.07),
    (slept, 0.06),
)
PRAISED = ((question_answered, 0.8), (thanked, 0.2))


def write_script(plot: Plot, *, inbox: Inbox, other_desk: Desk | None = None, course: Course | None = None) -> Script:
    """The whole course of a conversation that begins now; `other_desk` is who takes it over."""
    began_at = plot.at
    plot.asks()
    if other_desk is not None:
        plot.hands_over(other_desk)
    course = course or _course(plot)
    course(plot)
    answered_at = next(step.at for step in plot.steps if isinstance(step, Reply))
    return Script(
        inbox=inbox,
        customer=plot.writer.customer,
        subject=plot.writer.subject(),
        steps=plot.steps,
        opinion=opinion(
            plot.writer,
            waited=answered_at - began_at,
            came_back=course is came_back,
            praised=plot.writer.topic.key == "praise",
            lead=plot.lead(),
        ),
    )


def _course(plot: Plot) -> Course:
    courses = PRAISED if plot.writer.topic.key == "praise" else COURSES
    return plot.random.choices([each for each, _ in courses], [weight for _, weight in courses])[0]


def first_answer(plot: Plot, then: str) -> None:
    improved = plot.at >= plot.company.versions[-1][0]
    minutes = FIRST_ANSWER_MINUTES[improved]
    if plot.writer.customer.contact.segment_key == "club":
        minutes *= CLUB_FACTOR
    plot.answers(plot.writer.answer(plot.person), then, minutes=minutes, first=True)


def _solution(plot: Plot) -> None:
    plot.answers(plot.writer.solution(plot.person), Status.SOLVED, minutes=NEXT_ANSWER_MINUTES)


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
