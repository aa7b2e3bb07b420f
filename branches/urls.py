"""Branch and staff pages."""

from django.urls import path

from branches.views import branch, desk, profile, sessions

app_name = "branches"

urlpatterns = [
    path("branch/", branch.choose, name="choose"),
    path("branch/switch/", branch.switch, name="switch"),
    path("branch/none/", branch.none, name="none"),
    path("lock/", desk.lock, name="lock"),
    path("locked/", desk.locked, name="locked"),
    path("unlock/", desk.unlock, name="unlock"),
    path("awake/", desk.awake, name="awake"),
    path("profile/sessions/", sessions.show, name="sessions"),
    path("profile/sessions/<int:pk>/end/", sessions.end, name="end_session"),
    path("profile/", profile.edit, name="profile"),
]
