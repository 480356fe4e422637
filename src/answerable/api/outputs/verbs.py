"""What happens here that others may hear of: the public verbs of events.

A verb that is not here is our own affair and may change without notice; these keep their names and particulars.
`data` names the particulars that are shown, each with its meaning; what else an event holds is not.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from answerable.desk.models import Priority


@dataclass(frozen=True)
class Verb:
    """`about` says when it happens. `data`: particular -> what it is."""

    name: str
    about: str
    data: Mapping[str, str] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The noun it begins with."""
        return self.name.partition(".")[0]


USERS = {"before": "Number of who had it, or null.", "to": "Number of who has it now, or null."}
TEAMS = {"before": "Number of the team it was in.", "to": "Number of the team it is in now."}
OFFERED = {"to": "Number of the member of staff."}
OTHER = {"other": "Number of the other one.", "count": "How many messages."}
STATUSES = {"before": "The status it had.", "to": "The status it has now."}
MERGED = {"kept": "Number of the contact that stays.", "absorbed": "Number of the contact that became it."}
ROLE = {"team": "Number of the team.", "role": "What they are there."}
VALUE = {"kind": "`email` or `phone`.", "value": "The address."}
CLOCK = {"kind": "Which promise: `first_response`, `next_response` or `resolution`."}

_VERBS: Final = (
    Verb(
        "conversation.opened",
        "A conversation began.",
        {
            "inbox": "Number of the inbox.",
            "channel": "How it came.",
            "follows": "Number of the one it follows, or null.",
        },
    ),
    Verb("conversation.assigned", "Somebody else has it now.", USERS),
    Verb("conversation.moved", "Another team has it now.", TEAMS),
    Verb("conversation.left", "It was moved out of this event's team.", {"to": "Number of the team it is in now."}),
    Verb("conversation.status_changed", "It is open, pending or on hold now.", STATUSES),
    Verb("conversation.reopened", "It was solved and is not any more.", STATUSES),
    Verb(
        "conversation.solved",
        "It is solved.",
        STATUSES | {"contact": "Number of the contact who said so themselves, or null."},
    ),
    Verb("conversation.closed", "It is closed for good.", STATUSES),
    Verb(
        "conversation.prioritised",
        "It is more or less urgent now.",
        {"before": "The priority it had.", "to": "The priority it has now."},
    ),
    Verb("conversation.tagged", "Its tags changed.", {"added": "New tags.", "removed": "Tags it has no longer."}),
    Verb(
        "conversation.detailed",
        "What is known in its fields changed.",
        {"changes": "For each `field` (its number): `name`, and the values `before` and `to`."},
    ),
    Verb(
        "conversation.copied",
        "Others get a copy of each reply now.",
        {"before": "Addresses that did.", "to": "Addresses that do now."},
    ),
    Verb("conversation.snoozed", "It is out of the queues for a while.", {"until": "Until when."}),
    Verb("conversation.woken", "It is back in the queues."),
    Verb("conversation.marked_spam", "Somebody said that it is spam: it is closed."),
    Verb("conversation.unmarked_spam", "It was none."),
    Verb("conversation.offered", "It was offered to somebody.", OFFERED),
    Verb("conversation.passed", "They let it go to the next.", OFFERED),
    Verb("conversation.lapsed", "They did not answer the offer in time.", OFFERED),
    Verb("conversation.overflowed", "Nobody took it in time, so another team gets it.", TEAMS),
    Verb("conversation.merged", "All of it stands in another one now.", OTHER),
    Verb("conversation.absorbed", "All of another one stands in it now.", OTHER),
    Verb("conversation.split", "Messages of it began another one.", OTHER),
    Verb("conversation.split_off", "It began with messages of another one.", OTHER),
    Verb("conversation.messages_left", "Messages of it were moved to another one.", OTHER),
    Verb("conversation.messages_came", "Messages of another one were moved to it.", OTHER),
    Verb(
        "conversation.rearrangement_undone",
        "It is as it was before it was merged, split, or messages were moved.",
        {"kind": "What was undone: `merge`, `split` or `move`.", "other": "Number of the other one."},
    ),
    Verb("conversation.taken", "Somebody took what was offered to them."),
    Verb("conversation.chat_left", "The customer has left the chat, so no answer reaches them there."),
    Verb(
        "conversation.contact_changed",
        "It belongs to another contact, since two were merged or separated.",
        {"before": "Number of the contact it had.", "after": "Number of the contact it has now."},
    ),
    Verb(
        "conversation.rated",
        "The customer rated the service. The subject is the rating.",
        {"score": "From 1 to 5.", "before": "What they had said earlier, or null."},
    ),
    Verb(
        "conversation.commented",
        "They said something besides their rating, which is the subject.",
        {"comment": "Their words."},
    ),
    Verb(
        "conversation.complained",
        "They want somebody to take care of it. The subject is the rating.",
        {"follow_up": "Number of the conversation in which that is done."},
    ),
    Verb(
        "message.received",
        "A customer wrote.",
        {"contact": "Number of the contact.", "automatic": "Whether a machine wrote it."},
    ),
    Verb("message.sent", "A reply was written; it leaves in a moment.", {"automatic": "Whether a machine wrote it."}),
    Verb("message.undone", "It was taken back before it left."),
    Verb("message.handed_over", "It left."),
    Verb("message.arrived", "It reached the customer, where a messenger says so."),
    Verb("message.seen", "The customer had it before their eyes, where a messenger says so."),
    Verb("message.withdrawn", "Whoever wrote it has withdrawn it: its words are shown no longer."),
    Verb("message.sent_again", "It is on its way again.", {"to": "Addresses it goes to."}),
    Verb("message.delayed", "The customer's server lets it wait.", {"reason": "In the server's words."}),
    Verb("message.refused", "The customer's server refused some of the addresses.", {"reason": "In its words."}),
    Verb("message.failed", "It could not be sent; a person must look.", {"reason": "What went wrong."}),
    Verb("message.bounced", "It came back.", {"reason": "In the server's words."}),
    Verb("note.added", "A colleague wrote a note.", {"mentioned": "Numbers of the colleagues it names."}),
    Verb("clock.breached", "A promise was not kept in time.", CLOCK | {"standard": "Key of the standard."}),
    Verb("clock.put_off", "It falls due later by now: a holiday was added.", {"until": "When it falls due, or null."}),
    Verb("clock.escalated", "A step of the escalation was taken.", CLOCK | {"share": "At which share of the target."}),
    Verb("clock.cancelled", "A promise counts no longer.", CLOCK | {"because": "Why."}),
    Verb("contact.added", "Somebody new.", {"address": "Their e-mail address."}),
    Verb("contact.changed", "Something else is known about them.", {"fields": "Names of what changed."}),
    Verb("contact.merged", "Two were found to be one.", MERGED),
    Verb("contact.unmerged", "They are two after all.", MERGED),
    Verb("address.added", "A contact can be reached there, too.", VALUE),
    Verb("address.removed", "An address is theirs no longer.", VALUE),
    Verb("organisation.added", "A new organisation.", {"name": "Its name."}),
    Verb("organisation.changed", "Something else is known about it.", {"fields": "Names of what changed."}),
    Verb("organisation.removed", "It is gone; its contacts stay.", {"name": "Its name."}),
    Verb("segment.added", "A new segment.", {"name": "Its name.", "key": "Its key."}),
    Verb(
        "segment.renamed", "It has another name.", {"key": "Its key.", "before": "The old name.", "after": "The new."}
    ),
    Verb("segment.removed", "It is gone.", {"name": "Its name.", "key": "Its key."}),
    Verb("user.joined", "A new colleague has signed in."),
    Verb("user.deactivated", "A colleague has left."),
    Verb("user.reactivated", "A colleague is back."),
    Verb("membership.granted", "A colleague, who is the subject, got a role.", ROLE),
    Verb("membership.withdrawn", "They have a role no longer.", ROLE),
    Verb(
        "membership.moved",
        "They have a role in another team.",
        {"before": "Number of the old team.", "after": "Number of the new one.", "role": "What they are there."},
    ),
    Verb("team.added", "A new team.", {"name": "Its name.", "parent": "Number of the team above it."}),
    Verb("team.renamed", "It has another name.", {"before": "The old name.", "after": "The new."}),
    Verb(
        "team.moved",
        "It stands below another team.",
        {"before": "Number of the old one.", "after": "Number of the new one.", "reason": "Why."},
    ),
    Verb("team.retired", "It is no longer in use."),
    Verb("team.revived", "It is in use again."),
    Verb(
        "policy.put_in_force",
        "Another version of the policy is in force.",
        {"number": "Its number.", "before": "Number of the one before, or null.", "reason": "Why."},
    ),
    Verb(
        "article.published",
        "Its readers see an article's latest words.",
        {"language": "In which language.", "title": "Its title.", "audience": "Who reads it: `customers` or `staff`."},
    ),
    Verb("article.withdrawn", "No reader sees it any more.", {"audience": "Who read it: `customers` or `staff`."}),
    Verb(
        "article.judged",
        "A reader said whether it helped, or changed their mind.",
        {"helped": "Whether it did.", "language": "The language they read it in."},
    ),
)


def by_name(verbs: Iterable[Verb]) -> Mapping[str, Verb]:
    """In their order. Raises ValueError where one is declared twice."""
    found: dict[str, Verb] = {}
    for verb in verbs:
        if verb.name in found:
            raise ValueError(f"The verb {verb.name} is declared twice.")
        found[verb.name] = verb
    return found


PUBLIC: Final = by_name(_VERBS)

_SAID: Final[Mapping[str, Callable[[Any], Any]]] = {
    "conversation.prioritised": lambda value: Priority(value).name.lower(),
}
"""Values that are kept otherwise than they are shown."""


def data_of(verb: str, particulars: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of an event's particulars; null where an old event does not hold one."""
    said = _SAID.get(verb)
    found = {name: particulars.get(name) for name in PUBLIC[verb].data}
    return found if said is None else {name: said(value) for name, value in found.items() if value is not None}
