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
PREFIX = re.compile(rf"^\s*(?:(?:{MARKS})\s*(?:[\[(]\d+[\])]|\^\d+)?\s*[:：]\s*)+", re.IGNORECASE)


def bare_subject(subject: str) -> str:
    """The subject without its reply and forward marks: `Re: Fwd: Atb: Rēķins` -> `Rēķins`."""
    return PREFIX.sub("", subject).strip()


def is_forward(subject: str) -> bool:
    """Whether its last sender forwarded it: `Fwd: Re: Rēķins`, but not `Re: Fwd: Rēķins`."""
    return bool(FORWARD.match(subject))
