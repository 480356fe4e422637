from answerable.policy.models.benchmark import PublishedFigure, PublishedFigureQuerySet, Scope
from answerable.policy.models.comment import Comment, CommentQuerySet
from answerable.policy.models.lesson import Acknowledgement, AcknowledgementQuerySet, Attempt, Question
from answerable.policy.models.pilot import Arm, Pilot, PilotCustomer, PilotStaff
from answerable.policy.models.publication import Publication
from answerable.policy.models.review import Review, ReviewQuerySet
from answerable.policy.models.version import Revision, Version, VersionQuerySet

__all__ = [
    "Acknowledgement",
    "AcknowledgementQuerySet",
    "Arm",
    "Attempt",
    "Comment",
    "CommentQuerySet",
    "Pilot",
    "PilotCustomer",
    "PilotStaff",
    "Publication",
    "PublishedFigure",
    "PublishedFigureQuerySet",
    "Question",
    "Review",
    "ReviewQuerySet",
    "Revision",
    "Scope",
    "Version",
    "VersionQuerySet",
]
