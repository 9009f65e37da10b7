"""Everything that can be set, from the environment. Embedded by default: SQLite, one process, nothing else to install.

`DATABASE_URL` switches to PostgreSQL and `REDIS_URL` to Redis. The README lists every variable.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config import files, keys, languages
from config.logs import logging_config
from config.unfold import UNFOLD as UNFOLD

# Before anything imports litellm: otherwise its import goes to the network for a price list.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- Where things are kept, and the secrets ---------------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).expanduser().resolve()
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or keys.read(DATA_DIR, keys.SECRET_KEY_FILE)
TOKEN_KEYS = [
    key.strip()
    for key in (env.str("TOKEN_KEYS", default="") or keys.read(DATA_DIR, keys.TOKEN_KEYS_FILE)).split(",")
    if key.strip()
]
if not SECRET_KEY:
    raise ImproperlyConfigured(
        f"There is no secret key. Set SECRET_KEY, or run `make run` once: it makes {DATA_DIR / keys.SECRET_KEY_FILE}."
    )

# --- Who may reach it -------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_HTTPS = env.bool("BEHIND_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

# --- Django -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "daphne",
    "config.apps.StudioConfig",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.StudioAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "rest_framework",
    "knox",
    "simple_history",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "ai_studio",
    "chat",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.csp.PathCSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.chosen_language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "config.form_rendering.FormRenderer"
LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = languages.of(BASE_DIR / "locale")
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- The database -----------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions take the write lock at BEGIN, where the busy time-out applies; a read that is
    # upgraded to a write in mid-transaction would fail at once.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Kept open: closing the last connection checkpoints the log, which would cost each request more than all its queries.
    _database["CONN_MAX_AGE"] = None
else:
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {
            "min_size": 2,
            "max_size": env.int("DATABASE_POOL_SIZE", default=20),
            # In seconds: how long one waits for a connection, and how long the pool tries to make one before it waits to be
            # asked again. The pauses between its attempts double, so with the default of five minutes a database that was
            # away for long is back for as long before anybody notices.
            "timeout": 6,
            "reconnect_timeout": 4,
        },
    }
    # Asked before each use: after a restart of the database, pooled connections are dead and do not know it.
    _database["CONN_HEALTH_CHECKS"] = True

# --- Redis: the channel layer and the cache ---------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
# In seconds. A Redis that hangs must not hang its clients: bells and cache can be done without.
_redis_patience = {"socket_timeout": 2, "socket_connect_timeout": 2}
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, **_redis_patience}], "prefix": "chat-studio"},
        }
    }
    CACHES = {
        "default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": REDIS_URL, "OPTIONS": _redis_patience}
    }
else:
    # The process hears all bells through one channel.
    _one_channel = {"BACKEND": "config.channel_layer.OneProcessChannelLayer", "CONFIG": {"capacity": 10_000}}
    CHANNEL_LAYERS = {"default": _one_channel}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Signing in -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "ai_studio.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=False)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="chat-studio@localhost")

# --- Files that people bring along ------------------------------------------------------------------------------------

FILES_URL = env.str("FILES_URL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "attachments": files.storage(FILES_URL, DATA_DIR / "files"),
}
FILE_MAX_MEGABYTES = env.int("FILE_MAX_MEGABYTES", default=20)
FILES_PER_PERSON_MEGABYTES = env.int("FILES_PER_PERSON_MEGABYTES", default=2000)
FILES_PER_MESSAGE = env.int("FILES_PER_MESSAGE", default=10)
LIBRARY_DOCUMENTS = env.int("LIBRARY_DOCUMENTS", default=100)
# Of a model's context window: what the documents of an agent's library may take of it in each prompt.
LIBRARY_CONTEXT_PERCENT = env.int("LIBRARY_CONTEXT_PERCENT", default=25)
# `package.module:function`, or a command such as `clamdscan --fdpass --no-summary`, which a file must pass before it is used.
FILE_SCANNER = env.str("FILE_SCANNER", default="").strip()

# --- The API ----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "chat.authentication.PageAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["chat.api.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "chat.api.errors.exception_handler",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Chat Studio",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAdminUser"],
}

# --- The page: static files and the content security policy -----------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None  # for collectstatic, where a web server takes over
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
# The page's own files carry hashes already (esbuild); the admin's are served as they are, from the packages.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# esbuild puts a hash into the name: such a file never changes.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[A-Z0-9]{8}\.\w+$"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "EXCLUDE_URL_PREFIXES": ("/api/docs/",),
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],  # /preview, which has a policy and an origin of its own
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["dompurify", "hljs", "'allow-duplicates'"],
    },
}

# --- Chat -------------------------------------------------------------------------------------------------------------

MESSAGE_MAX_CHARACTERS = env.int("MESSAGE_MAX_CHARACTERS", default=100_000)
SOCKETS_PER_USER = env.int("SOCKETS_PER_USER", default=50)
SENDS_PER_MINUTE = env.int("SENDS_PER_MINUTE", default=60)
DRAIN_SECONDS = env.int("DRAIN_SECONDS", default=15)
PROVIDER_CONNECT_SECONDS = env.int("PROVIDER_CONNECT_SECONDS", default=10)
# The longest silence of a provider, before the first token too: reasoning models think for minutes without a word.
PROVIDER_SILENCE_SECONDS = env.int("PROVIDER_SILENCE_SECONDS", default=180)
# Hosts, addresses and networks that a base URL may lead to although they are private; all others are refused.
PROVIDER_PRIVATE_HOSTS = env.list("PROVIDER_PRIVATE_HOSTS", default=[])
# How often in one answer a model may call tools, and how long one call may take.
TOOL_ROUNDS = env.int("TOOL_ROUNDS", default=8)
TOOL_SECONDS = env.int("TOOL_SECONDS", default=30)
# How long a deleted chat can be brought back. After that it is gone.
DELETED_KEPT_DAYS = env.int("DELETED_KEPT_DAYS", default=7)
# How long a temporary chat lives after its last activity.
TEMPORARY_KEPT_HOURS = env.int("TEMPORARY_KEPT_HOURS", default=24)
# The largest file of chats that can be imported, also of what is packed in it.
IMPORT_MAX_MEGABYTES = env.int("IMPORT_MAX_MEGABYTES", default=50)
TITLES = env.bool("TITLES", default=True)
MEMORY = env.bool("MEMORY", default=True)
SUMMARIES = env.bool("SUMMARIES", default=True)
SCHEDULES_PER_PERSON = env.int("SCHEDULES_PER_PERSON", default=50)

# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"), as_json=env.bool("LOG_JSON", default=not DEBUG))
