"""Settings shared by every way of running the product. Each variable is documented in `.env.example`."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from optics import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR / ".data").resolve()

SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "simple_history",
    "template_partials",
    "core",
    "branches",
    "records",
    "cases",
    "customers",
    "catalogue",
    "visits",
    "prescriptions",
    "inventory",
    "orders",
    "labjobs",
    "shipping",
    "aftersales",
    "notifications",
    "portal",
    "reports",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "branches.views.setup.SetUpMiddleware",
    "branches.lock.LockMiddleware",
    "orders.kiosk.KioskMiddleware",
    "branches.middleware.ActorMiddleware",
    "records.looking.LookMiddleware",
    "core.middleware.RefusalMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.idempotency_header.IdempotencyHeaderMiddleware",
]

ROOT_URLCONF = "optics.urls"
FORM_RENDERER = "core.forms.Renderer"
CSRF_FAILURE_VIEW = "core.error_pages.csrf_failure"
WSGI_APPLICATION = "optics.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "branches.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "core.templatetags.ui"],
        },
    }
]

DATABASES = {
    "default": env.database(env.text("DATABASE_URL", "postgres:///optics"))
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
# Kept queries alone (`core.prepared`): the others carry their values in their text.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = env.number("DATABASE_PREPARE_AFTER", 5) or None
DATABASE_WEB_ROLE = env.text("DATABASE_WEB_ROLE")
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")

# The default cache keeps counters that guard log-in, so it lives in the database: losing Redis must not reset them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
SESSION_ENGINE = "branches.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTH_USER_MODEL = "branches.User"
AUTHENTICATION_BACKENDS = ["branches.login.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "branches.login.StaffAccountAdapter"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/15m/key,50/15m/ip"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("pt", _("Portuguese")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Errors go to the program's own output (`.data/logs/web.log`), wherever it runs. What a visitor asked for in vain does not.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"careful": {"()": "core.logs.Careful", "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"output": {"class": "logging.StreamHandler", "formatter": "careful"}},
    "root": {"handlers": ["output"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["output"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "optics.static.StaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "webp", "gif", "jpg", "jpeg", "gz", "br", "woff2")
MEDIA_ROOT = DATA_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False
SIMPLE_HISTORY_REVERT_DISABLED = True

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 1025)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "orders@practice.example")

# Receipts of an e-mail provider (django-anymail): `user:password`, which stands in the address it is told to call,
# https://user:password@<practice>/hooks/mail/<provider>/tracking/. Without it there is no such address.
ANYMAIL_WEBHOOK_SECRET = env.text("ANYMAIL_WEBHOOK_SECRET")

# SMS: `viewer` keeps them in the message log; `http` is any gateway that takes our signed JSON; `twilio` needs its extra.
SMS_ADAPTER = env.text("SMS_ADAPTER", "viewer")
SMS_SENDER = env.text("SMS_SENDER")
SMS_HTTP_URL = env.text("SMS_HTTP_URL")
SMS_HTTP_SECRET = env.text("SMS_HTTP_SECRET")
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN")
# Push notices: the key by which browsers know us (`manage.py make_push_key`; without it none are offered), a contact for
# the push services, and the hosts of those services that we send to.
VAPID_PRIVATE_KEY = env.text("VAPID_PRIVATE_KEY")
VAPID_CONTACT = env.text("VAPID_CONTACT")
PUSH_HOSTS = env.names(
    "PUSH_HOSTS",
    "fcm.googleapis.com,updates.push.services.mozilla.com,.push.services.mozilla.com,.notify.windows.com,.push.apple.com",
)
# Days after a hand-over to ask how it was.
FEEDBACK_AFTER_DAYS = env.number("FEEDBACK_AFTER_DAYS", 7)
# How long a message stays with a worker that gives no sign, and a factor on the waits between tries (1 is 20 s to 1 h).
MESSAGE_LEASE_SECONDS = env.number("MESSAGE_LEASE_SECONDS", 120)
MESSAGE_DELAY_SCALE = float(env.text("MESSAGE_DELAY_SCALE", "1"))
# Hours after which a declined online payment that nobody made good comes to a person.
DECLINED_PAYMENT_HOURS = env.number("DECLINED_PAYMENT_HOURS", 24)
# How long a provider that reports receipts may be silent before the next channel is tried; 0 never waits.
SMS_RECEIPT_MINUTES = env.number("SMS_RECEIPT_MINUTES", 60)
EMAIL_RECEIPT_MINUTES = env.number("EMAIL_RECEIPT_MINUTES", 240)
# By the customer's clock no SMS and no push notice in these hours; empty switches them off.
QUIET_HOURS = env.text("QUIET_HOURS", "20:00-08:00")

CELERY_BROKER_URL = env.broker(REDIS_URL)
CELERY_WORKER_AUTOSCALER = "optics.scaling:Patient"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", 20)
JOB_SWEEP_SECONDS = env.number("JOB_SWEEP_SECONDS", 15)
JOB_QUEUES = ["notify", "inbound", "docs", "default"]
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in JOB_QUEUES}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Waiting lives in the database (`not_before`), never in the broker, so no task is invisible for long.
    "visibility_timeout": 300,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
CELERY_TIMEZONE = "UTC"

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
    "EXCEPTION_HANDLER": "core.api.refusal",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Practice system for opticians",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "AppointmentKindEnum": "visits.models.AppointmentKind.choices",
        "PrescriptionKindEnum": "prescriptions.models.PrescriptionKind.choices",
        "ClaimStateEnum": "orders.models.ClaimState.choices",
        "OrderStateEnum": "orders.models.OrderState.choices",
        "ShipmentStateEnum": "shipping.models.ShipmentState.choices",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Online payment of a balance from the order's link: empty (not offered), `stripe`, or `stand-in` (no money moves).
PAYMENT_GATEWAY = env.text("PAYMENT_GATEWAY")
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRETS = env.names("STRIPE_WEBHOOK_SECRETS")

# The practice. One currency per installation; tax is by branch.
CURRENCY = env.text("CURRENCY", "ZAR")
DEFAULT_COUNTRY = env.text("DEFAULT_COUNTRY", "ZA")
# Above this amount a refund or correction needs a second person, whoever asks.
REFUND_ALONE_LIMIT = Decimal(env.text("REFUND_ALONE_LIMIT", "1000"))
# More rows than this need a second person; of personal data fewer. How long a finished file is kept.
EXPORT_ALONE_ROWS = env.number("EXPORT_ALONE_ROWS", 10_000)
EXPORT_ALONE_PERSONAL_ROWS = env.number("EXPORT_ALONE_PERSONAL_ROWS", 500)
EXPORT_KEPT_DAYS = env.number("EXPORT_KEPT_DAYS", 7)
# The largest file that a scheduled report or a month-end pack takes along in its mail; a larger one is fetched by the link.
REPORT_ATTACHED_BYTES = env.number("REPORT_ATTACHED_BYTES", 2_000_000)
# How long records are kept: years after the last visit, the age of a child, years of tax law, days of words in messages.
RETENTION_CLINICAL_YEARS = env.number("RETENTION_CLINICAL_YEARS", 10)
RETENTION_CHILD_UNTIL_AGE = env.number("RETENTION_CHILD_UNTIL_AGE", 25)
RETENTION_FINANCIAL_YEARS = env.number("RETENTION_FINANCIAL_YEARS", 5)
RETENTION_MESSAGE_DAYS = env.number("RETENTION_MESSAGE_DAYS", 90)
# How long it is known who opened whose record; the database keeps ninety days in any case.
RETENTION_LOOK_MONTHS = env.number("RETENTION_LOOK_MONTHS", 13)
DEFAULT_TIME_ZONE = env.text("DEFAULT_TIME_ZONE", "Africa/Johannesburg")

# Where the practice asks for a confirmation earlier than the trade's defaults (prescriptions/limits.py): a turned axis from
# 20 degrees on with a cylinder of 0.75, a change of 1.00 D, a prism above 5. A warning is confirmed, never refused.
PRESCRIPTION_LIMITS = {
    "change_cylinder_from": "0.75",
    "change_degrees": "19",
    "change_dioptres": "0.99",
    "prism_warning": "5",
}

# Modules outside the apps that write pages of docs/ (the apps' own `reference.py` are found by themselves).
REFERENCE_MODULES = ["optics.reference"]

SILENCED_SYSTEM_CHECKS: list[str] = []

# How old the counts beside the navigation may be.
SHELL_CACHE_SECONDS = 15
