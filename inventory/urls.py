"""Addresses of stock."""

from django.urls import path

from inventory.views import items, moves, opening

app_name = "inventory"

urlpatterns = [
    path("", items.index, name="list"),
    path("receive/", items.receive, name="receive"),
    path("items/<int:pk>/", items.show, name="item"),
    path("items/<int:pk>/correct/", items.correct, name="correct"),
    path("items/<int:pk>/minimum/", items.minimum, name="minimum"),
    path("held/<int:pk>/write-off/", items.write_off, name="write_off"),
    path("transfers/", moves.transfer_list, name="transfers"),
    path("transfers/<str:number>/", moves.transfer, name="transfer"),
    path("transfers/<str:number>/lines/<int:pk>/remove/", moves.transfer_line, name="transfer_line"),
    path("transfers/<str:number>/send/", moves.transfer_send, name="transfer_send"),
    path("transfers/<str:number>/cancel/", moves.transfer_cancel, name="transfer_cancel"),
    path("transfers/<str:number>/receive/", moves.transfer_receive, name="transfer_receive"),
    path("opening/", opening.index, name="openings"),
    path("opening/sample/", opening.sample, name="opening_sample"),
    path("opening/<str:number>/", opening.show, name="opening"),
    path("opening/<str:number>/decide/", opening.decide, name="opening_decide"),
    path("opening/<str:number>/apply/", opening.apply, name="opening_apply"),
    path("opening/<str:number>/take-back/", opening.take_back, name="opening_take_back"),
    path("opening/<str:number>/discard/", opening.discard, name="opening_discard"),
    path("opening/<str:number>/refused/", opening.refused, name="opening_refused"),
    path("counts/", moves.count_list, name="counts"),
    path("counts/<str:number>/", moves.count, name="count"),
    path("counts/<str:number>/post/", moves.count_post, name="count_post"),
    path("counts/<str:number>/cancel/", moves.count_cancel, name="count_cancel"),
]
