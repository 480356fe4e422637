"""The least a page can cost here: Django with nothing around the view, on the product's own server and bridge.

    python -m benchmarks.floor PORT      with ANSWERABLE_DATA naming a database that runs

/empty/ answers nothing, /row/ reads one conversation by its key.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.floor"

from answerable.site.database import database_settings

DEBUG = False
SECRET_KEY = "the floor keeps no secret"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.floor"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
USE_TZ = True
DATABASES = {"default": database_settings({}, Path(os.environ.get("ANSWERABLE_DATA", "/nowhere")))}

from django.db import connection  # noqa: E402 - the settings stand above
from django.http import HttpRequest, HttpResponse  # noqa: E402 - the settings stand above
from django.urls import path  # noqa: E402 - the settings stand above


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing")


def row(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, subject, status, last_message_at FROM desk_conversation WHERE id = %s", [1])
        return HttpResponse(str(cursor.fetchone()))


urlpatterns = [path("empty/", empty), path("row/", row)]


def main(port: int) -> None:
    import multiprocessing

    from django.core.wsgi import get_wsgi_application
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from answerable.site.bridge import Bridge
    from answerable.site.processes import BACKLOG, WORKERS

    wsgi = get_wsgi_application()
    multiprocessing.set_start_method("fork", force=True)

    def load(_target: str) -> Bridge:
        return Bridge(wsgi, 8)

    server = Server(
        "benchmarks.floor:application",
        port=port,
        interface=Interfaces.ASGINL,
        workers=WORKERS,
        backlog=BACKLOG,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=load)


if __name__ == "__main__":
    main(int(sys.argv[1]))
