"""Which arm a customer of a pilot is in: drawn once, when the pilot has begun and they have agreed."""

from collections import Counter

from answerable.core.experiment import is_treated
from answerable.policy.models import Arm, Pilot, PilotCustomer

DRAWN = ("stratum", "place", "arm")


def draw_all(pilot: Pilot) -> int:
    """For all who take part and have no arm yet, in the order in which they agreed. How many they are.

    The caller holds the pilot, so that no place is given twice.
    """
    joining = list(
        PilotCustomer.objects.taking_part()
        .filter(pilot=pilot, arm="")
        .select_related("contact__segment", "contact__organisation__segment")
        .order_by("agreed_at", "id")
    )
    taken = Counter(pilot.customers.exclude(place=None).values_list("stratum", flat=True)) if joining else Counter()
    for row in joining:
        row.stratum = row.contact.segment_key if pilot.by_segment else ""
        if pilot.share is None:
            row.arm = Arm.PILOT
            continue
        row.place = taken[row.stratum]
        taken[row.stratum] += 1
        row.arm = Arm.PILOT if is_treated(pilot.seed, row.stratum, row.place, pilot.share) else Arm.CONTROL
    PilotCustomer.objects.bulk_update(joining, DRAWN)
    return len(joining)
