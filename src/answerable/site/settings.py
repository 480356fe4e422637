"""Settings, from the environment."""

import os
from pathlib import Path

from answerable.site.database import database_settings

DATA_DIR = Path(os.environ.get("ANSWERABLE_DATA", "var")).absolute()
SECRET_KEY = "replaced by the settings proper"  # noqa: S105
DATABASES = {"default": database_settings(os.environ, DATA_DIR)}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
USE_TZ = True
