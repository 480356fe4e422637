"""What customers will say when they are asked how it was."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from answerable.people.models import User
from answerable.site.demo.company import person_of
from answerable.site.demo.writing import Writer, Written

ANSWERS = 0.35
COMMENTS = 0.4
COMPLAINS = 0.3
"""Of those who are very dissatisfied."""
TOO_LONG = timedelta(hours=20)


@dataclass(frozen=True)
class Opinion:
    """A score of one to five, some time after the invitation; a comment and a complaint, or none."""

    after: timedelta
    score: int
    comment: str = ""
    complaint: str = ""
    remedy: tuple[User, Written] | None = None
    """Who answers the complaint, and what; none: nobody yet."""
    remedied_after: timedelta = timedelta(hours=20)


def opinion(writer: Writer, *, waited: timedelta, came_back: bool, praised: bool, lead: User) -> Opinion | None:
    """None for those who will not answer. Who waited long or had to come back is seldom satisfied."""
    random = writer.random
    answers = random.random() < ANSWERS * (1.4 if came_back else 1.0)
    happy = 0.98 if praised else 0.6 if came_back else 0.72 if waited > TOO_LONG else 0.91
    score = _score(random, random.random() < happy)
    comment = complaint = ""
    if random.random() < COMMENTS:
        comment = random.choice(writer.texts.delighted if score > 3 else writer.texts.disappointed)
    if score == 1 and random.random() < COMPLAINS:
        complaint = random.choice(writer.texts.complaints)
    after = timedelta(minutes=int(random.lognormvariate(5, 1.3)) + 2)
    remedy = (lead, writer.signed(random.choice(writer.texts.apologies), person_of(lead))) if complaint else None
    remedied_after = timedelta(minutes=random.randrange(90, 1600))
    return Opinion(after, score, comment, complaint, remedy, remedied_after) if answers else None


def _score(random: Random, satisfied: bool) -> int:
    return random.choices((4, 5), (35, 65))[0] if satisfied else random.choices((1, 2, 3), (30, 25, 45))[0]
