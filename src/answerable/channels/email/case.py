"""One message on its way to its outcome, and the writing down of outcomes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from answerable.channels.email.authentication import Authentication
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.models import Arrival
from answerable.channels.email.rules import Verdict
from answerable.desk.models import Delivery, Inbox, Message
from answerable.events.prepared import tell
from answerable.people.models import User

DECIDE = """
UPDATE email_arrival SET outcome = %s, reason = %s, decided_at = now(), inbox_id = %s, message_id = %s,
    bounced_id = %s, external_id = %s, fingerprint = %s, sender = %s, subject = %s, authentication = %s
WHERE id = %s
"""


@dataclass(frozen=True)
class PassedOn:
    """A customer's mail that a colleague passed on from this address, what they say of it, and whether their own server
    vouches for them."""

    mail: ParsedMail
    by: User
    address: str
    words: str
    is_vouched_for: bool


@dataclass
class Case:
    """A message, what was read out of it, what was decided, and what it became."""

    arrival: Arrival
    parsed: ParsedMail | None = None
    inboxes: Sequence[Inbox] = ()
    authentication: Authentication = field(default_factory=Authentication)
    verdict: Verdict | None = None
    outcome: str = ""
    reason: str = ""
    message: Message | None = None
    original: int | None = None
    """Of a duplicate: our message that came of the first one."""
    bounced: Delivery | None = None
    passed_on: PassedOn | None = None
    """Where a colleague has; it is the customer's once `parsed` is its mail."""

    @property
    def mail(self) -> ParsedMail:
        assert self.parsed
        return self.parsed

    @property
    def address(self) -> str:
        """The writer's, in lower case; empty where there is none."""
        return self.parsed.writer.address.lower() if self.parsed and self.parsed.writer else ""

    @property
    def is_vouched_for(self) -> bool:
        """Whether the writer's own server says that it is them: never of who is not the sender."""
        return self.authentication.verdict == "pass" and self.mail.author is None

    @property
    def is_the_customers(self) -> bool:
        """Whether what a colleague passed on is taken for the customer's own mail."""
        return self.passed_on is not None and self.parsed is self.passed_on.mail

    @property
    def is_quarantined(self) -> bool:
        return self.outcome == Arrival.Outcome.QUARANTINED

    def quarantine(self, reason: str) -> None:
        """Put it aside for a person to look at."""
        self.outcome, self.reason = Arrival.Outcome.QUARANTINED, reason.replace("\x00", "")[:2000]
        self.message = self.original = self.bounced = None


def settle(cases: Sequence[Case]) -> None:
    """Write the outcomes down."""
    tell(DECIDE, [_row(case) for case in cases])


def _row(case: Case) -> tuple[int | str | None, ...]:
    mail = case.parsed
    return (
        case.outcome,
        case.reason,
        case.inboxes[0].pk if case.inboxes else None,
        case.message.pk if case.message else case.original,
        case.bounced.pk if case.bounced else None,
        (mail.message_id or "")[:998] if mail else "",
        mail.fingerprint if mail else "",
        mail.sender.address.lower()[:320] if mail and mail.sender else "",
        mail.subject[:500] if mail else "",
        json.dumps(case.authentication.as_dict()),
        case.arrival.pk,
    )
