"""What a contact is called (see Contact.__str__), asked for together with the rows that have a `contact`."""

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from answerable.customers.models import Address

FIRST_ADDRESS = Subquery(
    Address.objects.filter(contact=OuterRef("contact")).order_by("id").values("value")[:1], output_field=CharField()
)
CALLED = Coalesce(NullIf("contact__name", Value("")), FIRST_ADDRESS, Value(""), output_field=CharField())
"""Their name, else where they write from; empty for a stranger, for whom each reader's language has words."""
