"""The shell: first page, search, help, notices, theme. No namespace: every template links here."""

from django.urls import path

from branches.views import shell

urlpatterns = [
    path("", shell.home, name="home"),
    path("find/", shell.find, name="find"),
    path("scan/", shell.scan, name="scan"),
    path("keys/", shell.keys, name="keys"),
    path("ping/", shell.awake_ping, name="awake_ping"),
    path("notices/", shell.notices, name="notices"),
    path("help/", shell.help_page, name="help"),
    path("help/components/", shell.components, name="components"),
    path("theme/", shell.theme, name="theme"),
]
