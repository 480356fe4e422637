"""Message identifiers (RFC 5322, 3.6.4), kept without their angle brackets."""

import re

MAX_LENGTH = 998
MAX_REFERENCES = 100
BRACKETED = re.compile(rb"<([^<>]*)>")


def read_identifiers(raw: bytes) -> tuple[str, ...]:
    """All identifiers in a header, in order, each once. Empty ones are dropped: they would match anything.

    Without brackets a word is taken when it has an @, as some mailers write. At most MAX_REFERENCES are
    kept: the first, which began the thread, and the newest.
    """
    found = BRACKETED.findall(raw)
    loose = BRACKETED.sub(b" ", raw).replace(b"<", b" ").replace(b">", b" ").split()
    found += [word.strip(b",;\"'") for word in loose if b"@" in word]
    clean = dict.fromkeys(text for each in found if (text := _normal(each)))
    identifiers = tuple(clean)
    if len(identifiers) > MAX_REFERENCES:
        return identifiers[:1] + identifiers[1 - MAX_REFERENCES :]
    return identifiers


def read_identifier(raw: bytes | None) -> str | None:
    """The one identifier of a Message-ID header; None when it is missing, empty or nothing but brackets."""
    if raw is None:
        return None
    found = read_identifiers(raw)
    if found:
        return found[0]
    word = raw.replace(b"<", b" ").replace(b">", b" ").split()
    return (_normal(word[0]) or None) if word else None


def _normal(raw: bytes) -> str:
    text = b"".join(raw.split()).decode("utf-8", "replace").replace("\x00", "")
    return text[:MAX_LENGTH] if text.isprintable() else ""
