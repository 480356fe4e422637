"""Under which version the clocks of whose conversations begin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.types.numeric import Int8

from answerable.events.prepared import ask
from answerable.policy.models import Arm

# The version in force; beside it that of the pilot which runs, once for each of the contacts who take part in it.
TERMS = """
SELECT version.id, pilot.version_id, tested.number, customer.contact_id, customer.id, customer.arm,
    greatest(customer.agreed_at, pilot.begun_at)
FROM policy_version AS version
LEFT JOIN policy_pilot AS pilot ON pilot.state = 'running'
LEFT JOIN policy_version AS tested ON tested.id = pilot.version_id
LEFT JOIN policy_pilotcustomer AS customer ON customer.pilot_id = pilot.id AND customer.contact_id = ANY(%s::bigint[])
    AND customer.arm <> '' AND customer.withdrawn_at IS NULL
WHERE version.state = 'in_force'
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """A contact's part in the pilot that runs: their PilotCustomer, their arm, and since when."""

    customer_id: int
    arm: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What new clocks begin under. `seats` go by contact."""

    in_force_id: int | None = None
    pilot_id: int | None = None  # the version that is tried
    pilot_number: int | None = None
    seats: Mapping[int, Seat] = field(default_factory=dict)

    def seat(self, contact_id: int, *, begun_at: datetime) -> Seat | None:
        """That of a conversation which began then: one that was going on before is none of the test's."""
        seat = self.seats.get(contact_id)
        return seat if seat is not None and begun_at >= seat.since else None

    def version_of(self, contact_id: int, customer_id: int | None, arm: str) -> int | None:
        """The version for a conversation with this part in a pilot: the tried one while both pilot and part go on."""
        seat = self.seats.get(contact_id)
        is_tried = arm == Arm.PILOT and seat is not None and seat.customer_id == customer_id
        return self.pilot_id if is_tried else self.in_force_id


def terms_for(contact_ids: Iterable[int]) -> Terms:
    """In one statement, whether a pilot runs or none; without a version in force, nothing is promised."""
    rows = ask(TERMS, [[Int8(contact) for contact in sorted(set(contact_ids))]])
    if not rows:
        return Terms()
    in_force_id, pilot_id, pilot_number = rows[0][:3]
    seats = {contact: Seat(customer, arm, since) for *_, contact, customer, arm, since in rows if contact is not None}
    return Terms(in_force_id, pilot_id, pilot_number, seats)
