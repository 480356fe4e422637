"""Words of the policy in templates: `{% load policy_words %}`."""

from django import template

from answerable.policy.mistakes import mistake_words

register = template.Library()
register.filter(mistake_words)
