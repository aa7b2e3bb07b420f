"""What the processes load: heavy things only where they are used."""

import subprocess
import sys

from runner.paths import PROJECT

CODE = """
import django, sys
django.setup()
import optics.urls, optics.wsgi
from optics.celery import app
app.loader.import_default_modules()
print([name for name in ("weasyprint", "stripe", "twilio", "playwright", "pytest") if name in sys.modules])
"""


def test_starting_web_worker_and_clock_needs_no_pango_and_no_test_tool() -> None:
    answer = subprocess.run([sys.executable, "-c", CODE], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout.strip()) == (0, "[]"), answer.stderr
