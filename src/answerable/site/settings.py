"""Every setting, in one file, from the environment, with defaults that are right for one machine.

ANSWERABLE_DATA      folder of everything kept: database, keys, unsent mail (default ~/.answerable)
DATABASE_URL         your own PostgreSQL 15 or newer (default: an embedded one in ANSWERABLE_DATA)
ANSWERABLE_URL       the address people reach this server by (default http://localhost:8000)
ANSWERABLE_MAIL_HOST where the mail listener listens (default 127.0.0.1)
ANSWERABLE_SMTP_PORT, ANSWERABLE_LMTP_PORT   its ports (default 8025 and 8024)
ANSWERABLE_DEBUG     1 while developing: pages of errors, the style guide
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from answerable.site.database import data_directory, database_settings
from answerable.site.secrets import load_secrets

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = data_directory(os.environ)
SECRETS = load_secrets(DATA_DIR)

SITE_URL = os.environ.get("ANSWERABLE_URL", "http://localhost:8000").rstrip("/")
BEHIND_TLS = SITE_URL.startswith("https://")
DEBUG = os.environ.get("ANSWERABLE_DEBUG") == "1"
SECRET_KEY = SECRETS.django
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "answerable.web",
    "answerable.events",
    "answerable.people",
    "answerable.customers",
    "answerable.policy",
    "answerable.desk",
    "answerable.channels.email",
    "answerable.feedback",
    "answerable.insight",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "answerable.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "answerable.people.middleware.PersonalLocale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "answerable.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

FORM_RENDERER = "answerable.web.forms.Renderer"

DATABASES = {"default": database_settings(os.environ, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "answerable.people.accounts.Accounts"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
MFA_TOTP_ISSUER = "Answerable"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("lv", _("Latvian")), ("ka", _("Georgian")), ("kk", _("Kazakh"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

MAIL_HOST = os.environ.get("ANSWERABLE_MAIL_HOST", "127.0.0.1")
SMTP_PORT = int(os.environ.get("ANSWERABLE_SMTP_PORT", "8025"))
LMTP_PORT = int(os.environ.get("ANSWERABLE_LMTP_PORT", "8024"))

# What other apps do about events: verb -> functions. One page, in site/reactions.py.
REACTIONS = "answerable.site.reactions.REACTIONS"
# Channels that carry messages out, by the name an inbox has: one line adds a channel.
CHANNELS = {"email": "answerable.channels.email.adapter.EmailAdapter"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}},
}
