from answerable.policy.models.version import Version, VersionQuerySet

__all__ = ["Version", "VersionQuerySet"]
