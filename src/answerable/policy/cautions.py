"""What is not wrong but looks forgotten: words that still promise the time of before."""

from collections.abc import Iterator

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from answerable.core.policy import Policy
from answerable.core.policy.words import within_words
from answerable.policy.names import language_name


def cautions(before: Policy, after: Policy) -> tuple[str, ...]:
    """Sentences about promises whose time has changed and whose words, in some language, have not."""
    return tuple(_unchanged_words(before, after))


def _unchanged_words(before: Policy, after: Policy) -> Iterator[str]:
    for key, now in after.standards.items():
        was = before.standards.get(key)
        if was is None or was.within == now.within:
            continue
        same = [language for language, words in now.promise.items() if was.promise.get(language) == words]
        if same:
            yield _("“%(promise)s”: the time is %(within)s now, but the words are as before (%(languages)s).") % {
                "promise": now.promise_in(get_language() or after.language).rstrip("."),
                "within": within_words(now.within, ngettext=ngettext),
                "languages": ", ".join(map(language_name, same)),
            }
