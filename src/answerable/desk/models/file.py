"""Files, each kept once."""

import hashlib
from collections.abc import Sequence

from django.db import models
from django.utils import timezone


class FileQuerySet(models.QuerySet["File"]):
    def keep(self, content: bytes) -> "File":
        """The row of this content, stored once however often it arrives."""
        return self.keep_all([content])[0]

    def keep_all(self, contents: Sequence[bytes]) -> "list[File]":
        """The rows of these contents, in their order and without the bytes."""
        digests = [hashlib.sha256(content).hexdigest() for content in contents]
        known = self._by_digest(digests)
        missing = {
            digest: File(sha256=digest, content=content, size=len(content))
            for digest, content in zip(digests, contents, strict=True)
            if digest not in known
        }
        if missing:
            self.bulk_create(missing.values(), ignore_conflicts=True)  # another may keep the same just now
            known |= self._by_digest(missing)
        return [known[digest] for digest in digests]

    def _by_digest(self, digests: "Sequence[str] | dict[str, File]") -> "dict[str, File]":
        return {file.sha256: file for file in self.defer("content").filter(sha256__in=list(digests))}


class File(models.Model):
    """Bytes, kept in the database: one thing to back up, one transaction with the message they came with."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = FileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.sha256[:12]
