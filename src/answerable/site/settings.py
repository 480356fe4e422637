"""Every setting, in one file, from the environment, with defaults that are right for one machine.

ANSWERABLE_DATA      folder of everything kept: database, keys, unsent mail (default ~/.answerable)
DATABASE_URL         your own PostgreSQL 15 or newer (default: an embedded one in ANSWERABLE_DATA)
ANSWERABLE_URL       the address people reach this server by, with nothing after the host (default http://localhost:8000)
ANSWERABLE_MAIL_HOST where the mail listener listens (default 127.0.0.1)
ANSWERABLE_SMTP_PORT, ANSWERABLE_LMTP_PORT   its ports (default 8025 and 8024)
ANSWERABLE_MAIL_AUTHSERV   the name by which your own mail server in front signs its checks of senders (default none)
ANSWERABLE_OUTWARD_HOSTS   hosts of your own network that webhooks may tell, as host or host:port, separated by commas;
                     everything else must be on the open internet, and speak HTTPS (default none)
ANSWERABLE_TRANSLATION_URL, ANSWERABLE_TRANSLATION_KEY   a server that speaks LibreTranslate's protocol (default none)
ANSWERABLE_DEBUG     1 while developing: pages of errors, the style guide
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from answerable.site.address import site_url
from answerable.site.database import data_directory, database_settings
from answerable.site.secrets import load_secrets

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = data_directory(os.environ)
SECRETS = load_secrets(DATA_DIR)
# Where answers are written while no relay takes them.
UNSENT_DIR = DATA_DIR / "outgoing"

SITE_URL = site_url(os.environ)
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
    "answerable.knowledge",
    "answerable.desk",
    "answerable.channels.email",
    "answerable.channels.form",
    "answerable.channels.chat",
    "answerable.channels.instant",
    "answerable.feedback",
    "answerable.insight",
    "answerable.api",
    "answerable.api.webhooks",
    "answerable.imports",
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
    "answerable.web.letters.Letters",
    "answerable.api.door.Door",  # what stands below /api/ goes no further: it knows neither sessions nor forms
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "answerable.site.welcome.gate.UntilSetUp",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "answerable.people.middleware.SignedIn",  # pages for customers: @login_not_required
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
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "answerable.people.context.company",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

FORM_RENDERER = "answerable.web.forms.Renderer"

DATABASES = {"default": database_settings(os.environ, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["answerable.people.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Shared by all processes, so that attempts to sign in are counted together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 24 * 3600
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_TLS else 0
ACCOUNT_ADAPTER = "answerable.people.accounts.Accounts"
ACCOUNT_FORMS = {
    "login": "answerable.people.forms.sign_in.SignInForm",
    "reset_password": "answerable.people.forms.sign_in.ForgottenPasswordForm",
    "reset_password_from_key": "answerable.people.forms.sign_in.NewPasswordForm",
    "change_password": "answerable.people.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "answerable.people.forms.sign_in.PasswordAgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/5m/ip,5/5m/key",
    "promise_comment": "6/h/ip",
    "form": "20/h/ip,6/h/key",  # by the address that answers would go to
    "requests_link": "20/h/ip,4/h/key",
    "request_reply": "30/h/key",  # by contact
    "judgement": "60/h/ip",  # of articles
    "chat_visitor": "40/h/ip",  # those who write for the first time
    "chat_letter": "10/h/ip,6/h/key",
    "chat_code": "20/h/ip,4/h/key",
    "chat_identity": "120/h/ip",
    "chat_rating": "30/h/key",  # by visitor
}
MFA_ADAPTER = "answerable.people.accounts.SecondFactors"
MFA_FORMS = {
    "authenticate": "answerable.people.forms.sign_in.CodeForm",
    "reauthenticate": "answerable.people.forms.sign_in.CodeAgainForm",
    "activate_totp": "answerable.people.forms.sign_in.ActivateAppForm",
    "add_webauthn": "answerable.people.forms.sign_in.AddPasskeyForm",
    "login_webauthn": "answerable.people.forms.sign_in.PasskeySignInForm",
    "authenticate_webauthn": "answerable.people.forms.sign_in.PasskeyForm",
    "reauthenticate_webauthn": "answerable.people.forms.sign_in.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # whoever invited them has vouched for the address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
MFA_TOTP_ISSUER = "Answerable"
MFA_TOTP_TOLERANCE = 1  # clocks differ: the code before and the code after are good, too
USERSESSIONS_TRACK_ACTIVITY = False

# The system's own mail (invitations, forgotten passwords) goes the way answers go.
EMAIL_BACKEND = "answerable.channels.email.backend.RelayBackend"
DEFAULT_FROM_EMAIL = f"Answerable <answerable@{urlsplit(SITE_URL).hostname or 'localhost'}>"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_ENGINE = "answerable.people.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "en"
# Each in its own words: who can read a language finds it.
LANGUAGES = [("en", "English"), ("lv", "Latviešu"), ("ka", "ქართული"), ("kk", "Қазақша")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

TRANSLATION_URL = os.environ.get("ANSWERABLE_TRANSLATION_URL", "")
TRANSLATION_KEY = os.environ.get("ANSWERABLE_TRANSLATION_KEY", "")
MAIL_HOST = os.environ.get("ANSWERABLE_MAIL_HOST", "127.0.0.1")
SMTP_PORT = int(os.environ.get("ANSWERABLE_SMTP_PORT", "8025"))
LMTP_PORT = int(os.environ.get("ANSWERABLE_LMTP_PORT", "8024"))
OUTWARD_HOSTS = frozenset(os.environ.get("ANSWERABLE_OUTWARD_HOSTS", "").lower().replace(",", " ").split())
MAIL_AUTHSERV = os.environ.get("ANSWERABLE_MAIL_AUTHSERV", "")

# What other apps do about events: verb -> functions. One page, in site/reactions.py.
REACTIONS = "answerable.site.reactions.REACTIONS"
# Modules with jobs.
PROCRASTINATE_IMPORT_PATHS = [
    "answerable.api.webhooks.jobs",
    "answerable.channels.email.jobs",
    "answerable.channels.form.jobs",
    "answerable.channels.chat.jobs",
    "answerable.channels.instant.jobs",
    "answerable.desk.jobs",
    "answerable.imports.jobs",
    "answerable.insight.jobs",
    "answerable.people.jobs",
    "answerable.policy.jobs",
    "answerable.site.demo.jobs",
]
# Channels that carry messages out, by the name an inbox has: one line adds a channel.
CHANNELS = {
    "email": "answerable.channels.email.adapter.EmailAdapter",
    "chat": "answerable.channels.chat.adapter.ChatAdapter",
    "matrix": "answerable.channels.matrix.adapter.MatrixMessenger",
    "telegram": "answerable.channels.telegram.adapter.TelegramMessenger",
    "whatsapp": "answerable.channels.whatsapp.adapter.WhatsAppMessenger",
}
# Channels that only take in, and those that carry their answers.
ANSWERED_BY = {"form": "email", "api": "email", "phone": "email"}
# Channels at whose other end the customer has a page open: what is sent there is there, with no time to take it back.
ANSWERED_AT_ONCE = ("chat",)
# Who is at the other end, writes or has gone, above the box to answer in: the name of an address, by channel.
CORRESPONDENTS = {
    "chat": "chat_visitor",
    **dict.fromkeys(("matrix", "telegram", "whatsapp"), "messenger_correspondent"),
}
# Where customers may write to us, as the help centre links it: a language -> an address, or nothing.
WRITE_TO_US = "answerable.channels.form.addresses.where_to_write"
# Doors to live streams: address -> a function that says who knocks (events/live/reader.py).
LIVE_DOORS = {
    "/live/events": "answerable.events.live.staff.reader_of",
    "/live/chat": "answerable.channels.chat.visitors.reader_of",
}
# Who has a page open: told twice a minute by the live streams, which know nothing of people.
CONNECTED = "answerable.people.actions.attendance.note_connected"
# What makes a mail's HTML harmless. It stands above the desk, which shows it, so it is named here.
HTML_CLEANER = "answerable.channels.email.sanitise.sanitise"
# What makes harmless what staff have formatted.
HTML_WRITTEN = "answerable.channels.email.written.written"
# Where addresses that only the customer may use begin: staff, and logs, see them without
# their keys (desk/sealed.py).
SEALED_PATHS = ("ratings", "tests", "requests/entrance")
# What colleagues' words may be about. Both stand above people, whose words they are.
CONVERSATION_TITLES = "answerable.desk.titles.titles_of"
POLICY_OBJECTIVES = "answerable.policy.sentences.objectives_in_force"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "answerable.site.log.Sealed", "format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"worth": {"()": "answerable.site.log.Worth"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["worth"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # aiosmtpd's mail.log writes every line of every conversation down, passwords of signing in included. A pool says
    # with each attempt that the database is away, which whoever asks for a connection says, too.
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "mail.log": {"level": "ERROR"},
        "psycopg.pool": {"level": "ERROR"},
    },
}
