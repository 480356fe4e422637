"""What all of them need: the two policies, and how their parts are called."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext as _

from answerable.core.conditions import Conditions
from answerable.core.policy import Policy, Standard
from answerable.core.policy.difference import Difference
from answerable.core.policy.spoken import spoken
from answerable.core.policy.words import conditions_words, within_words
from answerable.policy.names import CLOCKS, Names, key_name, language_name


@dataclass(frozen=True)
class Reading:
    """Two policies, read side by side in the reader's language."""

    before: Policy | None
    after: Policy
    names: Names = field(default_factory=Names)

    @cached_property
    def language(self) -> str:
        return get_language() or self.after.language

    @property
    def old(self) -> Policy:
        return self.before if self.before is not None else self.after

    def called(self, standard: Standard) -> str:
        """A promise by what it is about, since its sentence may be what changes."""
        when = conditions_words(standard.when, gettext=gettext, say=self.names.say)
        clock = CLOCKS[standard.clock]
        if not when:
            return _("%(clock)s, every conversation") % {"clock": clock}
        return _("%(clock)s, where %(when)s") % {"clock": clock, "when": when}

    def promise(self, standard: Standard) -> dict[str, str]:
        return {
            "promise": standard.promise_in(self.language),
            "within": within_words(standard.within, ngettext=ngettext),
        }

    def text(self, each: Difference, sentence: str, name: str) -> str:
        """A text as the reader sees it or, where that is the same, the languages in which it differs."""
        after = spoken(each.after, self.language, self.after.language)
        before = spoken(each.before, self.language, self.old.language)
        if after != before:
            return sentence % {"name": name, "after": quoted(after), "before": quoted(before)}
        other = sorted(key for key in {*each.before, *each.after} if each.before.get(key) != each.after.get(key))
        said = ", ".join(map(language_name, other))
        return _("%(name)s: the words in other languages (%(languages)s).") % {"name": name, "languages": said}

    def conversations(self, when: Conditions) -> str:
        said = conditions_words(when, gettext=gettext, say=self.names.say)
        if not said:
            return pgettext("a promise holds for", "every conversation")
        return _("conversations where %(when)s") % {"when": said}


def both(each: Difference) -> dict[str, Any]:
    return {"before": each.before, "after": each.after}


def quoted(text: str) -> str:
    """A text as it stands within a sentence: without the full stop at its end; a dash where there is none."""
    return text.rstrip(".") or "–"


def objective_sentence(policy: Policy, key: str) -> str:
    objective = policy.objectives.get(key)
    return quoted(objective.sentence) if objective else key_name(key)
