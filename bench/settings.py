"""The product's settings as in production, without https, plus the floor and the count of queries. For the bench only."""

from optics.settings.base import *

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.counting.bench", *MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
