"""A quicker promise, tried on some of the demo company's customers. It runs, and nothing can be said of it yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from answerable.desk.models import Conversation
from answerable.policy.actions import begin_draft
from answerable.policy.actions.pilots import begin_pilot, prepare_pilot
from answerable.policy.models import Arm, Pilot, PilotCustomer, Version
from answerable.site.demo.company import Founded
from answerable.site.demo.customers import Customer

PREPARED_DAYS_AGO = 27
BEGUN_DAYS_AGO = 22
WITHDREW_DAYS_AGO = 9
ENDS_IN_DAYS = 16
TAKING_PART = 124
DECLINED = 11
SILENT = 17
WITHDREW = 3
PILOT_PACE = 0.7
"""How long an answer takes to who was promised it sooner, against everybody else's."""
STAFF = ("tom", "priya", "ilze", "janis", "nino", "giorgi", "aigerim", "daniyar", "elina")
QUICKER = (
    ('within = "4 working hours"', 'within = "3 working hours"'),
    ("within 4 working hours", "within 3 working hours"),
    ("4 darba stundu laikā", "3 darba stundu laikā"),
    ("4 სამუშაო საათში", "3 სამუშაო საათში"),
    ("4 жұмыс сағаты ішінде", "3 жұмыс сағаты ішінде"),
)


@dataclass(frozen=True)
class Tested:
    """The tried version, and who takes part by the number of their contact."""

    version: Version
    begun_at: datetime
    seats: Mapping[int, PilotCustomer]

    def seat(self, contact_id: int, begun_at: datetime) -> PilotCustomer | None:
        """That of a conversation which began then."""
        seat = self.seats.get(contact_id)
        is_in_it = seat is not None and begun_at >= self.begun_at and self._stays(seat, begun_at)
        return seat if is_in_it else None

    def takes_part(self, row: Conversation, at: datetime) -> bool:
        """Whether a conversation that is in it has what is tried at that instant."""
        return row.pilot_customer is not None and self._stays(row.pilot_customer, at)

    def is_quicker(self, customer: Customer, at: datetime) -> bool:
        """Whether what they write then is answered by the tried promise."""
        seat = self.seat(customer.contact.pk, at)
        return seat is not None and seat.arm == Arm.PILOT

    def _stays(self, seat: PilotCustomer, at: datetime) -> bool:
        return seat.withdrawn_at is None or at < seat.withdrawn_at


def try_a_promise(
    company: Founded, customers: Mapping[str, Sequence[Customer]], *, midnight: datetime, random: Random
) -> Tested:
    """Prepared, asked about and begun by the ordinary actions, as if it had been weeks ago."""
    by, today = company.administrator, company.versions[-1][1]
    prepared_at = midnight - timedelta(days=PREPARED_DAYS_AGO, hours=-10)
    begun_at = midnight - timedelta(days=BEGUN_DAYS_AGO, hours=-8)
    document = today.document
    for slow, quick in QUICKER:
        document = document.replace(slow, quick)
    draft = begin_draft(
        based_on=today,
        document=document,
        by=by,
        reason="Readers compare us with shops that answer sooner.",
        at=prepared_at,
    )
    pilot = prepare_pilot(
        draft,
        reason="Three hours instead of four: do we keep that, and do readers like us better for it?",
        staff=[company.staff[key] for key in STAFF],
        share=50,
        smallest=5,
        measure=Pilot.Measure.FIRST_RESPONSE,
        planned_end_on=timezone.localdate(midnight) + timedelta(days=ENDS_IN_DAYS),
        seed="demo",
        by=by,
        at=prepared_at,
    )
    everybody = [each for some in customers.values() for each in some]
    asked = random.sample(everybody, min(len(everybody) // 2, TAKING_PART + DECLINED + SILENT))
    taking_part = asked[: len(asked) * TAKING_PART // (TAKING_PART + DECLINED + SILENT)]
    PilotCustomer.objects.bulk_create(
        _answer(pilot, each, place, len(taking_part), prepared_at, random) for place, each in enumerate(asked)
    )
    begin_pilot(pilot, by=by, at=begun_at)
    seats = {row.contact_id: row for row in pilot.customers.taking_part()}
    left = list(seats.values())[:WITHDREW]
    for row in left:
        row.withdrawn_at = midnight - timedelta(days=WITHDREW_DAYS_AGO, hours=-13)
    PilotCustomer.objects.bulk_update(left, ["withdrawn_at"])
    return Tested(draft, begun_at, seats)


def _answer(
    pilot: Pilot, customer: Customer, place: int, taking_part: int, asked_at: datetime, random: Random
) -> PilotCustomer:
    """Most say yes, some no, and some nothing."""
    row = PilotCustomer(pilot=pilot, contact=customer.contact, invited_at=asked_at)
    answered_at = asked_at + timedelta(minutes=random.randint(3, 3 * 24 * 60))
    if place < taking_part:
        row.agreed_at, row.how = answered_at, PilotCustomer.How.LINK
    elif place < taking_part + DECLINED:
        row.declined_at = answered_at
    return row
