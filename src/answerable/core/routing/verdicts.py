"""What is said of each person about one conversation: the first of these that is true, in this order."""

from enum import StrEnum


class Verdict(StrEnum):
    CHOSEN = "chosen"
    # Who may not.
    OTHER_TEAM = "other_team"
    NO_SKILL = "no_skill"
    NO_LANGUAGE = "no_language"
    # Who can not now.
    OFF = "off"
    AWAY = "away"
    BREAK = "break"
    ASKED = "asked"  # another offer waits for their word
    FULL = "full"  # has as many as the team lets one person have
    PASSED = "passed"  # was offered it a moment ago and did not take it
    # Who could, and somebody was better.
    FITS_LESS = "fits_less"
    GIVEN = "given"  # got more at this same moment
    IDLE_LESS = "idle_less"  # had something to do later than the one chosen
