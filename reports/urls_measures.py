"""Addresses of dashboards, measures and the rows behind them."""

from django.urls import path

from reports import views_measures as views

app_name = "measures"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("<slug:code>/", views.measure, name="measure"),
    path("<slug:code>/rows/", views.rows, name="rows"),
]
