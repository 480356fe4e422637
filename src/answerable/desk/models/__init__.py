from answerable.desk.models.batch import Batch, BatchItem
from answerable.desk.models.clock import Clock, Escalation
from answerable.desk.models.conversation import Conversation, Inbox, Priority, Status
from answerable.desk.models.field import Field
from answerable.desk.models.file import File
from answerable.desk.models.link import Follower, Link
from answerable.desk.models.macro import Macro
from answerable.desk.models.message import Attachment, Delivery, Draft, Kind, Message, Withdrawal
from answerable.desk.models.notice import Notice, Presence
from answerable.desk.models.rearrangement import Rearrangement
from answerable.desk.models.routing import Offer, TeamRouting, ToldWait
from answerable.desk.models.rule import DryRun, DueRule, Firing, Rule, RuleVersion
from answerable.desk.models.saved import SavedQueue
from answerable.desk.models.search import Search
from answerable.desk.models.signature import Signature
from answerable.desk.models.task import Checklist, Task

__all__ = [
    "Attachment",
    "Batch",
    "BatchItem",
    "Checklist",
    "Clock",
    "Conversation",
    "Delivery",
    "Draft",
    "DryRun",
    "DueRule",
    "Escalation",
    "Field",
    "File",
    "Firing",
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
    "Rule",
    "RuleVersion",
    "SavedQueue",
    "Search",
    "Signature",
    "Status",
    "Task",
    "TeamRouting",
    "ToldWait",
    "Withdrawal",
]
