from django.urls import path, re_path

from portal import views

app_name = "portal"

urlpatterns = [
    path("", views.find, name="find"),
    path("order/<str:code>/", views.order, name="order"),
    re_path(r"^(?P<token>[\w-]{22})/?$", views.enter, name="enter"),
]
