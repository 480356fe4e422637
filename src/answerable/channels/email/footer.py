"""What stands below every mail of a conversation that is in a test of our service promise."""

from django.utils.translation import gettext as _

from answerable.desk.models import Conversation
from answerable.policy.links import consent_url
from answerable.policy.models import Pilot, PilotCustomer
from answerable.web.standing import Given, Standing

TAKING_PART = Standing(
    lambda: (
        PilotCustomer.objects.taking_part()
        .filter(pk=Given("key"), pilot__state=Pilot.State.RUNNING)
        .values_list("pk")[:1]
    )
)


def footer(conversation: Conversation) -> str:
    """In the language in force; empty where it is in no test, or no longer. The same in both arms: else the mails
    would differ in more than the promise that is tested."""
    if not conversation.pilot_arm or not TAKING_PART.values(key=conversation.pilot_customer_id):
        return ""
    words = _("This conversation is part of a test of our service promise. You may leave the test at any time:")
    return f"{words}\n{consent_url(conversation.pilot_customer_id or 0)}"
