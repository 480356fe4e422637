"""The process that makes one forecast: `python -m answerable.insight.staffing.process NUMBER`."""

import os
import select
import sys

import django


def _starter_is_gone() -> bool:
    """Whether the process that started us has ended: its end of our standard input is closed then."""
    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(ready)


def main() -> None:
    """Make it. What nobody expected ends with a traceback in the log, and an exit code that is not 0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")
    django.setup()
    from answerable.insight.staffing.running import run

    run(int(sys.argv[1]), is_orphan=_starter_is_gone)


if __name__ == "__main__":
    main()
