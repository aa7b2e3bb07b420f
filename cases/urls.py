"""Addresses of cases, by number."""

from django.urls import path

from cases import views

app_name = "cases"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("open/<str:record_type>/<int:record_id>/", views.open_by_hand, name="open"),
    path("<str:number>/", views.show, name="page"),
    path("<str:number>/assign/", views.assign, name="assign"),
    path("<str:number>/take/", views.take, name="take"),
    path("<str:number>/note/", views.note, name="note"),
    path("<str:number>/cause/", views.code, name="code"),
    path("<str:number>/ask/", views.ask, name="ask"),
    path("<str:number>/decide/", views.approve, name="decide"),
    path("<str:number>/tick/<slug:item>/", views.tick, name="tick"),
    path("<str:number>/close/", views.close, name="close"),
]
