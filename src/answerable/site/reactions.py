"""What each app does about what happened elsewhere. All of it; there is no other place to look.

Reactions run in the worker after the event has been committed, at least once, so each must be idempotent.
"""

from collections.abc import Mapping, Sequence

from answerable.channels.chat.reactions import follow_split
from answerable.channels.email.alarms import mail_escalation
from answerable.desk.actions.comment_answers import mail_comment_answer
from answerable.desk.actions.customers import follow_contact, follow_merge, unfollow_merge
from answerable.desk.actions.leaving import follow_leaver
from answerable.desk.actions.pilot_invitations import mail_pilot_invitation
from answerable.desk.actions.praise import notice_praise
from answerable.events.record import Reaction
from answerable.feedback.reactions import ask_for_a_rating, take_rating
from answerable.people import invitations
from answerable.people.actions.charges import follow_segment
from answerable.people.jobs import mail_praise, mail_rota
from answerable.policy import pilot_reactions
from answerable.policy.reactions import plan_reviews, teach, teach_person
from answerable.site.verdicts import keep_pilot_verdict

REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "absence.approved": [mail_rota],
    "absence.declined": [mail_rota],
    "absence.ended": [mail_rota],
    "absence.requested": [mail_rota],
    "absence.withdrawn": [mail_rota],
    "address.added": [follow_contact],
    "address.removed": [follow_contact],
    "chat.rated": [take_rating],
    "clock.escalated": [mail_escalation],
    "comment.answered": [mail_comment_answer],
    "contact.changed": [follow_contact],
    "contact.merged": [follow_merge, pilot_reactions.follow_merge],
    "contact.unmerged": [unfollow_merge, pilot_reactions.unfollow_merge],
    "conversation.rating_wanted": [ask_for_a_rating],
    "conversation.solved": [ask_for_a_rating],
    "conversation.split_off": [follow_split],
    "membership.granted": [teach_person],
    "membership.moved": [teach_person, follow_leaver],
    "membership.withdrawn": [follow_leaver],
    "pilot.customer_invited": [mail_pilot_invitation],
    "pilot.promoted": [keep_pilot_verdict],
    "pilot.rolled_back": [keep_pilot_verdict],
    "policy.put_in_force": [teach, plan_reviews],
    "praise.given": [notice_praise, mail_praise],
    "segment.removed": [follow_segment],
    "segment.renamed": [follow_segment],
    "shift.added": [mail_rota],
    "shift.cancelled": [mail_rota],
    "shift.changed": [mail_rota],
    "swap.confirmed": [mail_rota],
    "swap.declined": [mail_rota],
    "swap.offered": [mail_rota],
    "swap.taken": [mail_rota],
    "user.deactivated": [follow_leaver],
    "user.invited": [invitations.send_invitation],
    "user.joined": [teach_person],
    "user.reactivated": [teach_person],
}
