"""A rule as a form.

tree     its conditions: groups within groups, each with its place in the name of its fields
rule     everything of it at once
"""

from answerable.desk.forms.rules.rule import RuleForm

__all__ = ["RuleForm"]
