"""Whether the words on a colour can be read."""

import re

from answerable.channels.chat.models import COLOUR as COLOUR

PATTERN = re.compile(r"#[0-9a-f]{6}")
ENOUGH = 4.5
"""Success criterion 1.4.3 of WCAG 2.2."""


def contrast_with_white(colour: str) -> float:
    """Contrast ratio of #rrggbb with white, 1 to 21 (WCAG 2.2, definitions of contrast ratio, relative luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
