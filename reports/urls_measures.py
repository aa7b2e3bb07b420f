"""Addresses of dashboards, measures and the rows behind them."""

from django.urls import path

from reports import views_measures as views
from reports import views_roles

app_name = "measures"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("mine/", views_roles.mine, name="mine"),
    path("mine/<slug:code>/", views_roles.mine_rows, name="mine_rows"),
    path("rebuild/", views_roles.rebuild, name="rebuild"),
    path("laboratory/", views_roles.lab, name="lab"),
    path("laboratory/<str:lab_code>/<slug:code>/", views_roles.lab_rows, name="lab_rows"),
    path("<slug:code>/", views.measure, name="measure"),
    path("<slug:code>/rows/", views.rows, name="rows"),
    path("<slug:code>/target/", views_roles.target, name="target"),
]
