"""What the demo company writes and does again and again."""

from collections.abc import Mapping

from answerable.core.rules.step import LEAD, ME, Do, Step
from answerable.desk.models import Macro
from answerable.people.models import Team
from answerable.site.demo.texts import LANGUAGES, texts

# name, team, text, steps
WITH_STEPS = (
    (
        "Refund is on its way",
        "",
        (
            "Dear {{ contact.first_name }},\n\nyour refund was approved today and reaches you in five days.\n\n"
            "Kind regards,\n{{ agent.name }}"
        ),
        [Step(Do.ADD_TAGS, text="refund"), Step(Do.SET_STATUS, "solved")],
    ),
    (
        "Ask the carrier",
        "parcels",
        "",
        [
            Step(Do.ADD_TAGS, text="carrier"),
            Step(Do.SET_STATUS, "on_hold"),
            Step(Do.SNOOZE, "2 business_days"),
        ],
    ),
    ("I take it over", "", "", [Step(Do.ASSIGN, ME), Step(Do.SET_STATUS, "open")]),
    (
        "The lead should see this",
        "support",
        "",
        [Step(Do.RAISE_PRIORITY), Step(Do.NOTIFY, LEAD, "Please have a look before it goes out")],
    ),
)


def add_macros(teams: Mapping[str, Team]) -> None:
    """Texts in each language, and four that do something."""
    written = [
        Macro(name=each.name, text=each.text, language=language)
        for language in LANGUAGES
        for each in texts(language).canned
    ]
    doing = [
        Macro(name=name, text=text, team=teams.get(team), steps=[step.plain for step in steps])
        for name, team, text, steps in WITH_STEPS
    ]
    Macro.objects.bulk_create([*written, *doing])
