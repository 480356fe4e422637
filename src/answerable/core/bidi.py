"""Words of others among ours: what they begin with must not turn around what stands after them."""

TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Embeddings, overrides and isolates (Unicode Standard Annex 9, 2.1 to 2.5). Without them a text still has the
direction of its letters."""


def unturned(text: str) -> str:
    """A name or a heading without the characters that set a direction by force: "Invoice \u202egnp.exe" would be read
    as "Invoice exe.png", and turn the rest of its line around."""
    return text if text.isascii() else text.translate(TURNING)
