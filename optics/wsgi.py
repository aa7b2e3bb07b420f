"""The WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "optics.settings.local")
application = get_wsgi_application()
# What the start has made lives as long as the process: the garbage collector need not look through it again and again.
gc.collect()
gc.freeze()
