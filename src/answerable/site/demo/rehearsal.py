"""A draft that answers the book club day and night, rehearsed on what happened: what the nights would cost."""

from datetime import datetime, timedelta

from answerable.insight.rehearsing.starting import Days, begin
from answerable.people.models import User
from answerable.policy.actions.drafts import begin_draft
from answerable.policy.models import Version

CLUB = 'key = "club-first-response"\nobjective = "answer-soon"\nclock = "first_response"'
CHANGES = (
    ('title = "How Ambermoon answers"', 'title = "The book club, day and night"'),
    (
        f'{CLUB}\nwithin = "2 working hours"\nhours = "regional"\notherwise = "riga"',
        f'{CLUB}\nwithin = "2 hours"\nhours = "always"',
    ),
    ("members of the book club within 2 working hours.", "members of the book club within 2 hours, day and night."),
    (
        "Grāmatu kluba biedriem atbildam 2 darba stundu laikā.",
        "Grāmatu kluba biedriem atbildam 2 stundu laikā, dienu un nakti.",
    ),
    ("წიგნის კლუბის წევრებს 2 სამუშაო საათში ვპასუხობთ.", "წიგნის კლუბის წევრებს 2 საათში ვპასუხობთ, დღითა და ღამით."),
    (
        "Кітап клубының мүшелеріне 2 жұмыс сағаты ішінде жауап береміз.",
        "Кітап клубының мүшелеріне күндіз-түні 2 сағат ішінде жауап береміз.",
    ),
)
REHEARSED_DAYS = 60


def rehearse_nights(version: Version, *, by: User, now: datetime) -> None:
    """Draft it, and ask the worker to rehearse it beside the version in force."""
    document = version.document
    for before, after in CHANGES:
        document = document.replace(before, after)
    draft = begin_draft(
        based_on=version,
        document=document,
        by=by,
        reason="The club asks for answers at night. What would that cost us?",
        at=now - timedelta(days=1),
    )
    days = Days(now.date() - timedelta(days=REHEARSED_DAYS), now.date())
    begin(draft=draft, against=version, on=days, by=by)
