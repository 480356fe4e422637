from answerable.policy.models.comment import Comment, CommentQuerySet
from answerable.policy.models.version import Revision, Version, VersionQuerySet

__all__ = ["Comment", "CommentQuerySet", "Revision", "Version", "VersionQuerySet"]
