"""Addresses of the customer's pages. A token is read once and never stays in an address."""

from django.urls import path, re_path

from portal import approving, helping, paying, preferences, pushing, recalling, returning, views

app_name = "portal"

urlpatterns = [
    path("", views.find, name="find"),
    path("app.webmanifest", pushing.manifest, name="manifest"),
    path("sw.js", pushing.worker, name="worker"),
    path("notices/renewed/", pushing.renewed, name="notices_renewed"),
    path("order/<str:code>/", views.order, name="order"),
    path("order/<str:code>/problem/", helping.problem, name="problem"),
    path("order/<str:code>/problem/thanks/", helping.problem_thanks, name="problem_thanks"),
    path("order/<str:code>/receipt/", helping.receipt, name="receipt"),
    path("order/<str:code>/collect/", helping.collect, name="collect"),
    path("order/<str:code>/collect/shop/", helping.collect_at, name="collect_at"),
    path("order/<str:code>/privacy/", helping.privacy, name="privacy"),
    path("order/<str:code>/feedback/", helping.feedback, name="feedback"),
    path("order/<str:code>/thanks/", helping.thanks, name="thanks"),
    path("order/<str:code>/return/", returning.ask, name="return"),
    path("order/<str:code>/return/thanks/", returning.thanks, name="return_thanks"),
    path("order/<str:code>/return/slip/", returning.slip, name="return_slip"),
    path("order/<str:code>/return/keep/", returning.withdraw, name="return_keep"),
    path("order/<str:code>/details/", helping.details, name="details"),
    path("order/<str:code>/details/code/", helping.code, name="code"),
    path("order/<str:code>/details/invoice/", helping.invoice, name="invoice"),
    path("order/<str:code>/pay/", paying.pay, name="pay"),
    path("order/<str:code>/pay/<uuid:asked>/", paying.paid, name="paid"),
    path("order/<str:code>/pay/<uuid:asked>/page/", paying.pay_page, name="pay_page"),
    path("order/<str:code>/messages/", preferences.of_order, name="order_messages"),
    path("order/<str:code>/notices/", pushing.notices, name="notices"),
    path("order/<str:code>/notices/on/", pushing.on, name="notices_on"),
    path("order/<str:code>/notices/<int:pk>/off/", pushing.off, name="notices_off"),
    path("visit/<str:value>/", recalling.visit, name="visit"),
    path("messages/<str:value>/", preferences.preferences, name="preferences"),
    path("order/<str:code>/approve/", approving.approve, name="approve"),
    path("order/<str:code>/approve/no/", approving.decline, name="decline"),
    # A telephone often takes the full stop behind a link for a part of it.
    re_path(r"^(?P<token>[\w-]{1,64})[.,;:!?)\]]*/?$", views.enter, name="enter"),
    # With a slash at its end, so that Django still adds a missing one to the addresses above.
    re_path(r"^(?P<rest>.+)/$", views.nowhere, name="nowhere"),
]
