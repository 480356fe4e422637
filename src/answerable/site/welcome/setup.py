"""Setting a company up. Each app has its own part in it; only here do they meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.desk.actions.inboxes import add_inbox
from answerable.desk.models import Inbox
from answerable.people.actions.company import set_up_company
from answerable.people.models import User
from answerable.policy.actions import load_default
from answerable.policy.actions.published import add_starting_set

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class MailIn(models.TextChoices):
    LISTENER = "listener", gettext_lazy("It is delivered here: our mail server forwards it to this machine")
    MAILBOX = "mailbox", gettext_lazy("It is fetched from a mailbox by IMAP; I give its password next")
    LATER = "later", gettext_lazy("I decide later")


@dataclass(frozen=True)
class Answers:
    """What the first page asks. `days` are the weekdays open (monday, ...), in the company's time zone."""

    company: str
    country: str
    time_zone: str
    days: Sequence[str]
    opens: time
    closes: time
    name: str
    email: str
    password: str
    language: str
    address: str
    mail_in: str


@dataclass(frozen=True)
class Begun:
    """What there is after the four questions: who may do everything, and where customers write to."""

    administrator: User
    inbox: Inbox


def set_up(answers: Answers) -> Begun:
    """The company, its first team, person and inbox, and the policy it begins with, or nothing at all.

    Raises Refused when there is a company already.
    """
    with translation.override(answers.language), transaction.atomic():
        founding = set_up_company(
            name=answers.company,
            country=answers.country,
            time_zone=answers.time_zone,
            language=answers.language,
            person=answers.name,
            email=answers.email,
            password=answers.password,
        )
        inbox = add_inbox(
            name=_("Support"),
            address=answers.address,
            team=founding.support,
            language=answers.language,
            region=answers.country,
            by=founding.administrator,
        )
        load_default(founding.company, by=founding.administrator, week=_week(answers))
        add_starting_set(by=founding.administrator)
    return Begun(founding.administrator, inbox)


def _week(answers: Answers) -> dict[str, list[str]]:
    """Intervals by weekday, as the policy document writes them."""
    open_time = f"{answers.opens:%H:%M}-{answers.closes:%H:%M}"
    return {day: [open_time] if day in answers.days else [] for day in WEEKDAYS}
