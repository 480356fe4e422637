"""The demo company's next version, half way written: one draft that is being worked on, one that was put away."""

from datetime import datetime, timedelta

from answerable.core.policy.touched import Part
from answerable.people.models import User
from answerable.policy.actions import begin_draft, discard_draft, save_draft
from answerable.policy.editing.manuscript import Manuscript
from answerable.policy.models import Version

CHATS = {
    "objective": "answer-soon",
    "clock": "first_response",
    "within": "5 working minutes",
    "hours": "regional",
    "otherwise": "riga",
    "when": {"channel": ["chat"]},
    "escalation": "usual",
    "promise": {
        "en": "We answer every chat within 5 minutes.",
        "lv": "Uz katru tērzēšanas ziņu atbildam 5 minūšu laikā.",
        "ka": "ყოველ ჩატს 5 წუთში ვპასუხობთ.",
        "kk": "Әр чатқа 5 минут ішінде жауап береміз.",
    },
}
THREE_HOURS = {
    "en": "We answer every e-mail within 3 working hours.",
    "lv": "Uz katru e-pasta vēstuli atbildam 3 darba stundu laikā.",
    "ka": "ყველა ელექტრონულ წერილს 3 სამუშაო საათში ვპასუხობთ.",
    "kk": "Әрбір электрондық хатқа 3 жұмыс сағаты ішінде жауап береміз.",
}


def draft_next(current: Version, *, by: User, now: datetime) -> None:
    """What is drafted begins from the version in force, and changes by and by."""
    hasty = begin_draft(
        based_on=current, document=current.document, by=by, reason="Answer at night, too.", at=now - timedelta(days=25)
    )
    discard_draft(hasty, by=by, reason="Nobody works at night.", at=now - timedelta(days=24))
    draft = begin_draft(based_on=current, document=current.document, by=by, at=now - timedelta(days=4))
    manuscript = Manuscript(draft.document)
    manuscript.write_element(Part.STANDARD, "first-response", {"within": "3 working hours", "promise": THREE_HOURS})
    draft = save_draft(draft, document=manuscript.text, revision=1, by=by, at=now - timedelta(days=4, minutes=-12))
    manuscript.write_element(Part.STANDARD, "first-response-chat", CHATS)
    draft = save_draft(draft, document=manuscript.text, revision=2, by=by, at=now - timedelta(days=2))
    manuscript.write_element(Part.HOURS, "riga", {"friday": ["09:00-16:00"]})
    save_draft(draft, document=manuscript.text, revision=3, by=by, at=now - timedelta(hours=20))
