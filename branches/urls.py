"""Branch and staff pages."""

from django.urls import path

from branches.views import branch, profile

app_name = "branches"

urlpatterns = [
    path("branch/", branch.choose, name="choose"),
    path("branch/switch/", branch.switch, name="switch"),
    path("branch/none/", branch.none, name="none"),
    path("profile/", profile.edit, name="profile"),
]
