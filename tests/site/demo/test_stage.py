"""A conversation made in bulk is the one that the actions and the timers would have made."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, models, transaction

from answerable.core.words import lexemes
from answerable.desk.models import Attachment, Clock, Conversation, Delivery, Escalation, Message, Notice
from answerable.events.models import Event, noun
from answerable.feedback.models import Invitation, Rating
from answerable.site.demo.company import found, office_hours
from answerable.site.demo.customers import make_customers
from answerable.site.demo.desks import Desks
from answerable.site.demo.progress import Progress
from answerable.site.demo.scripts import COURSES, Plot, write_script
from answerable.site.demo.stage import SETTLED, Stage
from answerable.site.demo.steps import Script
from answerable.site.demo.writing import Writer
from tests.site.demo.performing import Performance

BEGAN = datetime(2026, 8, 3, 6, tzinfo=UTC)
CHANGED = datetime(2026, 9, 7, 6, tzinfo=UTC)
UNTIL = datetime(2026, 10, 30, 12, tzinfo=UTC)
TOPICS = ("late_parcel", "refund", "wrong_book", "invoice", "praise")
NUMBERS = ("clock", "message", "follow_up", "follows")  # particulars that name rows by their numbers


@pytest.fixture
def play(db: None) -> tuple[Stage, list[Script]]:
    """Every course in every language, under both policies, some in a hurry and some not yet over."""
    company = found(at=BEGAN, changed_at=CHANGED, password_hash="!")
    customers = make_customers(company, number=100, at=BEGAN, random=Random(1))
    desks, scripts, courses = Desks(company, office_hours()), [], len(COURSES) * 2
    for language, known in customers.items():
        for number, customer in enumerate(known[:courses]):
            random = Random(f"{language}{number}")
            at = UNTIL - timedelta(hours=9) if number == 3 else BEGAN + timedelta(days=3 + 5 * number, minutes=number)
            topic = TOPICS[number % len(TOPICS)]
            desk = desks.chosen(customer, topic, random)
            plot = Plot(desk, Writer(customer, topic, random), random, at, company, pressed=1 + 4 * (number % 3 == 0))
            assert desk.inbox
            other, course = desks.handed_to(desk, topic, random), COURSES[number % len(COURSES)][0]
            scripts.append(write_script(plot, inbox=desk.inbox, other_desk=other, course=course))
    return Stage(company.versions), scripts


def test_it_equals_what_the_actions_make(play: tuple[Stage, list[Script]]) -> None:
    stage, scripts = play[0], play[1][::8]  # each course once, in all languages
    with transaction.atomic():
        Performance(UNTIL - SETTLED, changed_at=CHANGED).play(scripts)
        performed = told()
        transaction.set_rollback(True)
    stage.play(scripts, until=UNTIL, progress=Progress()).save(Progress())
    bulk = told()
    assert bulk.keys() == performed.keys()
    for key in performed:
        for part in performed[key]:
            assert bulk[key][part] == performed[key][part], (key, part)


def test_the_scripts_take_every_course(play: tuple[Stage, list[Script]]) -> None:
    """So that the comparison compares something."""
    stage, scripts = play
    stage.play(scripts, until=UNTIL, progress=Progress()).save(Progress())
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert verbs >= {
        "conversation.reopened",
        "conversation.moved",
        "conversation.snoozed",
        "conversation.woken",
        "conversation.prioritised",
        "conversation.rated",
        "conversation.commented",
        "clock.breached",
        "clock.escalated",
        "clock.cancelled",
        "note.added",
        "message.handed_over",
    }
    assert set(Clock.objects.values_list("version__number", flat=True)) == {1, 2}
    assert Attachment.objects.exists()


def told() -> dict[Any, Any]:
    """Every column of every conversation, without the numbers of rows."""
    return {
        (row.contact_id, row.subject): {
            "row": columns(row, "id", "follows_id"),
            "follows": row.follows and row.follows.subject,
            "words": words(row),
            "messages": [message(each) for each in row.messages.order_by("created_at", "id")],
            "clocks": [clock(each) for each in row.clocks.order_by("started_at", "kind")],
            "events": sorted(event(each) for each in Event.objects.filter(root=noun(row))),
            "notices": sorted(notice(each) for each in Notice.objects.filter(conversation=row)),
            "invitations": [
                columns(each, "id", "message_id", "conversation_id")
                for each in Invitation.objects.filter(conversation=row)
            ],
            "ratings": [
                columns(each, "id", "invitation_id", "complaint_id")
                for each in Rating.objects.filter(invitation__conversation=row)
            ],
        }
        for row in Conversation.objects.select_related("follows")
    }


def columns(row: models.Model, *but: str) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname not in but
    }


def message(row: Message) -> list[Any]:
    but = ["id", "conversation_id"]
    if row.kind == "outbound":
        but.append("external_id")  # signed, with its number in it
        assert row.external_id
    if row.automatic:
        but += ["text", "html"]  # links with the invitation's number in it
        assert "/rating" in row.text
    return [
        columns(row, *but),
        [columns(each, "id", "message_id") for each in Delivery.objects.filter(message=row)],
        [columns(each, "id", "message_id", "created_at", "file_id") for each in row.attachments.all()],
    ]


def clock(row: Clock) -> list[Any]:
    steps = [columns(each, "id", "clock_id") for each in Escalation.objects.filter(clock=row).order_by("step")]
    return [columns(row, "id", "conversation_id"), steps]


def event(row: Event) -> str:
    about = {key: "*" if key in NUMBERS and value else value for key, value in row.particulars.items()}
    kind = row.subject.partition("-")[0]
    return f"{row.at.isoformat()} {row.verb} {kind} {row.actor_id} {row.team_id} {sorted(about.items())}"


def notice(row: Notice) -> str:
    about = {key: "*" if key in NUMBERS else value for key, value in row.particulars.items()}
    return f"{row.at.isoformat()} {row.kind} {row.user_id} {sorted(about.items())}"


def words(row: Conversation) -> list[str]:
    """Those it is found by; not what stands in an invitation, whose links differ each time."""
    texts = row.messages.filter(automatic=False).values_list("text", flat=True)
    written = {word for text in [f"{row.subject}\n{row.contact.name}", *texts] for word in lexemes(text)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(vector) FROM desk_search WHERE conversation_id = %s", [row.pk])
        found = set(cursor.fetchone()[0])
    return sorted(found & written)
