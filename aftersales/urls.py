"""Addresses of what comes after the sale: returns by their number, the policy, the answers of customers."""

from django.urls import path

from aftersales.views import feedback, policies, returns

app_name = "aftersales"
urlpatterns = [
    path("returns/", returns.index, name="list"),
    path("returns/scan/", returns.scan, name="scan"),
    path("returns/policy/", policies.index, name="policies"),
    path("returns/policy/new/", policies.new, name="policy_new"),
    path("returns/policy/<slug:code>/", policies.change, name="policy"),
    path("returns/ask/<str:number>/", returns.ask, name="ask"),
    path("returns/<str:number>/", returns.show, name="page"),
    path("returns/<str:number>/approve/", returns.approve, name="approve"),
    path("returns/<str:number>/decline/", returns.decline, name="decline"),
    path("returns/<str:number>/receive/", returns.receive, name="receive"),
    path("returns/<str:number>/inspect/", returns.inspect, name="inspect"),
    path("returns/<str:number>/refund/", returns.refund, name="refund"),
    path("returns/<str:number>/replace/", returns.replace, name="replace"),
    path("returns/<str:number>/withdraw/", returns.withdraw, name="withdraw"),
    path("returns/<str:number>/slip.pdf", returns.slip_pdf, name="slip_pdf"),
    path("returns/<str:number>/close/", returns.close, name="close"),
    path("feedback/", feedback.index, name="feedback"),
    path("feedback/when/", feedback.plan, name="feedback_plan"),
]
