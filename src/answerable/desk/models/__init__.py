from answerable.desk.models.clock import Clock, Escalation
from answerable.desk.models.conversation import Conversation, Inbox, Priority, Status
from answerable.desk.models.field import Field
from answerable.desk.models.file import File
from answerable.desk.models.link import Follower, Link
from answerable.desk.models.macro import Macro
from answerable.desk.models.message import Attachment, Delivery, Draft, Kind, Message, Withdrawal
from answerable.desk.models.notice import Notice, Presence
from answerable.desk.models.rearrangement import Rearrangement
from answerable.desk.models.routing import Offer, TeamRouting
from answerable.desk.models.search import Search

__all__ = [
    "Attachment",
    "Clock",
    "Conversation",
    "Delivery",
    "Draft",
    "Escalation",
    "Field",
    "File",
    "Follower",
    "Inbox",
    "Kind",
    "Link",
    "Macro",
    "Message",
    "Notice",
    "Offer",
    "Presence",
    "Priority",
    "Rearrangement",
    "Search",
    "Status",
    "TeamRouting",
    "Withdrawal",
]
