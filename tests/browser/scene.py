"""Puts the cast on the stage of a running server: `python -m tests.browser.scene`, in that server's environment.

Their policy is open at every hour, so that a clock says the same whenever the tests run.
"""

import django

REGION = """
[[region]]
key = "LV"
title = "Latvia"
tone = "Friendly and brief."
"""


def play_always_open() -> None:
    from answerable.core.policy import default_policy
    from answerable.policy.actions import load_version
    from tests.cast import play

    cast = play()
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    document = default_policy(time_zone="UTC", holidays=[], week={day: ["00:00-24:00"] for day in days})
    load_version(document + REGION, by=cast.ada, reason="Open at every hour.")


if __name__ == "__main__":
    django.setup()
    play_always_open()
