"""Work that takes long and much memory, in a process of its own that takes its memory with it and ends with us.

python -m answerable.insight.child answerable.insight.rehearsing.running 42      does what stands in row 42
"""

import os
import select
import subprocess
import sys
from importlib import import_module

import django


def done_by_a_child(module: str, pk: int) -> bool:
    """Have `module`'s `run` do what a row asks for, and wait. False: it ended as nobody expected; the log says how."""
    command = [sys.executable, "-m", "answerable.insight.child", module, str(pk)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        return child.wait() == 0


def _starter_is_gone() -> bool:
    """Whether the process that started us has ended: its end of our standard input is closed then."""
    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(ready)


def main() -> None:
    """Do it. What nobody expected ends with a traceback in the log, and an exit code that is not 0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")
    django.setup()
    module, pk = sys.argv[1:]
    import_module(module).run(int(pk), is_orphan=_starter_is_gone)


if __name__ == "__main__":
    main()
