"""Who at the demo company has read its policy, what its objectives' owners decided, and what people say of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from answerable.events.record import event_of, record_all
from answerable.people.models import Role, User
from answerable.policy.actions.comments import add_comment
from answerable.policy.models import Acknowledgement, Attempt, Comment, Question, Review, Version
from answerable.policy.review_days import next_reminder, zone_of
from answerable.site.demo.company import STAFF, Founded
from answerable.site.demo.customers import Customer

NOT_YET = ("daniyar", "oskar")
"""Two who have not acknowledged the version in force; the second has opened it and answered wrongly."""
LEARNING = (Role.LEAD, Role.AGENT, Role.ANALYST)
# question, choices, places of the right ones, why
QUESTIONS: tuple[tuple[str, tuple[str, ...], tuple[int, ...], str], ...] = (
    (
        "A reader in Tbilisi writes at 09:30, Tbilisi time. When does the clock begin to run?",
        ("At 09:30", "At 10:00, when the desk in Tbilisi opens", "At 11:00, when Riga opens"),
        (1,),
        "Each desk promises in its own office hours now: Tbilisi works from 10:00 to 19:00.",
    ),
    (
        "How soon does a member of the book club have a first answer?",
        ("Within 2 working hours", "Within 4 working hours", "Within a day"),
        (0,),
        "Members wait half as long as everybody else.",
    ),
    (
        "When does the clock of “We solve your request within 3 working days” rest?",
        ("While we wait for the customer", "While we wait for a third party", "While a colleague has lunch"),
        (0, 1),
        "The promise says so itself: time spent waiting for the customer or for a third party does not count.",
    ),
)
# language, part, key, days ago, words
OF_CUSTOMERS = (
    (
        "en",
        "standard",
        "first-response",
        21,
        "Four hours are fine, but please say so in the first automatic mail, too.",
    ),
    ("lv", "standard", "resolution", 17, "Trīs dienas ir godīgi. Galvenais, ka jūs par to arī atgādināt."),
    ("ka", "standard", "first-response", 12, "კარგია, რომ თბილისის დროით ითვლით. გმადლობთ!"),
    ("kk", "standard", "resolution", 8, "Үш күн ұзақтау, бірақ уәдеде тұрғандарыңыз қуантады."),
    ("lv", "standard", "club-first-response", 5, "Divas stundas tiešām pietiek. Paldies, ka domājat par mums!"),
)
# who, part, key, days ago, words, who answered, the answer
OF_STAFF = (
    (
        "edgars",
        "standard",
        "resolution",
        19,
        "Lost parcels take the carrier ten days. We put them on hold, but readers don't see why.",
        "marta",
        "True. The text about being on hold now names the carrier's own deadline.",
    ),
    (
        "priya",
        "objective",
        "answer-soon",
        10,
        "On Mondays we are at five hours. One more person until noon would do.",
        "",
        "",
    ),
    ("aigerim", "objective", "solve", 6, "Two days are too few where a book has to be ordered from abroad.", "", ""),
)


def learn(company: Founded, customers: Mapping[str, Sequence[Customer]], *, now: datetime, random: Random) -> None:
    """Rows and their events, as the actions would have left them; nobody is mailed."""
    _teach(company, now=now, random=random)
    _review(company, now=now)
    _comment(company, customers, now=now)


def _teach(company: Founded, *, now: datetime, random: Random) -> None:
    (first_at, first), (at, version) = company.versions[0], company.versions[-1]
    questions = _ask(version, by=company.administrator, at=at - timedelta(days=1))
    people = {each.email: company.staff[each.email] for each in STAFF if each.role in LEARNING}
    earlier = [_read(user, first, None, at=first_at, random=random) for user in people.values()]
    later = [
        _late(user, version, first, at=at, has_opened=key == NOT_YET[1])
        if key in NOT_YET
        else _read(user, version, first, at=at, random=random)
        for key, user in people.items()
    ]
    rows = Acknowledgement.objects.bulk_create([*earlier, *later])
    Attempt.objects.bulk_create(attempt for row in rows for attempt in _attempts(row, questions, random))
    record_all(
        event_of(
            "policy.acknowledged",
            subject=row,
            root=row.version,
            by=row.user,
            at=row.acknowledged_at,
            number=row.version.number,
            wrong=0,
        )
        for row in rows
        if row.acknowledged_at
    )


def _ask(version: Version, *, by: User, at: datetime) -> list[Question]:
    return Question.objects.bulk_create(
        Question(
            version=version,
            place=place,
            text=text,
            choices=list(choices),
            right=list(right),
            explanation=why,
            by=by,
            changed_at=at,
        )
        for place, (text, choices, right, why) in enumerate(QUESTIONS, 1)
    )


def _read(user: User, version: Version, since: Version | None, *, at: datetime, random: Random) -> Acknowledgement:
    read_at = at + timedelta(minutes=random.randint(30, 4 * 24 * 60))
    return Acknowledgement(
        user=user,
        version=version,
        since=since,
        assigned_at=at,
        read_at=read_at,
        acknowledged_at=read_at + timedelta(minutes=random.randint(3, 15)),
    )


def _late(user: User, version: Version, since: Version, *, at: datetime, has_opened: bool) -> Acknowledgement:
    return Acknowledgement(
        user=user,
        version=version,
        since=since,
        assigned_at=at,
        read_at=at + timedelta(days=3, hours=2) if has_opened else None,
        reminded_at=at + timedelta(days=7),
        reminders=2,
    )


def _attempts(row: Acknowledgement, questions: Sequence[Question], random: Random) -> list[Attempt]:
    """Some need two: the first of the questions is the hard one."""
    if row.read_at is None or row.version_id != questions[0].version_id:
        return []
    right = {str(question.pk): question.right for question in questions}
    hard = questions[0]
    wrong = Attempt(
        acknowledgement=row,
        at=row.read_at + timedelta(minutes=2),
        answers={**right, str(hard.pk): [0]},
        wrong=[hard.pk],
    )
    if row.acknowledged_at is None:
        return [wrong]
    last = Attempt(acknowledgement=row, at=row.acknowledged_at, answers=right)
    return [wrong, last] if random.random() < 0.3 else [last]


def _review(company: Founded, *, now: datetime) -> None:
    """One objective kept, one changed by the version in force, one overdue, one to come."""
    (_first_at, first), (at, version) = company.versions[0], company.versions[-1]
    marta, sofia, ada = company.staff["marta"], company.staff["sofia"], company.administrator
    kept_at, changed_at = at + timedelta(days=9, hours=3), at - timedelta(days=4, hours=-2)
    kept_next, changed_next = _day(kept_at, 90), _day(changed_at, 90)
    overdue, planned = _day(now, -6), _day(at, 180)
    Review.objects.bulk_create(
        [
            _decided(
                "answer-soon",
                version,
                marta,
                due_on=_day(kept_at, 1),
                opened_at=at,
                decided_at=kept_at,
                decision=Review.Decision.KEEP,
                words="Half of our readers had an answer within three hours, in every language. It stays as it is.",
                next_on=kept_next,
            ),
            _decided(
                "keep-promises",
                first,
                ada,
                due_on=_day(changed_at, 0),
                opened_at=first.in_force_at or at,
                decided_at=changed_at,
                decision=Review.Decision.CHANGE,
                words="Tbilisi and Almaty were measured by the hours of Riga. Each desk gets hours of its own.",
                next_on=changed_next,
                draft=version,
            ),
            _to_come("answer-soon", version, marta, kept_next, opened_at=kept_at, now=now),
            _to_come("keep-promises", version, ada, changed_next, opened_at=changed_at, now=now),
            _to_come("solve", version, marta, overdue, opened_at=at, now=now, reminders=2),
            _to_come("satisfied", version, sofia, planned, opened_at=at, now=now),
        ]
    )


def _decided(objective: str, version: Version, owner: User, **more: Any) -> Review:
    return Review(objective=objective, version=version, owner=owner, by=owner, **more)


def _to_come(
    objective: str,
    version: Version,
    owner: User,
    due_on: date,
    *,
    opened_at: datetime,
    now: datetime,
    reminders: int = 0,
) -> Review:
    """Who has been reminded was so six days ago."""
    return Review(
        objective=objective,
        version=version,
        owner=owner,
        due_on=due_on,
        opened_at=opened_at,
        remind_at=next_reminder(due_on, zone_of(owner), now),
        reminded_at=now - timedelta(days=6) if reminders else None,
        reminders=reminders,
    )


def _comment(company: Founded, customers: Mapping[str, Sequence[Customer]], *, now: datetime) -> None:
    version = company.versions[-1][1]
    for number, (language, part, key, ago, text) in enumerate(OF_CUSTOMERS):
        contact = customers[language][number % len(customers[language])].contact if number else None
        add_comment(
            version=version,
            part=part,
            key=key,
            text=text,
            contact=contact,
            language=language,
            at=now - timedelta(days=ago, hours=number),
        )
    for who, part, key, ago, text, answered_by, answer in OF_STAFF:
        by, at = company.staff[who], now - timedelta(days=ago)
        comment = add_comment(version=version, part=part, key=key, text=text, by=by, language="en", at=at)
        if answer:
            answered_at = at + timedelta(days=1)
            Comment.objects.filter(pk=comment.pk).update(
                answer=answer, answered_at=answered_at, answered_by=company.staff[answered_by]
            )


def _day(at: datetime, days: int) -> date:
    return (at + timedelta(days=days)).date()
