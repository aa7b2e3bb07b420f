"""Addresses of orders: choosing and measuring, quotation and money. An order is addressed by its number."""

from django.urls import path

from orders.views import dispense

app_name = "orders"

urlpatterns = [
    path("start/", dispense.start, name="start"),
    path("<str:number>/dispense/", dispense.edit, name="dispense"),
    path("<str:number>/dispense/frame/", dispense.choose_frame, name="choose_frame"),
    path("<str:number>/dispense/frames/", dispense.search_frames, name="search_frames"),
    path("<str:number>/dispense/own-frame/", dispense.own_frame, name="own_frame"),
    path("<str:number>/dispense/tray/", dispense.tray, name="tray"),
    path("<str:number>/dispense/prescription/", dispense.choose_prescription, name="choose_prescription"),
    path("<str:number>/second-pair/", dispense.second_pair, name="second_pair"),
]
