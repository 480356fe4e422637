"""What was answered under an idempotency key, so that a request sent again is done once."""

from django.db import models
from django.utils import timezone

from answerable.api.models.token import Token


class Answered(models.Model):
    """What a request with an idempotency key was answered. Written in the transaction of what it did."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of the request: the same key is for the same request
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")  # JSON
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="an_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
