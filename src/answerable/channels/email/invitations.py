"""What an invitation says, for a mail that says nothing else (RFC 5545, 3.6.1)."""

import re

FOLD = re.compile(r"\n[ \t]")
PROPERTY = re.compile(r'^(SUMMARY|DTSTART|LOCATION|DESCRIPTION)((?:;(?:"[^"\n]*"|[^":\n])*)?):(.*)$', re.MULTILINE)
MOMENT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
ZONE = re.compile(r';TZID="?([^";:]+)')
ESCAPED = re.compile(r"\\([nN,;\\])")
MAX_CALENDAR = 100_000
"""Characters that are looked at."""


def read_invitation(calendar: str, subject: str = "") -> str:
    """What the first event is about, when and where, a line each; nothing where there is none. A mail's `subject` that
    says more than what it is about, as "Declined: Call", stands for that."""
    lines = FOLD.sub("", calendar[:MAX_CALENDAR])
    event = lines.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    found: dict[str, str] = {}
    for name, parameters, value in PROPERTY.findall(event):
        found.setdefault(name, _moment(value, parameters) if name == "DTSTART" else _plain(value))
    if found.get("SUMMARY") and found["SUMMARY"] in subject:
        found["SUMMARY"] = subject
    return "\n".join(found[each] for each in ("SUMMARY", "DTSTART", "LOCATION", "DESCRIPTION") if found.get(each))


def _plain(value: str) -> str:
    return ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def _moment(value: str, parameters: str) -> str:
    """`20261201T100000Z` as `2026-12-01 10:00 UTC`; another zone by the name it has there."""
    match = MOMENT.match(value.strip())
    if match is None:
        return value.strip()
    year, month, day, hour, minute, is_utc = match.groups()
    zone = ZONE.search(parameters)
    called = "UTC" if is_utc else zone[1] if zone else ""
    return " ".join(filter(None, (f"{year}-{month}-{day}", f"{hour}:{minute}" if hour else "", called)))
