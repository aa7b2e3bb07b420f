"""The WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "optics.settings.local")
application = get_wsgi_application()
# Every address is read now, with the code behind it: no request waits for that, and the collector leaves it alone, too.
get_resolver().url_patterns  # noqa: B018
# What the start has made lives as long as the process: the garbage collector need not look through it again and again.
gc.collect()
gc.freeze()
