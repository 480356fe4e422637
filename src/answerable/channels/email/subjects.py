"""Subjects and the prefixes that mailers put before them."""

import re

# Reply and forward marks of English, German, French, Spanish, Dutch, the Nordic and Baltic languages,
# Polish, Turkish, Russian, Latvian, Georgian and Kazakh mailers; numbered ones such as Re[2]: too.
MARKS = (
    "re|fw|fwd|aw|wg|sv|vs|vb|vl|tr|rv|enc|antw|doorst|odp|pd|ynt|ilt|ats|fs|"
    "atb|atbilde|pārs|pārsūtīts|pārsūt|nosūt|"
    "ha|на|отв|ответ|пер|пересл|hа|"
    "პასუხი|გადაგზავნილი|გადაგზ|პას|"
    "жауап|қайта жіберу|қайта|жібер"
)
FORWARD = re.compile(
    r"^\s*(?:fw|fwd|wg|vb|vl|tr|rv|enc|doorst|pd|ilt|pārs|pārsūtīts|pārsūt|пер|пересл|გადაგზავნილი|გადაგზ|қайта жіберу)"
    r"\s*[:：]",
    re.IGNORECASE,
)
MARK = rf"(?:{MARKS})\s*(?:[\[(]\d+[\])]|\^\d+)?\s*[:：]"
# What gateways put before the subject of whatever comes from outside, or smells of spam.
TAG = (
    r"\[(?:ext|extern|externe?r?|external(?: e?-?mail| sender)?|ārējs|ārējais|внешн\w{0,9}|"
    r"(?:suspected |possible |probable )?spam\??)\]|\*{2,}\s*spam\s*\*{2,}|\{spam\??\}"
)
TAGS = re.compile(rf"^(?:\s*(?:{TAG}))+\s*:?\s*", re.IGNORECASE)
ANSWER = re.compile(rf"^\s*{MARK}", re.IGNORECASE)
LEADING = re.compile(rf"^(?:\s*(?:{TAG}|{MARK}))+\s*", re.IGNORECASE)


def bare_subject(subject: str) -> str:
    """The subject without reply and forward marks, and without a gateway's: `[EXT] Re: Fwd: Rēķins` -> `Rēķins`."""
    return LEADING.sub("", subject).strip()


def untagged(subject: str) -> str:
    """The subject as its sender wrote it, without what a gateway put before it: `[EXT] Re: Rēķins` -> `Re: Rēķins`."""
    return TAGS.sub("", subject)


def is_answer_or_forward(subject: str) -> bool:
    """Whether it has a mark of either."""
    return bool(ANSWER.match(untagged(subject)))


def is_forward(subject: str) -> bool:
    """Whether its last sender forwarded it: `Fwd: Re: Rēķins`, but not `Re: Fwd: Rēķins`."""
    return bool(FORWARD.match(untagged(subject)))
