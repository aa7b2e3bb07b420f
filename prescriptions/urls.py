"""Addresses of prescriptions: by id, and new ones under the customer's number."""

from django.urls import path

from prescriptions.views import changing, exchange, outside, reading, tests, writing

app_name = "prescriptions"
urlpatterns = [
    path("", reading.index, name="list"),
    path("new/<str:number>/", writing.new, name="new"),
    path("check/<str:number>/", writing.check, name="check"),
    path("import/<str:number>/", exchange.take, name="import"),
    path("<int:pk>/fhir/<str:release>/", exchange.give, name="fhir"),
    path("outside/<str:number>/", outside.paper, name="outside"),
    path("tests/start/<str:number>/", tests.start, name="start_test"),
    path("tests/<int:pk>/", tests.show, name="test"),
    path("tests/<int:pk>/finish/", tests.finish, name="finish_test"),
    path("<int:pk>/", reading.show, name="page"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/discard/", writing.discard, name="discard"),
    path("<int:pk>/correct/", changing.correct, name="correct"),
    path("<int:pk>/correct/check/", changing.correct_check, name="correct_check"),
    path("<int:pk>/end/", changing.end, name="end"),
    path("<int:pk>/evidence/", changing.add_evidence, name="add_evidence"),
    path("<int:pk>/paper/", reading.paper, name="paper"),
]
