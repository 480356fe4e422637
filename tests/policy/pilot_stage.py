"""A pilot on the cast's stage: the default policy in force, a draft twice as quick, and customers."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from answerable.customers.models import Contact
from answerable.policy.actions import begin_draft, load_default
from answerable.policy.actions.pilot_customers import note_consent
from answerable.policy.actions.pilots import begin_pilot, prepare_pilot
from answerable.policy.models import Pilot, PilotCustomer, Version
from tests.cast import Cast, contact


@dataclass(frozen=True)
class Stage:
    cast: Cast
    today: Version
    draft: Version

    def prepare(self, **more: object) -> Pilot:
        """Bob answers; judged by first answers."""
        given = {
            "reason": "Two hours may be kept.",
            "staff": [self.cast.bob],
            "smallest": 5,
            "planned_end_on": timezone.localdate() + timedelta(days=30),
            "by": self.cast.ada,
            **more,
        }
        return prepare_pilot(self.draft, **given)  # type: ignore[arg-type]

    def agrees(self, pilot: Pilot, who: Contact) -> PilotCustomer:
        return note_consent(pilot, contact=who, how="phone", words="Told Bob.", by=self.cast.bob)

    def begin(self, *who: Contact, **more: object) -> Pilot:
        """A pilot that runs, with these customers in it."""
        pilot = self.prepare(**more)
        for each in who or (self.cast.dace,):
            self.agrees(pilot, each)
        return begin_pilot(pilot, by=self.cast.ada)


def set_stage(cast: Cast) -> Stage:
    today = load_default(cast.company, by=cast.ada)
    document = today.document.replace('within = "4 working hours"', 'within = "2 working hours"').replace(
        "within 4 working hours", "within 2 working hours"
    )
    assert document != today.document
    return Stage(cast, today, begin_draft(based_on=today, document=document, by=cast.ada))


def crowd(number: int) -> list[Contact]:
    return [contact(f"Customer {each}", f"c{each}@crowd.example") for each in range(number)]
