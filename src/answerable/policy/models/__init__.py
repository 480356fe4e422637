from answerable.policy.models.comment import Comment, CommentQuerySet
from answerable.policy.models.version import Version, VersionQuerySet

__all__ = ["Comment", "CommentQuerySet", "Version", "VersionQuerySet"]
