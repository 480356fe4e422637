from answerable.policy.models.benchmark import PublishedFigure, PublishedFigureQuerySet, Scope
from answerable.policy.models.comment import Comment, CommentQuerySet
from answerable.policy.models.lesson import Acknowledgement, AcknowledgementQuerySet, Attempt, Question
from answerable.policy.models.publication import Publication
from answerable.policy.models.review import Review, ReviewQuerySet
from answerable.policy.models.version import Revision, Version, VersionQuerySet

__all__ = [
    "Acknowledgement",
    "AcknowledgementQuerySet",
    "Attempt",
    "Comment",
    "CommentQuerySet",
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
