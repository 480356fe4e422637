"""Tokens, by which programs work here, and how often each was used of late."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from answerable.people.models import User


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, user: User) -> "TokenQuerySet":
        """One's own; administrators see everybody's."""
        return self if user.is_administrator else self.filter(user=user)

    def in_use(self) -> "TokenQuerySet":
        return self.filter(revoked_at=None)


class Token(models.Model):
    """Lets a program act as a member of staff, within its scopes. The secret itself is shown once and kept nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret, which is as random as it is
    ending = models.CharField(max_length=8)  # of the secret: how a person tells one from another
    scopes = ArrayField(models.CharField(max_length=40))  # names in api/scopes.py
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_good(self) -> bool:
        """Neither revoked nor expired, and its owner still works here."""
        return self.revoked_at is None and not self.is_expired and self.user.is_active


class Usage(models.Model):
    """Requests of a token in its minute. The table is not logged: after a crash every minute begins anew."""

    token = models.OneToOneField(Token, models.CASCADE, primary_key=True, related_name="usage")
    began_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} of token {self.token_id}"
