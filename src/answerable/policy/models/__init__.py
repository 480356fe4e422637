from answerable.policy.models.benchmark import PublishedFigure, PublishedFigureQuerySet, Scope
from answerable.policy.models.comment import Comment, CommentQuerySet
from answerable.policy.models.publication import Publication
from answerable.policy.models.version import Revision, Version, VersionQuerySet

__all__ = [
    "Comment",
    "CommentQuerySet",
    "Publication",
    "PublishedFigure",
    "PublishedFigureQuerySet",
    "Revision",
    "Scope",
    "Version",
    "VersionQuerySet",
]
