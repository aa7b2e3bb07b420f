"""Addresses of shipping: parcels by their number, packing by the order's."""

from django.urls import path

from shipping.views import pack, parcels, settings

app_name = "shipping"
urlpatterns = [
    path("", parcels.index, name="list"),
    path("ready/", pack.ready, name="ready"),
    path("report/", parcels.report_page, name="report"),
    path("pack/<str:number>/", pack.pack, name="pack"),
    path("carriers/", settings.carriers, name="carriers"),
    path("carriers/new/", settings.carrier_new, name="carrier_new"),
    path("carriers/<slug:code>/", settings.carrier, name="carrier"),
    path("doors/", settings.doors, name="doors"),
    path("doors/<int:pk>/secret/", settings.door_renew, name="door_renew"),
    path("doors/<int:pk>/switch/", settings.door_switch, name="door_switch"),
    path("words/", settings.words, name="words"),
    path("words/<int:pk>/", settings.word, name="word"),
    path("parcels/<str:number>/", parcels.show, name="shipment"),
    path("parcels/<str:number>/hand-over/", parcels.hand_over, name="hand_over"),
    path("parcels/<str:number>/unpack/", parcels.unpack, name="unpack"),
    path("parcels/<str:number>/says/", parcels.say, name="say"),
    path("parcels/<str:number>/change/", parcels.change, name="change"),
    path("parcels/<str:number>/address/", parcels.readdress, name="readdress"),
    path("parcels/<str:number>/<slug:kind>/", parcels.paper, name="paper"),
    path("parcels/<str:number>/<slug:kind>.pdf", parcels.paper_pdf, name="paper_pdf"),
]
