"""Addresses of the laboratory and the hand-over: jobs by their number, collection by the order's."""

from django.urls import path

from labjobs.views import board, handover, jobs, quality, release

app_name = "labjobs"
urlpatterns = [
    path("", board.board, name="board"),
    path("scan/", board.scan, name="scan"),
    path("move/", board.move_by_key, name="move_by_key"),
    path("new-date/", board.new_date, name="new_date"),
    path("release/<str:number>/", release.show, name="release"),
    path("collect/", handover.find, name="find"),
    path("collect/<str:number>/", handover.collect, name="collect"),
    path("jobs/<str:number>/", jobs.show, name="job"),
    path("jobs/<str:number>/advance/", jobs.advance, name="advance"),
    path("jobs/<str:number>/move/", jobs.move, name="move"),
    path("jobs/<str:number>/hold/", jobs.hold, name="hold"),
    path("jobs/<str:number>/resume/", jobs.resume, name="resume"),
    path("jobs/<str:number>/cancel/", jobs.cancel, name="cancel"),
    path("jobs/<str:number>/new-values/", jobs.renew, name="renew"),
    path("jobs/<str:number>/send-back/", jobs.send_back, name="send_back"),
    path("jobs/<str:number>/quality/", quality.check, name="quality"),
    path("jobs/<str:number>/rework/", quality.rework, name="rework"),
    path("jobs/<str:number>/override/", quality.override, name="override"),
    path("jobs/<str:number>/fitting/", handover.fitting, name="fitting"),
]
