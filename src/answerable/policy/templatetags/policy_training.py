"""Who has read a version: `{% load policy_training %}`."""

from typing import Any

from django import template
from django.db.models import Count, Q

from answerable.policy.models import Acknowledgement, Version

register = template.Library()


@register.inclusion_tag("policy/acknowledged.html")
def acknowledged(version: Version) -> dict[str, Any]:
    """How many of those who were asked have acknowledged a version; nothing where nobody was. One query."""
    rows = Acknowledgement.objects.filter(version=version, user__is_active=True)
    figures = rows.aggregate(asked=Count("pk"), done=Count("pk", filter=Q(acknowledged_at__isnull=False)))
    return {"version": version, **figures}
