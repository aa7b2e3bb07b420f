"""Settings of the test run: the real Postgres and Valkey, quick password hashing, static files unhashed."""

from optics.settings.base import *

SECRET_KEY = "for-tests-only-and-nowhere-else-0123456789"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
SHELL_CACHE_SECONDS = 0
PAYMENT_GATEWAY = "stand-in"
