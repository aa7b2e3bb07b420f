"""Branch and staff pages."""

from django.urls import path

from branches.views import branch, closing, desk, profile, rooms, sessions, settings, setup, staff

app_name = "branches"

urlpatterns = [
    path("setup/", setup.begin, name="setup"),
    path("branch/", branch.choose, name="choose"),
    path("branch/switch/", branch.switch, name="switch"),
    path("branch/none/", branch.none, name="none"),
    path("lock/", desk.lock, name="lock"),
    path("locked/", desk.locked, name="locked"),
    path("unlock/", desk.unlock, name="unlock"),
    path("awake/", desk.awake, name="awake"),
    path("profile/", profile.edit, name="profile"),
    path("profile/pin/", profile.pin, name="pin"),
    path("profile/sessions/", sessions.show, name="sessions"),
    path("profile/sessions/<int:pk>/end/", sessions.end, name="end_session"),
    path("settings/", settings.index, name="settings"),
    path("settings/first-steps/", settings.first_steps, name="first_steps"),
    path("settings/practice/", settings.practice, name="practice"),
    path("settings/branches/", settings.branches, name="branches"),
    path("settings/branches/new/", settings.add_branch, name="add_branch"),
    path("settings/branches/<int:pk>/", settings.branch, name="branch"),
    path("settings/branches/<int:pk>/close/", closing.close, name="close_branch"),
    path("settings/branches/<int:pk>/open/", closing.open_again, name="open_branch"),
    path("settings/rooms/", rooms.index, name="rooms"),
    path("settings/rooms/<int:pk>/", rooms.room, name="room"),
    path("settings/computers/", settings.computers, name="computers"),
    path("settings/computers/<int:pk>/retire/", settings.retire_computer, name="retire_computer"),
    path("settings/staff/", staff.index, name="staff"),
    path("settings/staff/new/", staff.add, name="add_staff"),
    path("settings/staff/<int:pk>/", staff.person, name="person"),
    path("settings/staff/<int:pk>/roles/<int:membership>/take/", staff.take_role, name="take_role"),
    path("settings/staff/<int:pk>/switch/", staff.switch, name="switch_person"),
    path("settings/staff/<int:pk>/link/", staff.send_link, name="send_link"),
    path("settings/roles/", staff.roles, name="roles"),
]
