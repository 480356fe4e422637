"""What is wrong with a policy, for people: in the reader's language, and without the document's spelling.

`core` says it in English and in terms of the document. What the editor's forms can bring about is said anew here;
what only somebody who writes the document by hand can get wrong is said as `core` does, in the reader's language.
"""

import re

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from answerable.core.policy import PolicyError
from answerable.web.words import begun

_SAID: tuple[tuple[str, Promise], ...] = (
    (
        r"applies to the same conversations as “(?P<other>.+)”, which comes first",
        _(
            "It is for the same conversations as “%(other)s”, which comes first, so it would never apply. "
            "Give one of them another condition."
        ),
    ),
    (
        r"The chain ends nowhere: .*no assignee",
        _(
            "The chain ends nowhere: when its last step comes, the conversation may have no assignee. "
            "End it with the team lead, a team or a person."
        ),
    ),
    (
        r"The chain ends nowhere: .*no members",
        _(
            "The chain ends nowhere: when its last step comes, the conversation's team may have no members. "
            "End it with the team lead, another team or a person."
        ),
    ),
    (
        r"The chain ends nowhere",
        _("The chain ends nowhere: its last step tells nobody. End it with the team lead, a team or a person."),
    ),
    (r"“.+” is there already\.", _("This step is there already. Take one of the two out.")),
    (
        r"“.+” has the conversation already\.",
        _("They have the conversation already. Hand it over to the team lead, another team or a person."),
    ),
    (
        r"The team “(?P<name>.+)” has nobody who could act\.",
        _("Nobody in the team “%(name)s” could act. Give it a member, or choose another."),
    ),
    (
        r"Nobody here has the address “(?P<name>.+)”\.",
        _("Nobody here has the address %(name)s any more. Choose somebody else."),
    ),
    (r"There (?:is|are) no [\w ]+ “(?P<name>.+)”", _("There is no “%(name)s” here. Choose another.")),
    (r"“.+” is not in the mission\.", _("The mission doesn't say this. Choose one of its sentences.")),
    (
        r"“.+” is not a target for \w+\. Write it like \"(?P<example>.+)\"\.",
        _("That doesn't fit what is measured. Write it like “%(example)s”."),
    ),
    (r".* lies between (?P<low>\S+) and (?P<high>\S+)\.", _("It lies between %(low)s and %(high)s.")),
    (
        r".*at least every 3 years, at most every week\.",
        _("Look at it again at least every three years, at most every week."),
    ),
    (
        r"That takes more than half a year of open time\.",
        _("That takes more than half a year of open time. Promise less."),
    ),
    (r"No time at all is not a promise\.", _("No time at all is not a promise. Write at least 1 minute.")),
    (r"There are two [\w ]+ “(?P<key>[^”]+)”", _("There are two called “%(key)s”. Give each its own name.")),
    (r"No holidays are known for “(?P<name>.+)”\.", _("No public holidays are known for %(name)s.")),
    (r"is never open\.", _("Open at least one day of the week.")),
    (r"has no sentence in ", _("The words in the policy's own language are missing.")),
    (r"is missing\.", _("This is missing.")),
    (r"is empty\.", _("This is empty.")),
    (r"is too long\.", _("This is too long.")),
)
SAID = tuple((re.compile(pattern), words) for pattern, words in _SAID)


def mistake_words(error: PolicyError) -> str:
    """What is wrong and what to do, as a sentence or two."""
    told = error.told
    for pattern, words in SAID:
        match = pattern.match(told)
        if match:
            return str(words) % match.groupdict()
    return begun(told.by(gettext, lambda n: formats.number_format(n, use_l10n=True)))
