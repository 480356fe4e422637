import hashlib

from django.db import models
from django.utils import timezone


class FileQuerySet(models.QuerySet["File"]):
    def keep(self, content: bytes) -> "File":
        """The row of this content, stored once however often it arrives."""
        digest = hashlib.sha256(content).hexdigest()
        file, _made = self.get_or_create(sha256=digest, defaults={"content": content, "size": len(content)})
        return file


class File(models.Model):
    """Bytes, kept in the database: one thing to back up, one transaction with the message they came with."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = FileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.sha256[:12]
